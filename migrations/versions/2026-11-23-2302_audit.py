"""The first tables of audit."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0003_audit"
down_revision = "0002_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('audit_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=60), nullable=False),
    sa.Column('event', sa.String(length=60), nullable=False),
    sa.Column('object', sa.String(length=120), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_audit_event_object_id'), 'audit_event', ['object', 'id'], unique=False)
    op.create_table('audit_head',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('audit_seal',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['audit_event.id'], name=op.f('fk_audit_seal_event_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_seal')),
    sa.UniqueConstraint('event_id', name=op.f('uq_audit_seal_event_id')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_seal_hash')),
    sa.UniqueConstraint('prev_hash', name=op.f('uq_audit_seal_prev_hash')),
    info={'immutable': True}
    )
    op.create_table('audit_waiting',
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['audit_event.id'], name=op.f('fk_audit_waiting_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_audit_waiting'))
    )
    only_grows(op, "audit_event")
    only_grows(op, "audit_seal")


def downgrade() -> None:
    """Take them away."""
    op.drop_table('audit_waiting')
    op.drop_table('audit_seal')
    op.drop_table('audit_head')
    op.drop_index(op.f('ix_audit_event_object_id'), table_name='audit_event')
    op.drop_table('audit_event')
    drop_guard(op, "audit_event")
    drop_guard(op, "audit_seal")
