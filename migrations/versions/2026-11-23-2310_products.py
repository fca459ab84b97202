"""The first tables of products."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0011_products"
down_revision = "0010_tiers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('catalog_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalog_item')),
    sa.UniqueConstraint('code', name=op.f('uq_catalog_item_code')),
    info={'immutable': True}
    )
    op.create_table('catalog_item_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('service_kind', sa.String(length=16), nullable=False),
    sa.Column('risk_class', sa.String(length=2), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('cash_fen', sa.Integer(), nullable=False),
    sa.Column('period_months', sa.Integer(), nullable=False),
    sa.Column('min_tier', sa.String(length=8), nullable=False),
    sa.Column('per_client_limit', sa.Integer(), nullable=False),
    sa.Column('welcome_zh', sa.String(length=300), nullable=False),
    sa.Column('welcome_en', sa.String(length=300), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_to', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('author', sa.String(length=60), nullable=False),
    sa.Column('approver', sa.String(length=60), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind = 'sms'", name=op.f('ck_catalog_item_version_known_kind')),
    sa.CheckConstraint("min_tier IN ('normal', 'silver', 'gold', 'platinum')", name=op.f('ck_catalog_item_version_known_tier')),
    sa.CheckConstraint("risk_class IN ('R1', 'R2', 'R3', 'R4', 'R5')", name=op.f('ck_catalog_item_version_known_risk')),
    sa.CheckConstraint("service_kind IN ('account', 'ipo', 'advice')", name=op.f('ck_catalog_item_version_known_service')),
    sa.CheckConstraint('author <> approver', name=op.f('ck_catalog_item_version_two_persons')),
    sa.CheckConstraint('period_months > 0 AND per_client_limit > 0', name=op.f('ck_catalog_item_version_has_term')),
    sa.CheckConstraint('points > 0 AND cash_fen >= 0', name=op.f('ck_catalog_item_version_has_price')),
    sa.CheckConstraint('valid_to IS NULL OR valid_from < valid_to', name=op.f('ck_catalog_item_version_has_time')),
    sa.ForeignKeyConstraint(['item_id'], ['catalog_item.id'], name=op.f('fk_catalog_item_version_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalog_item_version')),
    sa.UniqueConstraint('item_id', 'version', name=op.f('uq_catalog_item_version_item_id_version')),
    info={'immutable': True}
    )
    op.create_table('sms_subscription',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref_type', sa.String(length=20), nullable=False),
    sa.Column('ref_id', sa.String(length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.String(length=16), nullable=True),
    sa.CheckConstraint("(state = 'active' AND ended_at IS NULL AND end_reason IS NULL) OR (state = 'ended' AND ended_at IS NOT NULL AND end_reason IS NOT NULL)", name=op.f('ck_sms_subscription_ended_says_why')),
    sa.CheckConstraint("state IN ('active', 'ended')", name=op.f('ck_sms_subscription_known_state')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_sms_subscription_has_days')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_sms_subscription_client_id')),
    sa.ForeignKeyConstraint(['item_version_id'], ['catalog_item_version.id'], name=op.f('fk_sms_subscription_item_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_subscription')),
    sa.UniqueConstraint('ref_type', 'ref_id', name=op.f('uq_sms_subscription_ref_type_ref_id'))
    )
    op.create_index(op.f('ix_sms_subscription_client_id_state'), 'sms_subscription', ['client_id', 'state'], unique=False)
    op.create_index(op.f('ix_sms_subscription_state_ends_on'), 'sms_subscription', ['state', 'ends_on'], unique=False)
    only_grows(op, "catalog_item")
    only_grows(op, "catalog_item_version")


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_sms_subscription_state_ends_on'), table_name='sms_subscription')
    op.drop_index(op.f('ix_sms_subscription_client_id_state'), table_name='sms_subscription')
    op.drop_table('sms_subscription')
    op.drop_table('catalog_item_version')
    op.drop_table('catalog_item')
    drop_guard(op, "catalog_item")
    drop_guard(op, "catalog_item_version")
