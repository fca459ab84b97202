"""Recovery codes, recoveries by two members of staff, and notices of changed credentials."""

import sqlalchemy as sa
from alembic import op

revision = "0021_recovery"
down_revision = "0021_bookings"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RUNNING = sa.text("state IN ('opened', 'confirmed', 'given')")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table(
        "identity_recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["identity_user.id"], name=op.f("fk_identity_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_identity_recovery_code")),
    )
    op.create_index(op.f("ix_identity_recovery_code_user_id"), "identity_recovery_code", ["user_id"])
    op.create_table(
        "identity_recovery",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("record", sa.String(length=500), nullable=False),
        sa.Column("opened_by", ID, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", ID, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confirmed_by <> opened_by", name=op.f("ck_identity_recovery_four_eyes")),
        sa.CheckConstraint(
            "state IN ('opened', 'confirmed', 'given', 'used', 'cancelled')", name=op.f("ck_identity_recovery_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'given', 'used') OR confirmed_by IS NOT NULL",
            name=op.f("ck_identity_recovery_by_two"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["identity_user.id"], name=op.f("fk_identity_recovery_user_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["identity_user.id"], name=op.f("fk_identity_recovery_opened_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["identity_user.id"], name=op.f("fk_identity_recovery_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_recovery")),
    )
    op.create_index(
        "uq_identity_recovery_one_at_a_time",
        "identity_recovery",
        ["user_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_table(
        "identity_notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["identity_user.id"], name=op.f("fk_identity_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_notice")),
    )
    op.create_index(op.f("ix_identity_notice_handed_on_at"), "identity_notice", ["handed_on_at"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_identity_notice_handed_on_at"), table_name="identity_notice")
    op.drop_table("identity_notice")
    op.drop_index("uq_identity_recovery_one_at_a_time", table_name="identity_recovery")
    op.drop_table("identity_recovery")
    op.drop_index(op.f("ix_identity_recovery_code_user_id"), table_name="identity_recovery_code")
    op.drop_table("identity_recovery_code")
