"""Notes about clients, and alarms about who looks at too much."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0070_dossier"
down_revision = "0080_reassessment"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay the tables."""
    when = sa.DateTime(timezone=True)
    op.create_table(
        "dossier_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("author_name", sa.String(length=60), nullable=False),
        sa.Column("at", when, nullable=False),
        sa.Column("corrects_id", ID, nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.CheckConstraint("audience IN ('internal', 'client')", name=op.f("ck_dossier_note_audience")),
        sa.CheckConstraint("corrects_id < id", name=op.f("ck_dossier_note_corrects_earlier")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_dossier_note_client_id")),
        sa.ForeignKeyConstraint(["author_id"], ["identity_user.id"], name=op.f("fk_dossier_note_author_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["dossier_note.id"], name=op.f("fk_dossier_note_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_note")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_dossier_note_corrects_id")),
        sa.UniqueConstraint("key", name=op.f("uq_dossier_note_key")),
    )
    op.create_index(op.f("ix_dossier_note_client_id_at"), "dossier_note", ["client_id", "at"])
    op.create_table(
        "client_reveal_alarm",
        sa.Column("id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("staff_name", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("raised_at", when, nullable=False),
        sa.Column("seen_by", ID, nullable=True),
        sa.Column("seen_by_name", sa.String(length=60), nullable=True),
        sa.Column("seen_at", when, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("seen_by <> staff_id", name=op.f("ck_client_reveal_alarm_not_own_work")),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_by IS NULL) AND (seen_at IS NULL) = (note IS NULL)",
            name=op.f("ck_client_reveal_alarm_seen"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["identity_user.id"], name=op.f("fk_client_reveal_alarm_staff_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["identity_user.id"], name=op.f("fk_client_reveal_alarm_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_reveal_alarm")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_client_reveal_alarm_staff_id_day")),
    )
    only_grows(op, "dossier_note")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("client_reveal_alarm")
    op.drop_table("dossier_note")
    drop_guard(op, "dossier_note")
