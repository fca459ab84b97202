"""The first tables of queues."""

import sqlalchemy as sa
from alembic import op

revision = "0004_queues"
down_revision = "0003_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('queue_claim',
    sa.Column('queue', sa.String(length=24), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_name', sa.String(length=60), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('claimed_at < lease_until', name=op.f('ck_queue_claim_has_lease')),
    sa.PrimaryKeyConstraint('queue', 'item_id', name=op.f('pk_queue_claim'))
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table('queue_claim')
