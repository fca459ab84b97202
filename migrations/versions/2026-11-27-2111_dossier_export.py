"""What clients asked to have of all that is held of them."""

import sqlalchemy as sa
from alembic import op

revision = "0072_dossier_export"
down_revision = "0070_dossier"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay the table."""
    when = sa.DateTime(timezone=True)
    op.create_table(
        "dossier_export",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", when, nullable=False),
        sa.Column("ready_at", when, nullable=True),
        sa.Column("ends_at", when, nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'ready', 'ended')", name=op.f("ck_dossier_export_state")),
        sa.CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name=op.f("ck_dossier_export_content")),
        sa.CheckConstraint(
            "state = 'asked' OR (ready_at IS NOT NULL AND ends_at IS NOT NULL)", name=op.f("ck_dossier_export_ready")
        ),
        sa.CheckConstraint("content IS NULL OR content LIKE 'sealed:%'", name=op.f("ck_dossier_export_sealed")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_dossier_export_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_export")),
        sa.UniqueConstraint("number", name=op.f("uq_dossier_export_number")),
    )
    op.create_index(op.f("ix_dossier_export_client_id_asked_at"), "dossier_export", ["client_id", "asked_at"])
    op.create_index(op.f("ix_dossier_export_state_ends_at"), "dossier_export", ["state", "ends_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("dossier_export")
