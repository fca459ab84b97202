"""Who sees which branch, and clients found by their name."""

import sqlalchemy as sa
from alembic import op

revision = "0060_reach"
down_revision = "0051_voice_follows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.add_column("identity_user", sa.Column("branch_no", sa.String(length=8), nullable=True))
    op.create_index(op.f("ix_client_name"), "client", ["name"], unique=False)


def downgrade() -> None:
    """Take them back."""
    op.drop_index(op.f("ix_client_name"), "client")
    op.drop_column("identity_user", "branch_no")
