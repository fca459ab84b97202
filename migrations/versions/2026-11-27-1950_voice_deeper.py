"""A third clock, an owner of each improvement, answers by two persons, and surveys after events."""

import sqlalchemy as sa
from alembic import op

revision = "0070_voice_deeper"
down_revision = "0060_care"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SURVEY = "ck_feedback_invitation_survey"


def upgrade() -> None:
    """Lay them."""
    op.add_column("feedback_case", sa.Column("contact_minutes", sa.Integer(), nullable=True))
    op.create_table(
        "feedback_proposed_answer",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("finding", sa.String(length=12), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_by_name", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_feedback_proposed_answer_four_eyes")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_feedback_proposed_answer_decided")
        ),
        sa.CheckConstraint(
            "finding IN ('founded', 'partly', 'unfounded')", name=op.f("ck_feedback_proposed_answer_finding")
        ),
        sa.CheckConstraint(
            "cause IN ('process', 'system', 'staff', 'information', 'product', 'third_party', 'misunderstanding',"
            " 'other')",
            name=op.f("ck_feedback_proposed_answer_cause"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_case.id"], name=op.f("fk_feedback_proposed_answer_case_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["identity_user.id"], name=op.f("fk_feedback_proposed_answer_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["identity_user.id"], name=op.f("fk_feedback_proposed_answer_decided_by")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_feedback_proposed_answer")),
    )
    with op.batch_alter_table("feedback_improvement") as table:
        table.add_column(sa.Column("owner_id", ID, nullable=True))
        table.add_column(sa.Column("owner_name", sa.String(length=60), nullable=True))
        table.create_foreign_key(op.f("fk_feedback_improvement_owner_id"), "identity_user", ["owner_id"], ["id"])
    with op.batch_alter_table("feedback_invitation") as table:
        table.alter_column("survey", type_=sa.String(length=8), existing_type=sa.String(length=4))
        table.drop_constraint(op.f(SURVEY), type_="check")
        table.create_check_constraint(op.f(SURVEY), "survey IN ('csat', 'nps', 'ces', 'event')")


def downgrade() -> None:
    """Take them away; what was asked about events stands under the survey of the same scale."""
    op.execute("UPDATE feedback_invitation SET survey = 'csat' WHERE survey = 'event'")
    with op.batch_alter_table("feedback_invitation") as table:
        table.drop_constraint(op.f(SURVEY), type_="check")
        table.create_check_constraint(op.f(SURVEY), "survey IN ('csat', 'nps', 'ces')")
        table.alter_column("survey", type_=sa.String(length=4), existing_type=sa.String(length=8))
    with op.batch_alter_table("feedback_improvement") as table:
        table.drop_constraint(op.f("fk_feedback_improvement_owner_id"), type_="foreignkey")
        table.drop_column("owner_name")
        table.drop_column("owner_id")
    op.drop_table("feedback_proposed_answer")
    op.drop_column("feedback_case", "contact_minutes")
