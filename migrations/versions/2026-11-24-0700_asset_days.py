"""What each account came to day by day, and how a client wants figures shown."""

import sqlalchemy as sa
from alembic import op

revision = "0014_asset_days"
down_revision = "0013_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('asset_day',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('assets', sa.BigInteger(), nullable=False),
    sa.Column('net_flow', sa.BigInteger(), nullable=False),
    sa.Column('unpriced', sa.Integer(), nullable=False),
    sa.CheckConstraint('unpriced >= 0', name=op.f('ck_asset_day_unpriced')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_asset_day_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_asset_day_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset_day'))
    )
    op.create_index(op.f('ix_asset_day_account_id_on'), 'asset_day', ['account_id', 'on'], unique=False)
    op.create_index(op.f('ix_asset_day_batch_id'), 'asset_day', ['batch_id'], unique=False)
    op.create_table('identity_preference',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('cost_method', sa.String(length=4), nullable=False),
    sa.Column('hides_amounts', sa.Boolean(), nullable=False),
    sa.CheckConstraint("cost_method IN ('ma', 'dil', 'fifo')", name=op.f('ck_identity_preference_cost_method')),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_identity_preference_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_identity_preference'))
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table('identity_preference')
    op.drop_index(op.f('ix_asset_day_batch_id'), table_name='asset_day')
    op.drop_index(op.f('ix_asset_day_account_id_on'), table_name='asset_day')
    op.drop_table('asset_day')
