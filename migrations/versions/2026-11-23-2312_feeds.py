"""The first tables of feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0013_feeds"
down_revision = "0012_redemptions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('feed_rebase',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_sha256', sa.String(length=64), nullable=False),
    sa.Column('onto_sha256', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('approved_by <> asked_by', name=op.f('ck_feed_rebase_four_eyes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_rebase')),
    sa.UniqueConstraint('from_sha256', 'onto_sha256', name=op.f('uq_feed_rebase_from_sha256_onto_sha256'))
    )
    op.create_table('feed_break',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('expected', sa.BigInteger(), nullable=False),
    sa.Column('reported', sa.BigInteger(), nullable=False),
    sa.Column('difference', sa.BigInteger(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.CheckConstraint('difference = reported - expected', name=op.f('ck_feed_break_difference')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_feed_break_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_feed_break_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_break'))
    )
    op.create_index(op.f('ix_feed_break_account_id'), 'feed_break', ['account_id'], unique=False)
    op.create_index(op.f('ix_feed_break_batch_id'), 'feed_break', ['batch_id'], unique=False)
    op.create_table('feed_quarantine',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file', sa.String(length=32), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=24), nullable=False),
    sa.Column('verbatim', sa.Text(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_feed_quarantine_account_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_feed_quarantine_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_quarantine'))
    )
    op.create_index(op.f('ix_feed_quarantine_account_id'), 'feed_quarantine', ['account_id'], unique=False)
    op.create_index(op.f('ix_feed_quarantine_batch_id'), 'feed_quarantine', ['batch_id'], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_feed_quarantine_batch_id'), table_name='feed_quarantine')
    op.drop_index(op.f('ix_feed_quarantine_account_id'), table_name='feed_quarantine')
    op.drop_table('feed_quarantine')
    op.drop_index(op.f('ix_feed_break_batch_id'), table_name='feed_break')
    op.drop_index(op.f('ix_feed_break_account_id'), table_name='feed_break')
    op.drop_table('feed_break')
    op.drop_table('feed_rebase')
