"""Notices of points that lapse."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0032_lapse_notices"
down_revision = "0031_conversations"
branch_labels = None
depends_on = None

GUARDED = ('points_lapse_notice',)


def upgrade() -> None:
    """Lay them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table('points_lapse_notice',
    sa.Column('id', key, nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['points_client.client_id'], name=op.f('fk_points_lapse_notice_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_lapse_notice')),
    sa.UniqueConstraint('client_id', 'expires_on', 'step', name=op.f('uq_points_lapse_notice_client_id_expires_on_step'))
    )
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_table('points_lapse_notice')
    for table in GUARDED:
        drop_guard(op, table)
