"""E-mail addresses that wait for the link which went there."""

import sqlalchemy as sa
from alembic import op

revision = "0062_email_links"
down_revision = "0051_openings"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay the table."""
    when = sa.DateTime(timezone=True)
    op.create_table(
        "client_email_proof",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", when, nullable=False),
        sa.Column("lapses_at", when, nullable=False),
        sa.Column("sent_at", when, nullable=True),
        sa.Column("not_before", when, nullable=False),
        sa.Column("lease_until", when, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", when, nullable=True),
        sa.Column("confirmed_at", when, nullable=True),
        sa.CheckConstraint("token LIKE 'sealed:%'", name=op.f("ck_client_email_proof_sealed")),
        sa.CheckConstraint("confirmed_at IS NULL OR ended_at IS NOT NULL", name=op.f("ck_client_email_proof_confirmed")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_email_proof_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_email_proof")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_client_email_proof_token_hash")),
    )
    op.create_index(op.f("ix_client_email_proof_client_id_ended_at"), "client_email_proof", ["client_id", "ended_at"])
    op.create_index(op.f("ix_client_email_proof_sent_at_not_before"), "client_email_proof", ["sent_at", "not_before"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("client_email_proof")
