"""Who is away is away up to a day, and there again from the next."""

import sqlalchemy as sa
from alembic import op

revision = "0080_presence"
down_revision = "0072_dossier_export"
branch_labels = None
depends_on = None

def upgrade() -> None:
    """Add the day."""
    with op.batch_alter_table("booking_clerk") as table:
        table.add_column(sa.Column("away_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("booking_clerk") as table:
        table.drop_column("away_until")
