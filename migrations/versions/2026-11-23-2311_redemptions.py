"""The first tables of redemptions."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0012_redemptions"
down_revision = "0011_products"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('redemption',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hold_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('checks', sa.Text(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times_out_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('endorsed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('subscription_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("state IN ('requested', 'endorsed', 'approved', 'fulfilled', 'rejected', 'cancelled', 'timed_out', 'failed')", name=op.f('ck_redemption_state')),
    sa.CheckConstraint('decided_by <> endorsed_by', name=op.f('ck_redemption_four_eyes')),
    sa.CheckConstraint('points > 0', name=op.f('ck_redemption_points')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_redemption_client_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_redemption_decided_by')),
    sa.ForeignKeyConstraint(['endorsed_by'], ['identity_user.id'], name=op.f('fk_redemption_endorsed_by')),
    sa.ForeignKeyConstraint(['hold_id'], ['points_hold.id'], name=op.f('fk_redemption_hold_id')),
    sa.ForeignKeyConstraint(['item_version_id'], ['catalog_item_version.id'], name=op.f('fk_redemption_item_version_id')),
    sa.ForeignKeyConstraint(['subscription_id'], ['sms_subscription.id'], name=op.f('fk_redemption_subscription_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemption')),
    sa.UniqueConstraint('client_id', 'request_key', name=op.f('uq_redemption_client_id_request_key')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_redemption_hold_id')),
    sa.UniqueConstraint('number', name=op.f('uq_redemption_number'))
    )
    op.create_index(op.f('ix_redemption_client_id_requested_at'), 'redemption', ['client_id', 'requested_at'], unique=False)
    op.create_index(op.f('ix_redemption_state_promised_at'), 'redemption', ['state', 'promised_at'], unique=False)
    op.create_table('redemption_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('redemption_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_state', sa.String(length=16), nullable=True),
    sa.Column('to_state', sa.String(length=16), nullable=False),
    sa.Column('verb', sa.String(length=16), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['redemption_id'], ['redemption.id'], name=op.f('fk_redemption_event_redemption_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemption_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_redemption_event_redemption_id'), 'redemption_event', ['redemption_id'], unique=False)
    only_grows(op, "redemption_event")


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_redemption_event_redemption_id'), table_name='redemption_event')
    op.drop_table('redemption_event')
    op.drop_index(op.f('ix_redemption_state_promised_at'), table_name='redemption')
    op.drop_index(op.f('ix_redemption_client_id_requested_at'), table_name='redemption')
    op.drop_table('redemption')
    drop_guard(op, "redemption_event")
