"""An event may be for several branches."""

import sqlalchemy as sa
from alembic import op

revision = "0072_regions"
down_revision = "0071_undone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the column under its new name."""
    with op.batch_alter_table("club_event") as table:
        table.alter_column(
            "branch_no", new_column_name="branches", type_=sa.String(length=120), existing_type=sa.String(length=8),
            existing_nullable=True,
        )


def downgrade() -> None:
    """Keep the first branch of each."""
    op.execute("UPDATE club_event SET branches = SUBSTR(branches, 1, 4) WHERE branches IS NOT NULL")
    with op.batch_alter_table("club_event") as table:
        table.alter_column(
            "branches", new_column_name="branch_no", type_=sa.String(length=8), existing_type=sa.String(length=120),
            existing_nullable=True,
        )
