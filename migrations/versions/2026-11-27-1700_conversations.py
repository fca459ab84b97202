"""Conversations of clients with their teams."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0031_conversations"
down_revision = "0040_inbox"
branch_labels = None
depends_on = None

GUARDED = ('conversation_line', 'conversation_reading')


def upgrade() -> None:
    """Lay them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table('conversation',
    sa.Column('id', key, nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('question_id', key, nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(question_id IS NULL) = (asked_at IS NULL)', name=op.f('ck_conversation_question')),
    sa.CheckConstraint('question_id IS NOT NULL OR promised_at IS NULL', name=op.f('ck_conversation_promise')),
    sa.CheckConstraint('waiting >= 0 AND (question_id IS NULL) = (waiting = 0)', name=op.f('ck_conversation_waiting')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_conversation_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('client_id', name=op.f('uq_conversation_client_id'))
    )
    op.create_index(op.f('ix_conversation_promised_at'), 'conversation', ['promised_at'], unique=False)
    op.create_table('conversation_line',
    sa.Column('id', key, nullable=False),
    sa.Column('conversation_id', key, nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('author', sa.String(length=60), nullable=False),
    sa.Column('author_name', sa.String(length=60), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(kind = 'settled') = (text = '')", name=op.f('ck_conversation_line_says_something')),
    sa.CheckConstraint("kind IN ('text', 'settled')", name=op.f('ck_conversation_line_known_kind')),
    sa.CheckConstraint("side = 'staff' OR kind = 'text'", name=op.f('ck_conversation_line_settled_by_staff')),
    sa.CheckConstraint("side IN ('client', 'staff')", name=op.f('ck_conversation_line_known_side')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_conversation_line_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_line')),
    sa.UniqueConstraint('conversation_id', 'request_key', name=op.f('uq_conversation_line_conversation_id_request_key'))
    )
    op.create_index(op.f('ix_conversation_line_conversation_id_id'), 'conversation_line', ['conversation_id', 'id'], unique=False)
    op.create_table('conversation_reading',
    sa.Column('id', key, nullable=False),
    sa.Column('conversation_id', key, nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('up_to', key, nullable=False),
    sa.Column('reader_name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_conversation_reading_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_reading')),
    sa.UniqueConstraint('conversation_id', 'side', 'up_to', name=op.f('uq_conversation_reading_conversation_id_side_up_to'))
    )
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_table('conversation_reading')
    op.drop_index(op.f('ix_conversation_line_conversation_id_id'), table_name='conversation_line')
    op.drop_table('conversation_line')
    op.drop_index(op.f('ix_conversation_promised_at'), table_name='conversation')
    op.drop_table('conversation')
    for table in GUARDED:
        drop_guard(op, table)
