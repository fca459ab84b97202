"""A year's notice of working and trading days, brought by one person and confirmed by another."""

import sqlalchemy as sa
from alembic import op

revision = "0071_calendar_notices"
down_revision = "0070_escalations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the table."""
    op.create_table('desk_calendar_notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('days', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('proposed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_desk_calendar_notice_decided')),
    sa.CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name=op.f('ck_desk_calendar_notice_four_eyes')),
    sa.CheckConstraint("state IN ('proposed', 'confirmed', 'refused')", name=op.f('ck_desk_calendar_notice_state')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_desk_calendar_notice_decided_by')),
    sa.ForeignKeyConstraint(['proposed_by'], ['identity_user.id'], name=op.f('fk_desk_calendar_notice_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_calendar_notice'))
    )
    op.create_index('ix_desk_calendar_notice_waiting', 'desk_calendar_notice', ['year'], unique=True, sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'"))


def downgrade() -> None:
    """Take it away."""
    op.drop_table('desk_calendar_notice')
