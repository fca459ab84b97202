"""What staff make of quarantined rows."""

import sqlalchemy as sa
from alembic import op

revision = "0015_feed_reviews"
down_revision = "0014_asset_days"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay the table."""
    op.create_table(
        "feed_review",
        sa.Column("quarantine_id", ID, autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_feed_review_four_eyes")),
        sa.CheckConstraint("verdict IN ('release', 'reject', 'wait')", name=op.f("ck_feed_review_verdict")),
        sa.CheckConstraint("state IN ('proposed', 'settled', 'declined')", name=op.f("ck_feed_review_state")),
        sa.CheckConstraint("state <> 'settled' OR decided_by IS NOT NULL", name=op.f("ck_feed_review_settled_by_two")),
        sa.ForeignKeyConstraint(["quarantine_id"], ["feed_quarantine.id"], name=op.f("fk_feed_review_quarantine_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["identity_user.id"], name=op.f("fk_feed_review_proposed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["identity_user.id"], name=op.f("fk_feed_review_decided_by")),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("pk_feed_review")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("feed_review")
