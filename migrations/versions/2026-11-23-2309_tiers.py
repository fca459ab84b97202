"""The first tables of tiers."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0010_tiers"
down_revision = "0009_points"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('client_tier_period',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tier', sa.String(length=8), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("tier IN ('normal', 'silver', 'gold', 'platinum')", name=op.f('ck_client_tier_period_known_tier')),
    sa.CheckConstraint('valid_from < valid_to', name=op.f('ck_client_tier_period_has_days')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_tier_period_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_tier_period')),
    sa.UniqueConstraint('client_id', 'valid_from', name=op.f('uq_client_tier_period_client_id_valid_from')),
    info={'immutable': True}
    )
    only_grows(op, "client_tier_period")


def downgrade() -> None:
    """Take them away."""
    op.drop_table('client_tier_period')
    drop_guard(op, "client_tier_period")
