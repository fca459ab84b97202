"""Each week's worklist of core clients whose information is under the guideline."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0061_core_clients"
down_revision = "0060_calls"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("desk_core_week", "desk_core_client")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "desk_core_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("guideline_percent", sa.Integer(), nullable=False),
        sa.Column("core_clients", sa.Integer(), nullable=False),
        sa.Column("laid_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_desk_core_week")),
    )
    op.create_table(
        "desk_core_client",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("client_id", ID, nullable=False, autoincrement=False),
        sa.Column("reasons", sa.String(length=40), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("branch_no", sa.String(length=8), nullable=False),
        sa.Column("responsible_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_desk_core_client_client_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["identity_user.id"], name=op.f("fk_desk_core_client_responsible_id")),
        sa.ForeignKeyConstraint(["week"], ["desk_core_week.week"], name=op.f("fk_desk_core_client_week")),
        sa.PrimaryKeyConstraint("week", "client_id", name=op.f("pk_desk_core_client")),
    )
    op.create_index(op.f("ix_desk_core_client_client_id"), "desk_core_client", ["client_id"])
    for table in TABLES:
        only_grows(op, table)


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for table in TABLES:
        drop_guard(op, table)
