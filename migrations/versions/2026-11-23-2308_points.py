"""The first tables of points."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0009_points"
down_revision = "0008_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('rule_set_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('toml', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('approver', sa.String(length=40), nullable=True),
    sa.Column('report_sha256', sa.String(length=64), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('author <> approver', name=op.f('ck_rule_set_version_four_eyes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_set_version')),
    sa.UniqueConstraint('effective_from', name=op.f('uq_rule_set_version_effective_from')),
    sa.UniqueConstraint('version', name=op.f('uq_rule_set_version_version')),
    info={'immutable': True}
    )
    op.create_table('earning_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('external_id', sa.String(length=80), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('type', sa.String(length=32), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('payload_json', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_earning_event_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_earning_event')),
    sa.UniqueConstraint('source', 'external_id', name=op.f('uq_earning_event_source_external_id')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_earning_event_client_id_effective_at'), 'earning_event', ['client_id', 'effective_at'], unique=False)
    op.create_table('points_client',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('head_seq', sa.BigInteger(), nullable=False),
    sa.Column('head_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_points_client_client_id')),
    sa.PrimaryKeyConstraint('client_id', name=op.f('pk_points_client'))
    )
    op.create_table('points_carry',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_id', sa.String(length=24), nullable=False),
    sa.Column('remainder_num', sa.BigInteger(), nullable=False),
    sa.Column('den', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('remainder_num >= 0 AND remainder_num < den', name=op.f('ck_points_carry_fraction')),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_carry_client_id')),
    sa.PrimaryKeyConstraint('client_id', 'rule_id', name=op.f('pk_points_carry'))
    )
    op.create_table('points_debt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('settled', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount > 0 AND settled >= 0 AND settled <= amount', name=op.f('ck_points_debt_settled')),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_debt_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_debt'))
    )
    op.create_index(op.f('ix_points_debt_client_id'), 'points_debt', ['client_id'], unique=False)
    op.create_table('points_hold',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('captured', sa.BigInteger(), nullable=False),
    sa.Column('refunded', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('timeout_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ref_type', sa.String(length=24), nullable=False),
    sa.Column('ref_id', sa.String(length=64), nullable=False),
    sa.CheckConstraint("state IN ('open', 'captured', 'released')", name=op.f('ck_points_hold_state')),
    sa.CheckConstraint('amount > 0 AND captured >= 0 AND captured <= amount', name=op.f('ck_points_hold_captured')),
    sa.CheckConstraint('refunded >= 0 AND refunded <= captured', name=op.f('ck_points_hold_refunded')),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_hold_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_hold')),
    sa.UniqueConstraint('ref_type', 'ref_id', name=op.f('uq_points_hold_ref_type_ref_id'))
    )
    op.create_index(op.f('ix_points_hold_client_id'), 'points_hold', ['client_id'], unique=False)
    op.create_index('ix_points_hold_due', 'points_hold', ['state', 'timeout_at'], unique=False)
    op.create_table('points_lot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('earned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('activates_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('rule_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('parent_lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_cost_micro', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_lot_client_id')),
    sa.ForeignKeyConstraint(['parent_lot_id'], ['points_lot.id'], name=op.f('fk_points_lot_parent_lot_id')),
    sa.ForeignKeyConstraint(['rule_version_id'], ['rule_set_version.id'], name=op.f('fk_points_lot_rule_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_lot')),
    info={'immutable': True}
    )
    op.create_index('ix_points_lot_turn', 'points_lot', ['client_id', 'expires_at', 'earned_at', 'id'], unique=False)
    op.create_table('points_refusal',
    sa.Column('idem_key', sa.String(length=160), nullable=False),
    sa.Column('idem_hash', sa.String(length=64), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refusal', sa.String(length=24), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_refusal_client_id')),
    sa.PrimaryKeyConstraint('idem_key', name=op.f('pk_points_refusal')),
    info={'immutable': True}
    )
    op.create_table('points_lot_bucket',
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bucket', sa.String(length=8), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("amount >= 0 OR bucket IN ('SOURCE', 'MOVED')", name=op.f('ck_points_lot_bucket_amount')),
    sa.ForeignKeyConstraint(['lot_id'], ['points_lot.id'], name=op.f('fk_points_lot_bucket_lot_id')),
    sa.PrimaryKeyConstraint('lot_id', 'bucket', name=op.f('pk_points_lot_bucket'))
    )
    op.create_index(op.f('ix_points_lot_bucket_bucket_amount'), 'points_lot_bucket', ['bucket', 'amount'], unique=False)
    op.create_table('points_tx',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_seq', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('idem_key', sa.String(length=160), nullable=False),
    sa.Column('idem_hash', sa.String(length=64), nullable=False),
    sa.Column('result_json', sa.Text(), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('available_after', sa.BigInteger(), nullable=False),
    sa.Column('actor_kind', sa.String(length=8), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('second_actor_id', sa.BigInteger(), nullable=True),
    sa.Column('reason_code', sa.String(length=24), nullable=True),
    sa.Column('public_text', sa.String(length=200), nullable=True),
    sa.Column('staff_note', sa.String(length=400), nullable=True),
    sa.Column('ref_type', sa.String(length=24), nullable=True),
    sa.Column('ref_id', sa.String(length=64), nullable=True),
    sa.Column('hold_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('debt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reverses_tx_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rule_version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('explain_json', sa.Text(), nullable=True),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_tx_client_id')),
    sa.ForeignKeyConstraint(['debt_id'], ['points_debt.id'], name=op.f('fk_points_tx_debt_id')),
    sa.ForeignKeyConstraint(['hold_id'], ['points_hold.id'], name=op.f('fk_points_tx_hold_id')),
    sa.ForeignKeyConstraint(['reverses_tx_id'], ['points_tx.id'], name=op.f('fk_points_tx_reverses_tx_id')),
    sa.ForeignKeyConstraint(['rule_version_id'], ['rule_set_version.id'], name=op.f('fk_points_tx_rule_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_tx')),
    sa.UniqueConstraint('client_id', 'client_seq', name=op.f('uq_points_tx_client_id_client_seq')),
    sa.UniqueConstraint('idem_key', name=op.f('uq_points_tx_idem_key')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_points_tx_hold_id'), 'points_tx', ['hold_id'], unique=False)
    op.create_table('points_move',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tx_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_bucket', sa.String(length=8), nullable=False),
    sa.Column('to_bucket', sa.String(length=8), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_points_move_amount')),
    sa.CheckConstraint('from_bucket <> to_bucket', name=op.f('ck_points_move_buckets')),
    sa.ForeignKeyConstraint(['lot_id'], ['points_lot.id'], name=op.f('fk_points_move_lot_id')),
    sa.ForeignKeyConstraint(['tx_id'], ['points_tx.id'], name=op.f('fk_points_move_tx_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_move')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_points_move_lot_id'), 'points_move', ['lot_id'], unique=False)
    op.create_index(op.f('ix_points_move_tx_id'), 'points_move', ['tx_id'], unique=False)
    only_grows(op, "rule_set_version")
    only_grows(op, "earning_event")
    only_grows(op, "points_lot")
    only_grows(op, "points_refusal")
    only_grows(op, "points_tx")
    only_grows(op, "points_move")


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_points_move_tx_id'), table_name='points_move')
    op.drop_index(op.f('ix_points_move_lot_id'), table_name='points_move')
    op.drop_table('points_move')
    op.drop_index(op.f('ix_points_tx_hold_id'), table_name='points_tx')
    op.drop_table('points_tx')
    op.drop_index(op.f('ix_points_lot_bucket_bucket_amount'), table_name='points_lot_bucket')
    op.drop_table('points_lot_bucket')
    op.drop_table('points_refusal')
    op.drop_index('ix_points_lot_turn', table_name='points_lot')
    op.drop_table('points_lot')
    op.drop_index('ix_points_hold_due', table_name='points_hold')
    op.drop_index(op.f('ix_points_hold_client_id'), table_name='points_hold')
    op.drop_table('points_hold')
    op.drop_index(op.f('ix_points_debt_client_id'), table_name='points_debt')
    op.drop_table('points_debt')
    op.drop_table('points_carry')
    op.drop_table('points_client')
    op.drop_index(op.f('ix_earning_event_client_id_effective_at'), table_name='earning_event')
    op.drop_table('earning_event')
    op.drop_table('rule_set_version')
    drop_guard(op, "rule_set_version")
    drop_guard(op, "earning_event")
    drop_guard(op, "points_lot")
    drop_guard(op, "points_refusal")
    drop_guard(op, "points_tx")
    drop_guard(op, "points_move")
