"""Bookings: lines that the handler enters, promises, sheets filled in ahead, handovers, closures; call campaigns."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0051_openings"
down_revision = "0035_rule_drafts"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Lay the tables; the lines that stand so far were all entered by the bookings' handlers."""
    _relation_entry()
    op.execute(
        "INSERT INTO booking_relation_entry (booking_id, ordinal, branch_id, day, fields, entered_by, entered_at)"
        " SELECT line.booking_id, 1, line.branch_id, line.day, line.fields, booking.handler_id, booking.signed_at"
        " FROM booking_relation_line AS line JOIN booking ON booking.id = line.booking_id"
    )
    op.drop_index(op.f("ix_booking_relation_line_branch_id_day"), table_name="booking_relation_line")
    op.drop_table("booking_relation_line")
    drop_guard(op, "booking_relation_line")
    _promise()
    _sheet()
    _handover()
    _days()
    _campaign()


def downgrade() -> None:
    """Take them away; of each relation's lines the first one stays."""
    op.drop_table("callback_campaign_task")
    op.drop_table("callback_campaign")
    op.drop_table("booking_weekend_day")
    op.drop_table("booking_closure")
    op.drop_table("booking_handover")
    op.drop_table("booking_sheet")
    drop_guard(op, "booking_sheet")
    op.drop_index(op.f("ix_booking_promise_due_at"), table_name="booking_promise")
    op.drop_index(op.f("ix_booking_promise_booking_id_kind"), table_name="booking_promise")
    op.drop_table("booking_promise")
    _relation_line()
    op.execute(
        "INSERT INTO booking_relation_line (booking_id, branch_id, day, fields)"
        " SELECT booking_id, branch_id, day, fields FROM booking_relation_entry WHERE ordinal = 1"
    )
    op.drop_index(op.f("ix_booking_relation_entry_branch_id_day"), table_name="booking_relation_entry")
    op.drop_table("booking_relation_entry")
    drop_guard(op, "booking_relation_entry")


def _relation_entry() -> None:
    op.create_table(
        "booking_relation_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("entered_by", KEY, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.CheckConstraint("ordinal = 1 OR reason IS NOT NULL", name=op.f("ck_booking_relation_entry_reason")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_relation_entry_booking_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["booking_branch.id"], name=op.f("fk_booking_relation_entry_branch_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["identity_user.id"], name=op.f("fk_booking_relation_entry_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_relation_entry")),
        sa.UniqueConstraint("booking_id", "ordinal", name=op.f("uq_booking_relation_entry_booking_id_ordinal")),
    )
    op.create_index(op.f("ix_booking_relation_entry_branch_id_day"), "booking_relation_entry", ["branch_id", "day"])
    only_grows(op, "booking_relation_entry")


def _relation_line() -> None:
    op.create_table(
        "booking_relation_line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_relation_line_booking_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["booking_branch.id"], name=op.f("fk_booking_relation_line_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_relation_line")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_booking_relation_line_booking_id")),
    )
    op.create_index(op.f("ix_booking_relation_line_branch_id_day"), "booking_relation_line", ["branch_id", "day"])
    only_grows(op, "booking_relation_line")


def _promise() -> None:
    op.create_table(
        "booking_promise",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('answer', 'review', 'call')", name=op.f("ck_booking_promise_kind")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_promise_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_promise")),
    )
    op.create_index(op.f("ix_booking_promise_booking_id_kind"), "booking_promise", ["booking_id", "kind"])
    op.create_index(op.f("ix_booking_promise_due_at"), "booking_promise", ["due_at"])
    op.execute(
        "INSERT INTO booking_promise (booking_id, kind, made_at, due_at, kept_at)"
        " SELECT id, 'answer', booked_at, promised_at, answered_at FROM booking"
    )


