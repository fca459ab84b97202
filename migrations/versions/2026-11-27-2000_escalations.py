"""Clocks that have run out, and who has taken note of it."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0070_escalations"
down_revision = "0070_voice_deeper"
branch_labels = None
depends_on = None

GUARDED = ("queue_escalation", "queue_acknowledgement")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('queue_escalation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('queue', sa.String(length=24), nullable=False),
    sa.Column('ref', sa.String(length=40), nullable=False),
    sa.Column('promise', sa.String(length=16), nullable=False),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('responsible_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('branch_no', sa.String(length=8), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_escalation')),
    sa.UniqueConstraint('queue', 'ref', 'promise', 'promised_at', name=op.f('uq_queue_escalation_queue_ref_promise_promised_at')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_queue_escalation_told_at'), 'queue_escalation', ['told_at'], unique=False)
    op.create_index(op.f('ix_queue_escalation_responsible_id'), 'queue_escalation', ['responsible_id'], unique=False)
    op.create_table('queue_acknowledgement',
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('side', sa.String(length=12), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_name', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("side IN ('responsible', 'manager')", name=op.f('ck_queue_acknowledgement_side')),
    sa.ForeignKeyConstraint(['escalation_id'], ['queue_escalation.id'], name=op.f('fk_queue_acknowledgement_escalation_id')),
    sa.PrimaryKeyConstraint('escalation_id', 'side', name=op.f('pk_queue_acknowledgement')),
    info={'immutable': True}
    )
    for table in GUARDED:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    op.drop_table('queue_acknowledgement')
    op.drop_index(op.f('ix_queue_escalation_responsible_id'), table_name='queue_escalation')
    op.drop_index(op.f('ix_queue_escalation_told_at'), table_name='queue_escalation')
    op.drop_table('queue_escalation')
    for table in GUARDED:
        drop_guard(op, table)
