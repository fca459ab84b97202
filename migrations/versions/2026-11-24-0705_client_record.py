"""The client record: history, requests for changes, consents, and who looked."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0015_client_record"
down_revision = "0015_feed_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('client_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=True),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('endorsed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('exported_on', sa.Date(), nullable=True),
    sa.Column('overdue_on', sa.Date(), nullable=True),
    sa.CheckConstraint("kind = 'report' OR value IS NOT NULL", name=op.f('ck_client_change_value')),
    sa.CheckConstraint("kind IN ('change', 'report')", name=op.f('ck_client_change_kind')),
    sa.CheckConstraint("state IN ('requested', 'endorsed', 'approved', 'effective', 'overdue', 'rejected', 'withdrawn')", name=op.f('ck_client_change_state')),
    sa.CheckConstraint('decided_by <> endorsed_by', name=op.f('ck_client_change_four_eyes')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_change_client_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_client_change_decided_by')),
    sa.ForeignKeyConstraint(['endorsed_by'], ['identity_user.id'], name=op.f('fk_client_change_endorsed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_change')),
    sa.UniqueConstraint('number', name=op.f('uq_client_change_number'))
    )
    op.create_index(op.f('ix_client_change_client_id_requested_at'), 'client_change', ['client_id', 'requested_at'], unique=False)
    op.create_index(op.f('ix_client_change_exported_on'), 'client_change', ['exported_on'], unique=False)
    op.create_index(op.f('ix_client_change_state_requested_at'), 'client_change', ['state', 'requested_at'], unique=False)
    op.create_table('client_consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('text_version', sa.String(length=16), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_consent_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_consent')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_client_consent_client_id_kind'), 'client_consent', ['client_id', 'kind'], unique=False)
    op.create_table('client_fact_history',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('old', sa.String(length=200), nullable=True),
    sa.Column('new', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('ref', sa.String(length=20), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_fact_history_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_fact_history')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_client_fact_history_client_id_key'), 'client_fact_history', ['client_id', 'key'], unique=False)
    op.create_table('client_phone_proof',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.Column('old_hash', sa.String(length=64), nullable=True),
    sa.Column('new_hash', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_phone_proof_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_phone_proof'))
    )
    op.create_index(op.f('ix_client_phone_proof_client_id_ended_at'), 'client_phone_proof', ['client_id', 'ended_at'], unique=False)
    op.create_table('client_view',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_name', sa.String(length=60), nullable=False),
    sa.Column('what', sa.String(length=8), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("what <> 'value' OR reason IS NOT NULL", name=op.f('ck_client_view_reason')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_view_client_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['identity_user.id'], name=op.f('fk_client_view_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_view')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_client_view_client_id_at'), 'client_view', ['client_id', 'at'], unique=False)
    op.create_index(op.f('ix_client_view_staff_id_what_at'), 'client_view', ['staff_id', 'what', 'at'], unique=False)
    op.create_table('client_change_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('change_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('verb', sa.String(length=16), nullable=False),
    sa.Column('to_state', sa.String(length=16), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['client_change.id'], name=op.f('fk_client_change_event_change_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_change_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_client_change_event_change_id'), 'client_change_event', ['change_id'], unique=False)
    only_grows(op, "client_fact_history")
    only_grows(op, "client_change_event")
    only_grows(op, "client_consent")
    only_grows(op, "client_view")


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f('ix_client_change_event_change_id'), table_name='client_change_event')
    op.drop_table('client_change_event')
    op.drop_index(op.f('ix_client_phone_proof_client_id_ended_at'), table_name='client_phone_proof')
    op.drop_table('client_phone_proof')
    op.drop_index(op.f('ix_client_view_staff_id_what_at'), table_name='client_view')
    op.drop_index(op.f('ix_client_view_client_id_at'), table_name='client_view')
    op.drop_table('client_view')
    op.drop_index(op.f('ix_client_fact_history_client_id_key'), table_name='client_fact_history')
    op.drop_table('client_fact_history')
    op.drop_index(op.f('ix_client_consent_client_id_kind'), table_name='client_consent')
    op.drop_table('client_consent')
    op.drop_index(op.f('ix_client_change_state_requested_at'), table_name='client_change')
    op.drop_index(op.f('ix_client_change_exported_on'), table_name='client_change')
    op.drop_index(op.f('ix_client_change_client_id_requested_at'), table_name='client_change')
    op.drop_table('client_change')
    drop_guard(op, "client_fact_history")
    drop_guard(op, "client_change_event")
    drop_guard(op, "client_consent")
    drop_guard(op, "client_view")
