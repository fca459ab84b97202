"""Versions of the questionnaire that one person has brought and another may publish."""

import sqlalchemy as sa
from alembic import op

revision = "0042_questionnaire_proposals"
down_revision = "0050_feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the table."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "questionnaire_proposal",
        sa.Column("id", key, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'published', 'taken_back')", name=op.f("ck_questionnaire_proposal_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_proposal")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("questionnaire_proposal")
