"""Suitability: a client's own wish for something above his level."""

import sqlalchemy as sa
from alembic import op

revision = "0030_over_level"
down_revision = "0022_tiers_and_club"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the table."""
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('over_level_request',
    sa.Column('id', key, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('assessment_id', key, nullable=False),
    sa.Column('service', sa.String(length=40), nullable=False),
    sa.Column('risk_class', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('holds_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', key, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.CheckConstraint("state = 'reading' OR confirmed_at IS NOT NULL", name=op.f('ck_over_level_request_confirmed')),
    sa.CheckConstraint("state IN ('reading', 'review', 'granted', 'rejected')", name=op.f('ck_over_level_request_state')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_over_level_request_assessment_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_over_level_request_client_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_over_level_request_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_over_level_request')),
    sa.UniqueConstraint('number', name=op.f('uq_over_level_request_number'))
    )
    op.create_index(op.f('ix_over_level_request_client_id'), 'over_level_request', ['client_id'], unique=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(op.f('ix_over_level_request_client_id'), table_name='over_level_request')
    op.drop_table('over_level_request')
