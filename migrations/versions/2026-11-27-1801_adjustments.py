"""Adjustments of points by staff."""

import sqlalchemy as sa
from alembic import op

revision = "0034_adjustments"
down_revision = "0033_catalogue_switch"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table('points_adjustment',
    sa.Column('id', key, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('reason_code', sa.String(length=24), nullable=False),
    sa.Column('public_text', sa.String(length=200), nullable=False),
    sa.Column('staff_note', sa.String(length=400), nullable=True),
    sa.Column('needs_two', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('proposed_by', key, nullable=False),
    sa.Column('proposed_by_name', sa.String(length=60), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', key, nullable=True),
    sa.Column('decided_by_name', sa.String(length=60), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name=op.f('ck_points_adjustment_decided')),
    sa.CheckConstraint("NOT needs_two OR state <> 'posted' OR decided_by <> proposed_by", name=op.f('ck_points_adjustment_two_signatures')),
    sa.CheckConstraint("state IN ('proposed', 'posted', 'rejected')", name=op.f('ck_points_adjustment_known_state')),
    sa.CheckConstraint('points <> 0', name=op.f('ck_points_adjustment_points')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_points_adjustment_client_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_points_adjustment_decided_by')),
    sa.ForeignKeyConstraint(['proposed_by'], ['identity_user.id'], name=op.f('fk_points_adjustment_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_adjustment')),
    sa.UniqueConstraint('number', name=op.f('uq_points_adjustment_number')),
    sa.UniqueConstraint('request_key', name=op.f('uq_points_adjustment_request_key'))
    )
    op.create_index(op.f('ix_points_adjustment_proposed_by_proposed_at'), 'points_adjustment', ['proposed_by', 'proposed_at'], unique=False)
    op.create_index(op.f('ix_points_adjustment_state_proposed_at'), 'points_adjustment', ['state', 'proposed_at'], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_points_adjustment_state_proposed_at'), table_name='points_adjustment')
    op.drop_index(op.f('ix_points_adjustment_proposed_by_proposed_at'), table_name='points_adjustment')
    op.drop_table('points_adjustment')
