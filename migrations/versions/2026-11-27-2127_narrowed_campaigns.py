"""A special call-back may be for some tiers, levels or branches alone."""

import sqlalchemy as sa
from alembic import op

revision = "0081_narrowed_campaigns"
down_revision = "0080_presence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what narrows the target: of the ones before, nothing."""
    with op.batch_alter_table("callback_campaign") as table:
        table.add_column(sa.Column("narrowing", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("callback_campaign") as table:
        table.alter_column("narrowing", server_default=None)


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("callback_campaign") as table:
        table.drop_column("narrowing")
