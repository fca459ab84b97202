"""The client's voice: cases and their events."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0050_feedback"
down_revision = "0041_sealed"
branch_labels = None
depends_on = None

GUARDED = ('feedback_event',)


def upgrade() -> None:
    """Lay the tables."""
    key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('feedback_case',
    sa.Column('id', key, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('client_id', key, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('area', sa.String(length=12), nullable=False),
    sa.Column('product', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('external_no', sa.String(length=40), nullable=True),
    sa.Column('branch_no', sa.String(length=8), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('remedy', sa.String(length=500), nullable=True),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('severity', sa.String(length=8), nullable=False),
    sa.Column('finding', sa.String(length=12), nullable=True),
    sa.Column('cause', sa.String(length=16), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('handler_id', key, nullable=True),
    sa.Column('handler_name', sa.String(length=60), nullable=True),
    sa.Column('ack_minutes', sa.Integer(), nullable=False),
    sa.Column('answer_minutes', sa.Integer(), nullable=False),
    sa.Column('extended_minutes', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('near_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('answered', 'closed')) <= (answer IS NOT NULL)", name=op.f('ck_feedback_case_answer')),
    sa.CheckConstraint("area IN ('trading', 'account', 'fees', 'suitability', 'conduct', 'service', 'system', 'points', 'other')", name=op.f('ck_feedback_case_area')),
    sa.CheckConstraint("cause IN ('process', 'system', 'staff', 'information', 'product', 'third_party', 'misunderstanding', 'other')", name=op.f('ck_feedback_case_cause')),
    sa.CheckConstraint("channel IN ('web', 'phone', 'counter', 'letter', 'hotline')", name=op.f('ck_feedback_case_channel')),
    sa.CheckConstraint("finding IN ('founded', 'partly', 'unfounded')", name=op.f('ck_feedback_case_finding')),
    sa.CheckConstraint("kind IN ('complaint', 'enquiry', 'suggestion', 'report')", name=op.f('ck_feedback_case_kind')),
    sa.CheckConstraint("product IN ('none', 'stocks', 'funds', 'bonds', 'margin', 'advice', 'sms', 'portal')", name=op.f('ck_feedback_case_product')),
    sa.CheckConstraint("severity IN ('low', 'normal', 'high', 'critical')", name=op.f('ck_feedback_case_severity')),
    sa.CheckConstraint("state IN ('received', 'in_work', 'waiting', 'answered', 'closed', 'withdrawn')", name=op.f('ck_feedback_case_state')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_feedback_case_client_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['identity_user.id'], name=op.f('fk_feedback_case_handler_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_case')),
    sa.UniqueConstraint('client_id', 'request_key', name=op.f('uq_feedback_case_client_id_request_key')),
    sa.UniqueConstraint('number', name=op.f('uq_feedback_case_number'))
    )
    op.create_index(op.f('ix_feedback_case_client_id_received_at'), 'feedback_case', ['client_id', 'received_at'], unique=False)
    op.create_index(op.f('ix_feedback_case_received_at'), 'feedback_case', ['received_at'], unique=False)
    op.create_index(op.f('ix_feedback_case_state_due_at'), 'feedback_case', ['state', 'due_at'], unique=False)
    op.create_table('feedback_event',
    sa.Column('id', key, nullable=False),
    sa.Column('case_id', key, nullable=False),
    sa.Column('verb', sa.String(length=12), nullable=False),
    sa.Column('to_state', sa.String(length=12), nullable=False),
    sa.Column('is_internal', sa.Boolean(), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("is_internal = (verb IN ('assess', 'escalate', 'note'))", name=op.f('ck_feedback_event_internal')),
    sa.CheckConstraint("verb IN ('receive', 'acknowledge', 'assess', 'note', 'tell', 'ask', 'reply', 'extend', 'answer', 'accept', 'object', 'lapse', 'withdraw', 'escalate')", name=op.f('ck_feedback_event_verb')),
    sa.ForeignKeyConstraint(['case_id'], ['feedback_case.id'], name=op.f('fk_feedback_event_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_event')),
    )
    op.create_index(op.f('ix_feedback_event_case_id_id'), 'feedback_event', ['case_id', 'id'], unique=False)
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_feedback_event_case_id_id'), table_name='feedback_event')
    op.drop_table('feedback_event')
    op.drop_index(op.f('ix_feedback_case_state_due_at'), table_name='feedback_case')
    op.drop_index(op.f('ix_feedback_case_received_at'), table_name='feedback_case')
    op.drop_index(op.f('ix_feedback_case_client_id_received_at'), table_name='feedback_case')
    op.drop_table('feedback_case')
    for table in GUARDED:
        drop_guard(op, table)
