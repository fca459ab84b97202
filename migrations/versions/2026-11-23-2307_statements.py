"""The first tables of statements."""

import sqlalchemy as sa
from alembic import op

revision = "0008_statements"
down_revision = "0007_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('manifest_sha256', sa.String(length=64), nullable=False),
    sa.Column('previous_sha256', sa.String(length=64), nullable=False),
    sa.Column('is_current', sa.Boolean(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('feed', 'delivery_order')", name=op.f('ck_batch_kind')),
    sa.CheckConstraint('sequence >= 1', name=op.f('ck_batch_sequence')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch'))
    )
    op.create_index('uq_batch_one_current_a_day', 'batch', ['business_date'], unique=True, sqlite_where=sa.text("is_current AND kind = 'feed'"), postgresql_where=sa.text("is_current AND kind = 'feed'"))
    op.create_index('uq_batch_one_current_of_a_file', 'batch', ['manifest_sha256'], unique=True, sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))
    op.create_table('security',
    sa.Column('market', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('security_type', sa.String(length=8), nullable=False),
    sa.Column('lot_size', sa.Integer(), nullable=False),
    sa.Column('tick', sa.BigInteger(), nullable=False),
    sa.Column('subscription_of', sa.String(length=8), nullable=True),
    sa.PrimaryKeyConstraint('market', 'code', name=op.f('pk_security'))
    )
    op.create_table('account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_no', sa.String(length=25), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_type', sa.String(length=8), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=1), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_account_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('account_no', name=op.f('uq_account_account_no'))
    )
    op.create_index(op.f('ix_account_client_id'), 'account', ['client_id'], unique=False)
    op.create_table('corp_action',
    sa.Column('action_id', sa.String(length=32), nullable=False),
    sa.Column('market', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('record_on', sa.Date(), nullable=False),
    sa.Column('ex_on', sa.Date(), nullable=False),
    sa.Column('pay_on', sa.Date(), nullable=True),
    sa.Column('cash_per_10', sa.BigInteger(), nullable=True),
    sa.Column('bonus_per_10', sa.BigInteger(), nullable=True),
    sa.Column('convert_per_10', sa.BigInteger(), nullable=True),
    sa.Column('rights_per_10', sa.BigInteger(), nullable=True),
    sa.Column('rights_price', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_corp_action_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corp_action'))
    )
    op.create_index(op.f('ix_corp_action_batch_id'), 'corp_action', ['batch_id'], unique=False)
    op.create_table('rate_card',
    sa.Column('card_no', sa.String(length=16), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('rate', sa.BigInteger(), nullable=False),
    sa.Column('minimum', sa.BigInteger(), nullable=False),
    sa.Column('includes_levies', sa.Boolean(), nullable=False),
    sa.Column('includes_transfer', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_rate_card_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rate_card'))
    )
    op.create_index(op.f('ix_rate_card_batch_id'), 'rate_card', ['batch_id'], unique=False)
    op.create_table('security_price',
    sa.Column('market', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('close', sa.BigInteger(), nullable=False),
    sa.Column('previous', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_security_price_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_security_price'))
    )
    op.create_index(op.f('ix_security_price_batch_id'), 'security_price', ['batch_id'], unique=False)
    op.create_index(op.f('ix_security_price_market_code_on'), 'security_price', ['market', 'code', 'on'], unique=False)
    op.create_table('account_day',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('faults', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_day_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_account_day_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_day'))
    )
    op.create_index(op.f('ix_account_day_account_id_on'), 'account_day', ['account_id', 'on'], unique=False)
    op.create_index(op.f('ix_account_day_batch_id'), 'account_day', ['batch_id'], unique=False)
    op.create_table('cash_balance',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('opening', sa.BigInteger(), nullable=False),
    sa.Column('net_flow', sa.BigInteger(), nullable=False),
    sa.Column('closing', sa.BigInteger(), nullable=False),
    sa.Column('frozen', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_cash_balance_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_cash_balance_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_balance'))
    )
    op.create_index(op.f('ix_cash_balance_account_id_on'), 'cash_balance', ['account_id', 'on'], unique=False)
    op.create_index(op.f('ix_cash_balance_batch_id'), 'cash_balance', ['batch_id'], unique=False)
    op.create_table('cash_flow',
    sa.Column('flow_no', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('settle_on', sa.Date(), nullable=False),
    sa.Column('occurred_at', sa.Time(), nullable=True),
    sa.Column('biz_code', sa.String(length=16), nullable=False),
    sa.Column('biz_name', sa.String(length=60), nullable=False),
    sa.Column('market', sa.String(length=2), nullable=True),
    sa.Column('code', sa.String(length=8), nullable=True),
    sa.Column('trade_no', sa.String(length=32), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('balance_after', sa.BigInteger(), nullable=False),
    sa.Column('remark', sa.String(length=200), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_cash_flow_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_cash_flow_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_flow'))
    )
    op.create_index(op.f('ix_cash_flow_account_id_settle_on'), 'cash_flow', ['account_id', 'settle_on'], unique=False)
    op.create_index(op.f('ix_cash_flow_batch_id'), 'cash_flow', ['batch_id'], unique=False)
    op.create_table('position',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_no', sa.String(length=16), nullable=False),
    sa.Column('market', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('qty_total', sa.BigInteger(), nullable=False),
    sa.Column('qty_available', sa.BigInteger(), nullable=False),
    sa.Column('qty_frozen', sa.BigInteger(), nullable=False),
    sa.Column('counter_cost_price', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_position_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_position_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position'))
    )
    op.create_index(op.f('ix_position_account_id_on'), 'position', ['account_id', 'on'], unique=False)
    op.create_index(op.f('ix_position_batch_id'), 'position', ['batch_id'], unique=False)
    op.create_table('share_move',
    sa.Column('move_no', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_no', sa.String(length=16), nullable=False),
    sa.Column('market', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('move_on', sa.Date(), nullable=False),
    sa.Column('biz_code', sa.String(length=16), nullable=False),
    sa.Column('qty', sa.BigInteger(), nullable=False),
    sa.Column('acquired_on', sa.Date(), nullable=True),
    sa.Column('cost_amount', sa.BigInteger(), nullable=True),
    sa.Column('ref_no', sa.String(length=32), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_share_move_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_share_move_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_move'))
    )
    op.create_index(op.f('ix_share_move_account_id_move_on'), 'share_move', ['account_id', 'move_on'], unique=False)
    op.create_index(op.f('ix_share_move_batch_id'), 'share_move', ['batch_id'], unique=False)
    op.create_table('trade',
    sa.Column('trade_no', sa.String(length=32), nullable=False),
    sa.Column('order_no', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder_no', sa.String(length=16), nullable=False),
    sa.Column('market', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('trade_on', sa.Date(), nullable=False),
    sa.Column('settle_on', sa.Date(), nullable=False),
    sa.Column('traded_at', sa.Time(), nullable=True),
    sa.Column('side', sa.String(length=1), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('qty', sa.BigInteger(), nullable=False),
    sa.Column('gross', sa.BigInteger(), nullable=False),
    sa.Column('commission', sa.BigInteger(), nullable=False),
    sa.Column('net_commission', sa.BigInteger(), nullable=False),
    sa.Column('stamp', sa.BigInteger(), nullable=False),
    sa.Column('transfer_fee', sa.BigInteger(), nullable=False),
    sa.Column('handling_fee', sa.BigInteger(), nullable=False),
    sa.Column('regulatory_fee', sa.BigInteger(), nullable=False),
    sa.Column('other_fee', sa.BigInteger(), nullable=False),
    sa.Column('net_amount', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_trade_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_trade_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trade'))
    )
    op.create_index(op.f('ix_trade_account_id_trade_on'), 'trade', ['account_id', 'trade_on'], unique=False)
    op.create_index(op.f('ix_trade_batch_id'), 'trade', ['batch_id'], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_trade_batch_id'), table_name='trade')
    op.drop_index(op.f('ix_trade_account_id_trade_on'), table_name='trade')
    op.drop_table('trade')
    op.drop_index(op.f('ix_share_move_batch_id'), table_name='share_move')
    op.drop_index(op.f('ix_share_move_account_id_move_on'), table_name='share_move')
    op.drop_table('share_move')
    op.drop_index(op.f('ix_position_batch_id'), table_name='position')
    op.drop_index(op.f('ix_position_account_id_on'), table_name='position')
    op.drop_table('position')
    op.drop_index(op.f('ix_cash_flow_batch_id'), table_name='cash_flow')
    op.drop_index(op.f('ix_cash_flow_account_id_settle_on'), table_name='cash_flow')
    op.drop_table('cash_flow')
    op.drop_index(op.f('ix_cash_balance_batch_id'), table_name='cash_balance')
    op.drop_index(op.f('ix_cash_balance_account_id_on'), table_name='cash_balance')
    op.drop_table('cash_balance')
    op.drop_index(op.f('ix_account_day_batch_id'), table_name='account_day')
    op.drop_index(op.f('ix_account_day_account_id_on'), table_name='account_day')
    op.drop_table('account_day')
    op.drop_index(op.f('ix_security_price_market_code_on'), table_name='security_price')
    op.drop_index(op.f('ix_security_price_batch_id'), table_name='security_price')
    op.drop_table('security_price')
    op.drop_index(op.f('ix_rate_card_batch_id'), table_name='rate_card')
    op.drop_table('rate_card')
    op.drop_index(op.f('ix_corp_action_batch_id'), table_name='corp_action')
    op.drop_table('corp_action')
    op.drop_index(op.f('ix_account_client_id'), table_name='account')
    op.drop_table('account')
    op.drop_table('security')
    op.drop_index('uq_batch_one_current_of_a_file', table_name='batch', sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))
    op.drop_index('uq_batch_one_current_a_day', table_name='batch', sqlite_where=sa.text("is_current AND kind = 'feed'"), postgresql_where=sa.text("is_current AND kind = 'feed'"))
    op.drop_table('batch')
