"""Handing over: who left, handovers with what they moved, requests about staff; owners of changes."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0072_staffing"
down_revision = "0072_regions"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
RUNNING = sa.text("state IN ('asked', 'approved', 'away')")
ASKED = sa.text("state = 'asked'")
FOUR_EYES = (
    "state NOT IN ('approved', 'away', 'done') OR"
    " (decided_by IS NOT NULL AND decided_by <> asked_by AND decided_by <> giver_id AND decided_by <> taker_id)"
)


def upgrade() -> None:
    """Lay them."""
    with op.batch_alter_table("identity_user") as table:
        table.add_column(sa.Column("shut_at", AT, nullable=True))
        table.add_column(sa.Column("shut_for", sa.String(length=8), nullable=True))
        table.create_check_constraint(op.f("ck_identity_user_shut"), "(shut_at IS NULL) = (shut_for IS NULL)")
        table.create_check_constraint(op.f("ck_identity_user_shut_for"), "shut_for IN ('locked', 'left')")
    with op.batch_alter_table("client_change") as table:
        table.add_column(sa.Column("owner_id", ID, nullable=True))
        table.create_foreign_key(op.f("fk_client_change_owner_id"), "identity_user", ["owner_id"], ["id"])
    op.execute("UPDATE client_change SET owner_id = decided_by WHERE state IN ('approved', 'overdue')")
    _tables()
    only_grows(op, "staffing_moved")


def _tables() -> None:
    op.create_table(
        "staffing_handover",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("taker_id", ID, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("begun_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('absence', 'leaving')", name=op.f("ck_staffing_handover_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'away', 'done', 'refused', 'withdrawn')",
            name=op.f("ck_staffing_handover_state"),
        ),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_staffing_handover_two_hands")),
        sa.CheckConstraint("(kind = 'absence') = (to_on IS NOT NULL)", name=op.f("ck_staffing_handover_has_end")),
        sa.CheckConstraint("to_on IS NULL OR from_on <= to_on", name=op.f("ck_staffing_handover_period")),
        sa.CheckConstraint(FOUR_EYES, name=op.f("ck_staffing_handover_four_eyes")),
        sa.CheckConstraint("kind = 'absence' OR state <> 'away'", name=op.f("ck_staffing_handover_away")),
        *(
            sa.ForeignKeyConstraint([name], ["identity_user.id"], name=op.f(f"fk_staffing_handover_{name}"))
            for name in ("giver_id", "taker_id", "asked_by", "decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_handover")),
        sa.UniqueConstraint("number", name=op.f("uq_staffing_handover_number")),
    )
    op.create_index(
        "uq_staffing_handover_running", "staffing_handover", ["giver_id", "kind"], unique=True, sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index(op.f("ix_staffing_handover_state_from_on"), "staffing_handover", ["state", "from_on"])
    op.create_index(op.f("ix_staffing_handover_taker_id"), "staffing_handover", ["taker_id"])
    op.create_table(
        "staffing_moved",
        sa.Column("id", ID, nullable=False),
        sa.Column("handover_id", ID, nullable=False),
        sa.Column("charge", sa.String(length=32), nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("to_id", ID, nullable=False),
        sa.Column("is_return", sa.Boolean(), nullable=False),
        sa.Column("moved_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["staffing_handover.id"], name=op.f("fk_staffing_moved_handover_id")),
        sa.ForeignKeyConstraint(["from_id"], ["identity_user.id"], name=op.f("fk_staffing_moved_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["identity_user.id"], name=op.f("fk_staffing_moved_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_moved")),
        info={"immutable": True},
    )
    op.create_index(op.f("ix_staffing_moved_handover_id"), "staffing_moved", ["handover_id"])
    op.create_index(op.f("ix_staffing_moved_charge_item_id_id"), "staffing_moved", ["charge", "item_id", "id"])
    op.create_table(
        "staffing_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("branch_no", sa.String(length=8), nullable=True),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("roles_before", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.CheckConstraint("kind IN ('invite', 'roles', 'unlock')", name=op.f("ck_staffing_change_kind")),
        sa.CheckConstraint("state IN ('asked', 'done', 'refused')", name=op.f("ck_staffing_change_state")),
        sa.CheckConstraint("kind = 'invite' OR subject_id IS NOT NULL", name=op.f("ck_staffing_change_subject")),
        sa.CheckConstraint(
            "state <> 'done' OR (decided_by IS NOT NULL AND decided_by <> asked_by)",
            name=op.f("ck_staffing_change_four_eyes"),
        ),
        sa.CheckConstraint(
            "subject_id <> asked_by AND subject_id <> decided_by", name=op.f("ck_staffing_change_not_about_oneself")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["identity_user.id"], name=op.f(f"fk_staffing_change_{name}"))
            for name in ("subject_id", "asked_by", "decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_change")),
    )
    op.create_index(
        "uq_staffing_change_open", "staffing_change", ["subject_id"], unique=True, sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("staffing_change")
    op.drop_table("staffing_moved")
    drop_guard(op, "staffing_moved")
    op.drop_table("staffing_handover")
    with op.batch_alter_table("client_change") as table:
        table.drop_constraint(op.f("fk_client_change_owner_id"), type_="foreignkey")
        table.drop_column("owner_id")
    with op.batch_alter_table("identity_user") as table:
        table.drop_constraint(op.f("ck_identity_user_shut_for"), type_="check")
        table.drop_constraint(op.f("ck_identity_user_shut"), type_="check")
        table.drop_column("shut_for")
        table.drop_column("shut_at")
