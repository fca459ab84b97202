"""The first tables of call-backs and bookings."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0021_bookings"
down_revision = "0020_suitability"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('booking_branch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=80), nullable=False),
    sa.Column('address_en', sa.String(length=120), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.CheckConstraint('capacity > 0', name=op.f('ck_booking_branch_capacity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_branch')),
    sa.UniqueConstraint('code', name=op.f('uq_booking_branch_code'))
    )
    op.create_table('booking_challenge',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('draft', sa.Text(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('lapses_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_challenge')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_booking_challenge_secret_hash'))
    )
    op.create_index(op.f('ix_booking_challenge_lapses_at'), 'booking_challenge', ['lapses_at'], unique=False)
    op.create_table('callback_script',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('questions', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback_script')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_callback_script_kind_version')),
    info={'immutable': True}
    )
    op.create_table('booking_clerk',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('is_present', sa.Boolean(), nullable=False),
    sa.Column('sells', sa.Boolean(), nullable=False),
    sa.Column('handles', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['branch_id'], ['booking_branch.id'], name=op.f('fk_booking_clerk_branch_id')),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_booking_clerk_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_clerk')),
    sa.UniqueConstraint('branch_id', 'user_id', name=op.f('uq_booking_clerk_branch_id_user_id'))
    )
    op.create_table('booking_relation_day',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('received_by <> closed_by AND received_by <> signed_by', name=op.f('ck_booking_relation_day_received')),
    sa.CheckConstraint('signed_by <> closed_by', name=op.f('ck_booking_relation_day_signed')),
    sa.ForeignKeyConstraint(['branch_id'], ['booking_branch.id'], name=op.f('fk_booking_relation_day_branch_id')),
    sa.ForeignKeyConstraint(['closed_by'], ['identity_user.id'], name=op.f('fk_booking_relation_day_closed_by')),
    sa.ForeignKeyConstraint(['received_by'], ['identity_user.id'], name=op.f('fk_booking_relation_day_received_by')),
    sa.ForeignKeyConstraint(['signed_by'], ['identity_user.id'], name=op.f('fk_booking_relation_day_signed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_relation_day')),
    sa.UniqueConstraint('branch_id', 'day', name=op.f('uq_booking_relation_day_branch_id_day'))
    )
    op.create_table('booking_slot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('visit', 'weekend')", name=op.f('ck_booking_slot_kind')),
    sa.CheckConstraint('taken BETWEEN 0 AND capacity', name=op.f('ck_booking_slot_taken')),
    sa.ForeignKeyConstraint(['branch_id'], ['booking_branch.id'], name=op.f('fk_booking_slot_branch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_slot')),
    sa.UniqueConstraint('branch_id', 'starts_at', name=op.f('uq_booking_slot_branch_id_starts_at'))
    )
    op.create_index(op.f('ix_booking_slot_branch_id_day'), 'booking_slot', ['branch_id', 'day'], unique=False)
    op.create_table('callback_task',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ref_type', sa.String(length=20), nullable=False),
    sa.Column('ref_id', sa.String(length=40), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('script_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kept_out', sa.Text(), nullable=False),
    sa.Column('follow', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('caller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("state IN ('open', 'passed', 'denied', 'unreached', 'withdrawn')", name=op.f('ck_callback_task_state')),
    sa.CheckConstraint('tries BETWEEN 0 AND 3', name=op.f('ck_callback_task_tries')),
    sa.ForeignKeyConstraint(['caller_id'], ['identity_user.id'], name=op.f('fk_callback_task_caller_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_callback_task_client_id')),
    sa.ForeignKeyConstraint(['script_id'], ['callback_script.id'], name=op.f('fk_callback_task_script_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback_task')),
    sa.UniqueConstraint('number', name=op.f('uq_callback_task_number')),
    sa.UniqueConstraint('ref_type', 'ref_id', 'round', name=op.f('uq_callback_task_ref_type_ref_id_round'))
    )
    op.create_index(op.f('ix_callback_task_client_id'), 'callback_task', ['client_id'], unique=False)
    op.create_index(op.f('ix_callback_task_state_next_at'), 'callback_task', ['state', 'next_at'], unique=False)
    op.create_table('booking',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('link_hash', sa.String(length=64), nullable=False),
    sa.Column('branch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=8), nullable=False),
    sa.Column('visitor_case', sa.String(length=8), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=11), nullable=False),
    sa.Column('referrer', sa.String(length=20), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('assigned_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('papers', sa.Text(), nullable=False),
    sa.Column('id_index', sa.String(length=64), nullable=True),
    sa.Column('id_valid_to', sa.Date(), nullable=True),
    sa.Column('client_no', sa.String(length=12), nullable=True),
    sa.Column('handler_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('witness_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reviewer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('letter_version', sa.Integer(), nullable=True),
    sa.Column('letter_hash', sa.String(length=64), nullable=True),
    sa.Column('signed_name', sa.String(length=60), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('missing_since', sa.Date(), nullable=True),
    sa.CheckConstraint("channel IN ('web', 'phone', 'branch', 'staff', 'referral')", name=op.f('ck_booking_channel')),
    sa.CheckConstraint("kind IN ('new', 'transfer_in', 'id_update', 'custody', 'other')", name=op.f('ck_booking_kind')),
    sa.CheckConstraint("state IN ('booked', 'prechecked', 'in_review', 'returned', 'approved', 'calling', 'unreached', 'confirmed', 'effective', 'taken_in', 'done', 'cancelled', 'no_show', 'denied')", name=op.f('ck_booking_state')),
    sa.CheckConstraint('moves BETWEEN 0 AND 99', name=op.f('ck_booking_moves')),
    sa.CheckConstraint('reviewer_id <> handler_id AND reviewer_id <> witness_id', name=op.f('ck_booking_four_eyes')),
    sa.CheckConstraint('witness_id <> handler_id', name=op.f('ck_booking_witness')),
    sa.ForeignKeyConstraint(['assigned_to'], ['identity_user.id'], name=op.f('fk_booking_assigned_to')),
    sa.ForeignKeyConstraint(['branch_id'], ['booking_branch.id'], name=op.f('fk_booking_branch_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_booking_client_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['identity_user.id'], name=op.f('fk_booking_handler_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['identity_user.id'], name=op.f('fk_booking_reviewer_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['booking_slot.id'], name=op.f('fk_booking_slot_id')),
    sa.ForeignKeyConstraint(['witness_id'], ['identity_user.id'], name=op.f('fk_booking_witness_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_booking_link_hash')),
    sa.UniqueConstraint('number', name=op.f('uq_booking_number'))
    )
    op.create_index(op.f('ix_booking_assigned_to_is_open'), 'booking', ['assigned_to', 'is_open'], unique=False)
    op.create_index(op.f('ix_booking_client_id'), 'booking', ['client_id'], unique=False)
    op.create_index(op.f('ix_booking_id_index'), 'booking', ['id_index'], unique=False)
    op.create_index('ix_booking_one_open', 'booking', ['phone', 'purpose'], unique=True, sqlite_where=sa.text('is_open'), postgresql_where=sa.text('is_open'))
    op.create_index('ix_booking_slot_visitor', 'booking', ['slot_id', 'phone'], unique=True, sqlite_where=sa.text('is_open'), postgresql_where=sa.text('is_open'))
    op.create_index(op.f('ix_booking_state_due_at'), 'booking', ['state', 'due_at'], unique=False)
    op.create_table('booking_hold',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('lapses_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.CheckConstraint("state IN ('open', 'used', 'lapsed')", name=op.f('ck_booking_hold_state')),
    sa.ForeignKeyConstraint(['slot_id'], ['booking_slot.id'], name=op.f('fk_booking_hold_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_hold')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_booking_hold_secret_hash'))
    )
    op.create_index(op.f('ix_booking_hold_slot_id'), 'booking_hold', ['slot_id'], unique=False)
    op.create_index(op.f('ix_booking_hold_state_lapses_at'), 'booking_hold', ['state', 'lapses_at'], unique=False)
    op.create_table('callback_try',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('task_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('caller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('caller_name', sa.String(length=60), nullable=False),
    sa.Column('means', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('recording', sa.String(length=80), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['caller_id'], ['identity_user.id'], name=op.f('fk_callback_try_caller_id')),
    sa.ForeignKeyConstraint(['task_id'], ['callback_task.id'], name=op.f('fk_callback_try_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback_try')),
    sa.UniqueConstraint('task_id', 'ordinal', name=op.f('uq_callback_try_task_id_ordinal')),
    info={'immutable': True}
    )
    op.create_table('booking_confirmation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('text_version', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('signed_name', sa.String(length=60), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_booking_confirmation_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_confirmation')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_booking_confirmation_booking_id')),
    info={'immutable': True}
    )
    op.create_table('booking_confirmation_copy',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('holder', sa.String(length=10), nullable=False),
    sa.Column('received_by', sa.String(length=40), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("holder IN ('operations', 'registrar', 'client')", name=op.f('ck_booking_confirmation_copy_holder')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_booking_confirmation_copy_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_confirmation_copy')),
    sa.UniqueConstraint('booking_id', 'holder', name=op.f('uq_booking_confirmation_copy_booking_id_holder')),
    info={'immutable': True}
    )
    op.create_table('booking_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('verb', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_booking_event_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_booking_event_booking_id'), 'booking_event', ['booking_id'], unique=False)
    op.create_table('booking_relation_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_booking_relation_line_booking_id')),
    sa.ForeignKeyConstraint(['branch_id'], ['booking_branch.id'], name=op.f('fk_booking_relation_line_branch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_relation_line')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_booking_relation_line_booking_id')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_booking_relation_line_branch_id_day'), 'booking_relation_line', ['branch_id', 'day'], unique=False)
    op.create_table('booking_waiting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('phone', sa.String(length=11), nullable=False),
    sa.Column('draft', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('hold_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('secret_hash', sa.String(length=64), nullable=True),
    sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name=op.f('ck_booking_waiting_offer')),
    sa.CheckConstraint("state IN ('waiting', 'offered', 'taken', 'lapsed', 'left')", name=op.f('ck_booking_waiting_state')),
    sa.ForeignKeyConstraint(['branch_id'], ['booking_branch.id'], name=op.f('fk_booking_waiting_branch_id')),
    sa.ForeignKeyConstraint(['hold_id'], ['booking_hold.id'], name=op.f('fk_booking_waiting_hold_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_waiting')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_booking_waiting_secret_hash'))
    )
    op.create_index('ix_booking_waiting_once', 'booking_waiting', ['branch_id', 'day', 'phone'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'offered')"), postgresql_where=sa.text("state IN ('waiting', 'offered')"))
    only_grows(op, "callback_script")
    only_grows(op, "callback_try")
    only_grows(op, "booking_confirmation")
    only_grows(op, "booking_confirmation_copy")
    only_grows(op, "booking_event")
    only_grows(op, "booking_relation_line")


def downgrade() -> None:
    """Take them away."""
    op.drop_index('ix_booking_waiting_once', table_name='booking_waiting', sqlite_where=sa.text("state IN ('waiting', 'offered')"), postgresql_where=sa.text("state IN ('waiting', 'offered')"))
    op.drop_table('booking_waiting')
    op.drop_index(op.f('ix_booking_relation_line_branch_id_day'), table_name='booking_relation_line')
    op.drop_table('booking_relation_line')
    op.drop_index(op.f('ix_booking_event_booking_id'), table_name='booking_event')
    op.drop_table('booking_event')
    op.drop_table('booking_confirmation_copy')
    op.drop_table('booking_confirmation')
    op.drop_table('callback_try')
    op.drop_index(op.f('ix_booking_hold_state_lapses_at'), table_name='booking_hold')
    op.drop_index(op.f('ix_booking_hold_slot_id'), table_name='booking_hold')
    op.drop_table('booking_hold')
    op.drop_index(op.f('ix_booking_state_due_at'), table_name='booking')
    op.drop_index('ix_booking_slot_visitor', table_name='booking', sqlite_where=sa.text('is_open'), postgresql_where=sa.text('is_open'))
    op.drop_index('ix_booking_one_open', table_name='booking', sqlite_where=sa.text('is_open'), postgresql_where=sa.text('is_open'))
    op.drop_index(op.f('ix_booking_id_index'), table_name='booking')
    op.drop_index(op.f('ix_booking_client_id'), table_name='booking')
    op.drop_index(op.f('ix_booking_assigned_to_is_open'), table_name='booking')
    op.drop_table('booking')
    op.drop_index(op.f('ix_callback_task_state_next_at'), table_name='callback_task')
    op.drop_index(op.f('ix_callback_task_client_id'), table_name='callback_task')
    op.drop_table('callback_task')
    op.drop_index(op.f('ix_booking_slot_branch_id_day'), table_name='booking_slot')
    op.drop_table('booking_slot')
    op.drop_table('booking_relation_day')
    op.drop_table('booking_clerk')
    op.drop_table('callback_script')
    op.drop_index(op.f('ix_booking_challenge_lapses_at'), table_name='booking_challenge')
    op.drop_table('booking_challenge')
    op.drop_table('booking_branch')
    drop_guard(op, "callback_script")
    drop_guard(op, "callback_try")
    drop_guard(op, "booking_confirmation")
    drop_guard(op, "booking_confirmation_copy")
    drop_guard(op, "booking_event")
    drop_guard(op, "booking_relation_line")