def _sheet() -> None:
    op.create_table(
        "booking_sheet",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("filled_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_sheet_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_sheet")),
        sa.UniqueConstraint("booking_id", "ordinal", name=op.f("uq_booking_sheet_booking_id_ordinal")),
    )
    only_grows(op, "booking_sheet")


def _handover() -> None:
    op.create_table(
        "booking_handover",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("slot_id", KEY, nullable=True),
        sa.Column("address", sa.String(length=120), nullable=True),
        sa.Column("bring_on", sa.Date(), nullable=True),
        sa.Column("chosen_at", INSTANT, nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("handed_by", KEY, nullable=True),
        sa.Column("handed_at", INSTANT, nullable=True),
        sa.Column("signed_name", sa.String(length=60), nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("way IN ('collect', 'bring')", name=op.f("ck_booking_handover_way")),
        sa.CheckConstraint("(way = 'collect') = (slot_id IS NOT NULL)", name=op.f("ck_booking_handover_collect")),
        sa.CheckConstraint(
            "(way = 'bring') = (address IS NOT NULL AND bring_on IS NOT NULL)", name=op.f("ck_booking_handover_bring")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_name IS NULL)", name=op.f("ck_booking_handover_signed")
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR handed_at IS NOT NULL", name=op.f("ck_booking_handover_handed_first")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_handover_booking_id")),
        sa.ForeignKeyConstraint(["handed_by"], ["identity_user.id"], name=op.f("fk_booking_handover_handed_by")),
        sa.ForeignKeyConstraint(["slot_id"], ["booking_slot.id"], name=op.f("fk_booking_handover_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_handover")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_booking_handover_booking_id")),
    )


def _days() -> None:
    op.create_table(
        "booking_closure",
        sa.Column("id", KEY, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("closed_by", KEY, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["booking_branch.id"], name=op.f("fk_booking_closure_branch_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["identity_user.id"], name=op.f("fk_booking_closure_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_closure")),
        sa.UniqueConstraint("branch_id", "day", name=op.f("uq_booking_closure_branch_id_day")),
    )
    op.create_table(
        "booking_weekend_day",
        sa.Column("id", KEY, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday IN (5, 6)", name=op.f("ck_booking_weekend_day_weekday")),
        sa.ForeignKeyConstraint(["branch_id"], ["booking_branch.id"], name=op.f("fk_booking_weekend_day_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_weekend_day")),
        sa.UniqueConstraint("branch_id", name=op.f("uq_booking_weekend_day_branch_id")),
    )


def _campaign() -> None:
    op.create_table(
        "callback_campaign",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("script_id", KEY, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("first_id", KEY, nullable=False),
        sa.Column("second_id", KEY, nullable=False),
        sa.Column("opened_by", KEY, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_callback_campaign_two_persons")),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_callback_campaign_period")),
        sa.CheckConstraint(
            "occasion IN ('festival', 'exchange', 'product', 'other')", name=op.f("ck_callback_campaign_occasion")
        ),
        sa.CheckConstraint("target IN ('all', 'new', 'listed')", name=op.f("ck_callback_campaign_target")),
        sa.ForeignKeyConstraint(["first_id"], ["identity_user.id"], name=op.f("fk_callback_campaign_first_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["identity_user.id"], name=op.f("fk_callback_campaign_opened_by")),
        sa.ForeignKeyConstraint(["script_id"], ["callback_script.id"], name=op.f("fk_callback_campaign_script_id")),
        sa.ForeignKeyConstraint(["second_id"], ["identity_user.id"], name=op.f("fk_callback_campaign_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_campaign")),
        sa.UniqueConstraint("number", name=op.f("uq_callback_campaign_number")),
    )
    op.create_table(
        "callback_campaign_task",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["callback_campaign.id"], name=op.f("fk_callback_campaign_task_campaign_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["callback_task.id"], name=op.f("fk_callback_campaign_task_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_campaign_task")),
        sa.UniqueConstraint("task_id", name=op.f("uq_callback_campaign_task_task_id")),
    )
