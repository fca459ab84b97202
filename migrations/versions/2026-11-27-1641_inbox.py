"""The inbox: what the firm tells a client."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0040_inbox"
down_revision = "0040_uploads"
branch_labels = None
depends_on = None

GUARDED = ('inbox_message', 'inbox_reading')


def upgrade() -> None:
    """Lay the tables."""
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('inbox_message',
    sa.Column('id', key, nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('topic', sa.String(length=12), nullable=False),
    sa.Column('weight', sa.String(length=8), nullable=False),
    sa.Column('title_zh', sa.String(length=120), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('text_zh', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('page', sa.String(length=60), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('route', sa.String(length=16), nullable=False),
    sa.Column('sms_id', key, nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(sms_id IS NOT NULL) = (route IN ('preferred', 'required', 'unstated'))", name=op.f('ck_inbox_message_sms')),
    sa.CheckConstraint("route IN ('required', 'preferred', 'unstated', 'not_preferred', 'quiet', 'no_number')", name=op.f('ck_inbox_message_route')),
    sa.CheckConstraint("weight IN ('required', 'notice', 'quiet')", name=op.f('ck_inbox_message_weight')),
    sa.ForeignKeyConstraint(['sms_id'], ['sms_message.id'], name=op.f('fk_inbox_message_sms_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox_message')),
    sa.UniqueConstraint('key', name=op.f('uq_inbox_message_key')),
    )
    op.create_index(op.f('ix_inbox_message_client_id_id'), 'inbox_message', ['client_id', 'id'], unique=False)
    op.create_table('inbox_reading',
    sa.Column('message_id', key, autoincrement=False, nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['inbox_message.id'], name=op.f('fk_inbox_reading_message_id')),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_inbox_reading')),
    )
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_table('inbox_reading')
    op.drop_index(op.f('ix_inbox_message_client_id_id'), table_name='inbox_message')
    op.drop_table('inbox_message')
    for table in GUARDED:
        drop_guard(op, table)
