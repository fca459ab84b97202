"""The first tables of sms."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0005_sms"
down_revision = "0004_queues"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('sms_message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('to', sa.String(length=20), nullable=False),
    sa.Column('text', sa.String(length=670), nullable=False),
    sa.Column('segments', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('ref_type', sa.String(length=40), nullable=False),
    sa.Column('ref_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('gateway_message_id', sa.String(length=65), nullable=True),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("lease_until IS NULL OR state = 'queued'", name=op.f('ck_sms_message_lease')),
    sa.CheckConstraint("state IN ('queued', 'submitted', 'delivered', 'undeliverable', 'rejected', 'expired', 'unknown')", name=op.f('ck_sms_message_state')),
    sa.CheckConstraint('segments BETWEEN 1 AND 10', name=op.f('ck_sms_message_segments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_message')),
    sa.UniqueConstraint('key', name=op.f('uq_sms_message_key'))
    )
    op.create_index(op.f('ix_sms_message_client_id'), 'sms_message', ['client_id'], unique=False)
    op.create_index('ix_sms_message_due', 'sms_message', ['state', 'not_before'], unique=False)
    op.create_index(op.f('ix_sms_message_gateway_message_id'), 'sms_message', ['gateway_message_id'], unique=False)
    op.create_index('ix_sms_message_ref', 'sms_message', ['ref_type', 'ref_id'], unique=False)
    op.create_table('sms_report',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('gateway_message_id', sa.String(length=65), nullable=False),
    sa.Column('stat', sa.String(length=16), nullable=False),
    sa.Column('error_code', sa.String(length=40), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_report')),
    sa.UniqueConstraint('key', name=op.f('uq_sms_report_key'))
    )
    op.create_index(op.f('ix_sms_report_applied_at'), 'sms_report', ['applied_at'], unique=False)
    op.create_index(op.f('ix_sms_report_gateway_message_id'), 'sms_report', ['gateway_message_id'], unique=False)
    op.create_table('sms_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['message_id'], ['sms_message.id'], name=op.f('fk_sms_event_message_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_sms_event_message_id'), 'sms_event', ['message_id'], unique=False)
    only_grows(op, "sms_event")


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_sms_event_message_id'), table_name='sms_event')
    op.drop_table('sms_event')
    op.drop_index(op.f('ix_sms_report_gateway_message_id'), table_name='sms_report')
    op.drop_index(op.f('ix_sms_report_applied_at'), table_name='sms_report')
    op.drop_table('sms_report')
    op.drop_index('ix_sms_message_ref', table_name='sms_message')
    op.drop_index(op.f('ix_sms_message_gateway_message_id'), table_name='sms_message')
    op.drop_index('ix_sms_message_due', table_name='sms_message')
    op.drop_index(op.f('ix_sms_message_client_id'), table_name='sms_message')
    op.drop_table('sms_message')
    drop_guard(op, "sms_event")
