"""An adjustment of points that takes another back; notes that members have opened."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0071_undone"
down_revision = "0071_calendar_notices"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column, once for each."""
    with op.batch_alter_table("points_adjustment") as table:
        table.add_column(sa.Column("undoes", ID, nullable=True))
        table.create_foreign_key(op.f("fk_points_adjustment_undoes"), "points_adjustment", ["undoes"], ["id"])
        table.create_unique_constraint(op.f("uq_points_adjustment_undoes"), ["undoes"])
    op.create_table(
        "library_note_reading",
        sa.Column("client_id", ID, autoincrement=False, nullable=False),
        sa.Column("piece_id", ID, autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_library_note_reading_client_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["library_piece.id"], name=op.f("fk_library_note_reading_piece_id")),
        sa.PrimaryKeyConstraint("client_id", "piece_id", name=op.f("pk_library_note_reading")),
    )
    only_grows(op, "library_note_reading")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("library_note_reading")
    drop_guard(op, "library_note_reading")
    with op.batch_alter_table("points_adjustment") as table:
        table.drop_constraint(op.f("uq_points_adjustment_undoes"), type_="unique")
        table.drop_constraint(op.f("fk_points_adjustment_undoes"), type_="foreignkey")
        table.drop_column("undoes")
