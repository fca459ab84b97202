"""Telephone calls, and who of the staff entered a request for a client."""

import sqlalchemy as sa
from alembic import op

revision = "0060_calls"
down_revision = "0034_adjustments"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay the table, and the column with its guard."""
    op.create_table(
        "client_call",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("staff_name", sa.String(length=60), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'proved', 'failed', 'ended')", name=op.f("ck_client_call_state")),
        sa.CheckConstraint("way IN ('code', 'facts')", name=op.f("ck_client_call_way")),
        sa.CheckConstraint("(way = 'code') = (code_hash IS NOT NULL)", name=op.f("ck_client_call_code")),
        sa.CheckConstraint("state <> 'proved' OR proved_at IS NOT NULL", name=op.f("ck_client_call_proved")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_call_client_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["identity_user.id"], name=op.f("fk_client_call_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_call")),
        sa.UniqueConstraint("number", name=op.f("uq_client_call_number")),
    )
    op.create_index(op.f("ix_client_call_client_id_opened_at"), "client_call", ["client_id", "opened_at"])
    op.create_index(op.f("ix_client_call_staff_id_opened_at"), "client_call", ["staff_id", "opened_at"])
    with op.batch_alter_table("client_change") as table:
        table.add_column(sa.Column("entered_by", ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_client_change_entered_by"), "identity_user", ["entered_by"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_client_change_not_own_work"), "decided_by <> entered_by AND endorsed_by <> entered_by"
        )


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("client_change") as table:
        table.drop_constraint(op.f("ck_client_change_not_own_work"), type_="check")
        table.drop_constraint(op.f("fk_client_change_entered_by"), type_="foreignkey")
        table.drop_column("entered_by")
    op.drop_table("client_call")
