"""Tiers that are measured, upgrades bought with points, the club and its events."""

import sqlalchemy as sa
from alembic import op

from portal.kit.migrations import drop_guard, only_grows

revision = "0022_tiers_and_club"
down_revision = "0021_recovery"
branch_labels = None
depends_on = None

GUARDED = (
    "tier_terms",
    "tier_evaluation",
    "tier_notice",
    "tier_answer",
    "tier_loyalty",
    "tier_adviser_of",
    "club_application_event",
    "club_membership",
    "club_leaving",
)
CHECKS = {
    "known_kind": ("kind = 'sms'", "kind IN ('sms', 'tier_upgrade')"),
    "known_service": (
        "service_kind IN ('account', 'ipo', 'advice')",
        "service_kind IN ('account', 'ipo', 'advice', 'tier')",
    ),
}
OLD_KEY, NEW_KEY = ["client_id", "valid_from"], ["client_id", "tier", "source", "valid_from"]


def _check_kinds(old: int, new: int) -> None:
    # SQLite can't change a CHECK, and other tables' keys forbid laying the table anew: its text is edited in place.
    if op.get_bind().dialect.name == "sqlite":
        version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar()
        op.execute("PRAGMA writable_schema = ON")
        for texts in CHECKS.values():
            told = sa.text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = 'catalog_item_version'")
            op.get_bind().execute(told, {"old": f"({texts[old]})", "new": f"({texts[new]})"})
        op.execute(f"PRAGMA schema_version = {version + 1}")
        op.execute("PRAGMA writable_schema = OFF")
        return
    for name, texts in CHECKS.items():
        op.drop_constraint(op.f(f"ck_catalog_item_version_{name}"), "catalog_item_version", type_="check")
        op.create_check_constraint(op.f(f"ck_catalog_item_version_{name}"), "catalog_item_version", texts[new])


def _periods(old: list[str], new: list[str]) -> None:
    # On SQLite the table is laid anew, its rows and its guard with it; its checks have to be told again.
    source = sa.Column("source", sa.String(length=12), server_default="staff", nullable=False)
    checks = (
        sa.CheckConstraint("tier IN ('normal', 'silver', 'gold', 'platinum')", name=op.f("ck_client_tier_period_known_tier")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_client_tier_period_has_days")),
    )
    with op.batch_alter_table("client_tier_period", table_args=checks) as table:
        if "source" in new:
            table.add_column(source)
        table.drop_constraint(op.f("uq_client_tier_period_" + "_".join(old)), type_="unique")
        table.create_unique_constraint(op.f("uq_client_tier_period_" + "_".join(new)), new)
        if "source" in old:
            table.drop_column("source")
    if op.get_bind().dialect.name == "sqlite":
        only_grows(op, "client_tier_period")


def upgrade() -> None:
    """Lay the tables."""
    op.create_table('club_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('title_zh', sa.String(length=60), nullable=False),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('aim_zh', sa.String(length=300), nullable=False),
    sa.Column('aim_en', sa.String(length=500), nullable=False),
    sa.Column('place_zh', sa.String(length=80), nullable=False),
    sa.Column('place_en', sa.String(length=120), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('members_only', sa.Boolean(), nullable=False),
    sa.Column('min_tier', sa.String(length=8), nullable=False),
    sa.Column('min_level', sa.String(length=2), nullable=True),
    sa.Column('branch_no', sa.String(length=8), nullable=True),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('planned_by', sa.String(length=60), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('lecture', 'training', 'strategy', 'visit', 'dialogue')", name=op.f('ck_club_event_known_kind')),
    sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f('ck_club_event_known_state')),
    sa.CheckConstraint('capacity > 0 AND taken >= 0 AND taken <= capacity', name=op.f('ck_club_event_has_room')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_club_event_points')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_club_event_has_time')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_event')),
    sa.UniqueConstraint('number', name=op.f('uq_club_event_number'))
    )
    op.create_index(op.f('ix_club_event_starts_at'), 'club_event', ['starts_at'], unique=False)
    op.create_table('tier_terms',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('author', sa.String(length=60), nullable=False),
    sa.Column('author_name', sa.String(length=60), nullable=False),
    sa.Column('approver', sa.String(length=60), nullable=False),
    sa.Column('approver_name', sa.String(length=60), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('author <> approver', name=op.f('ck_tier_terms_two_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_terms')),
    sa.UniqueConstraint('valid_from', name=op.f('uq_tier_terms_valid_from')),
    info={'immutable': True}
    )
    op.create_table('tier_terms_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=60), nullable=False),
    sa.Column('author_name', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('open', 'published', 'withdrawn')", name=op.f('ck_tier_terms_draft_known_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_terms_draft'))
    )
    op.create_table('club_leaving',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('card_no', sa.String(length=20), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_club_leaving_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_leaving')),
    sa.UniqueConstraint('card_no', name=op.f('uq_club_leaving_card_no')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_club_leaving_client_id'), 'club_leaving', ['client_id'], unique=False)
    op.create_table('club_membership',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('card_no', sa.String(length=20), nullable=False),
    sa.Column('basis', sa.String(length=40), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('begins_on <= ends_on', name=op.f('ck_club_membership_has_days')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_club_membership_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_membership')),
    sa.UniqueConstraint('card_no', 'begins_on', name=op.f('uq_club_membership_card_no_begins_on')),
    sa.UniqueConstraint('client_id', 'begins_on', name=op.f('uq_club_membership_client_id_begins_on')),
    info={'immutable': True}
    )
    op.create_table('club_registration',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('registered', 'waiting', 'cancelled', 'attended')", name=op.f('ck_club_registration_known_state')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_club_registration_client_id')),
    sa.ForeignKeyConstraint(['event_id'], ['club_event.id'], name=op.f('fk_club_registration_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_registration')),
    sa.UniqueConstraint('event_id', 'client_id', name=op.f('uq_club_registration_event_id_client_id')),
    sa.UniqueConstraint('event_id', 'code', name=op.f('uq_club_registration_event_id_code'))
    )
    op.create_index(op.f('ix_club_registration_client_id_state'), 'club_registration', ['client_id', 'state'], unique=False)
    op.create_index(op.f('ix_club_registration_event_id_state_queued_at'), 'club_registration', ['event_id', 'state', 'queued_at'], unique=False)
    op.create_table('tier_adviser',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch_no', sa.String(length=8), nullable=False),
    sa.Column('direct_line', sa.String(length=20), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('appointed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['identity_user.id'], name=op.f('fk_tier_adviser_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_tier_adviser'))
    )
    op.create_index(op.f('ix_tier_adviser_branch_no'), 'tier_adviser', ['branch_no'], unique=False)
    op.create_table('tier_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref_type', sa.String(length=20), nullable=False),
    sa.Column('ref_id', sa.String(length=40), nullable=False),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_tier_answer_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_answer')),
    sa.UniqueConstraint('ref_type', 'ref_id', name=op.f('uq_tier_answer_ref_type_ref_id')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_tier_answer_client_id_answered_at'), 'tier_answer', ['client_id', 'answered_at'], unique=False)
    op.create_table('tier_evaluation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('month_end', sa.Date(), nullable=False),
    sa.Column('terms_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batches', sa.String(length=64), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('mean_assets', sa.BigInteger(), nullable=False),
    sa.Column('commission', sa.BigInteger(), nullable=False),
    sa.Column('qualifies', sa.String(length=8), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('corrects', sa.Boolean(), nullable=False),
    sa.Column('evaluated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_tier_evaluation_client_id')),
    sa.ForeignKeyConstraint(['terms_id'], ['tier_terms.id'], name=op.f('fk_tier_evaluation_terms_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_evaluation')),
    sa.UniqueConstraint('client_id', 'month_end', 'batches', name=op.f('uq_tier_evaluation_client_id_month_end_batches')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_tier_evaluation_month_end'), 'tier_evaluation', ['month_end'], unique=False)
    op.create_table('tier_loyalty',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_tier_loyalty_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_loyalty')),
    sa.UniqueConstraint('client_id', 'years', name=op.f('uq_tier_loyalty_client_id_years')),
    info={'immutable': True}
    )
    op.create_table('tier_notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tier', sa.String(length=8), nullable=False),
    sa.Column('next_tier', sa.String(length=8), nullable=False),
    sa.Column('noticed_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.CheckConstraint('noticed_on < ends_on', name=op.f('ck_tier_notice_has_notice')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_tier_notice_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_notice')),
    sa.UniqueConstraint('client_id', 'ends_on', 'tier', name=op.f('uq_tier_notice_client_id_ends_on_tier')),
    info={'immutable': True}
    )
    op.create_table('tier_adviser_of',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adviser_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['adviser_id'], ['tier_adviser.user_id'], name=op.f('fk_tier_adviser_of_adviser_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_tier_adviser_of_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_adviser_of')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_tier_adviser_of_adviser_id'), 'tier_adviser_of', ['adviser_id'], unique=False)
    op.create_index(op.f('ix_tier_adviser_of_client_id_id'), 'tier_adviser_of', ['client_id', 'id'], unique=False)
    op.create_table('club_application',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tier', sa.String(length=8), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('hold_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('promised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times_out_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reviewed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.CheckConstraint("state <> 'granted' OR (reviewed_by IS NOT NULL AND decided_by IS NOT NULL)", name=op.f('ck_club_application_by_two')),
    sa.CheckConstraint("state IN ('applied', 'reviewed', 'granted', 'rejected', 'withdrawn', 'timed_out')", name=op.f('ck_club_application_state')),
    sa.CheckConstraint('decided_by <> reviewed_by', name=op.f('ck_club_application_four_eyes')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_club_application_client_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_club_application_decided_by')),
    sa.ForeignKeyConstraint(['hold_id'], ['points_hold.id'], name=op.f('fk_club_application_hold_id')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['identity_user.id'], name=op.f('fk_club_application_reviewed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_application')),
    sa.UniqueConstraint('client_id', 'request_key', name=op.f('uq_club_application_client_id_request_key')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_club_application_hold_id')),
    sa.UniqueConstraint('number', name=op.f('uq_club_application_number'))
    )
    op.create_index(op.f('ix_club_application_client_id_applied_at'), 'club_application', ['client_id', 'applied_at'], unique=False)
    op.create_index(op.f('ix_club_application_state_promised_at'), 'club_application', ['state', 'promised_at'], unique=False)
    op.create_table('club_application_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('verb', sa.String(length=12), nullable=False),
    sa.Column('to_state', sa.String(length=12), nullable=False),
    sa.Column('actor', sa.String(length=60), nullable=False),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['club_application.id'], name=op.f('fk_club_application_event_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_application_event')),
    info={'immutable': True}
    )
    op.create_index(op.f('ix_club_application_event_application_id'), 'club_application_event', ['application_id'], unique=False)
    for table in GUARDED:
        only_grows(op, table)
    op.add_column("catalog_item_version", sa.Column("grants_tier", sa.String(length=8), nullable=True))
    _check_kinds(0, 1)
    _periods(OLD_KEY, NEW_KEY)


def downgrade() -> None:
    """Take them away."""
    _periods(NEW_KEY, OLD_KEY)
    _check_kinds(1, 0)
    op.drop_column("catalog_item_version", "grants_tier")
    op.drop_index(op.f('ix_club_application_event_application_id'), table_name='club_application_event')
    op.drop_table('club_application_event')
    op.drop_index(op.f('ix_club_application_state_promised_at'), table_name='club_application')
    op.drop_index(op.f('ix_club_application_client_id_applied_at'), table_name='club_application')
    op.drop_table('club_application')
    op.drop_index(op.f('ix_tier_adviser_of_client_id_id'), table_name='tier_adviser_of')
    op.drop_index(op.f('ix_tier_adviser_of_adviser_id'), table_name='tier_adviser_of')
    op.drop_table('tier_adviser_of')
    op.drop_table('tier_notice')
    op.drop_table('tier_loyalty')
    op.drop_index(op.f('ix_tier_evaluation_month_end'), table_name='tier_evaluation')
    op.drop_table('tier_evaluation')
    op.drop_index(op.f('ix_tier_answer_client_id_answered_at'), table_name='tier_answer')
    op.drop_table('tier_answer')
    op.drop_index(op.f('ix_tier_adviser_branch_no'), table_name='tier_adviser')
    op.drop_table('tier_adviser')
    op.drop_index(op.f('ix_club_registration_event_id_state_queued_at'), table_name='club_registration')
    op.drop_index(op.f('ix_club_registration_client_id_state'), table_name='club_registration')
    op.drop_table('club_registration')
    op.drop_table('club_membership')
    op.drop_index(op.f('ix_club_leaving_client_id'), table_name='club_leaving')
    op.drop_table('club_leaving')
    op.drop_table('tier_terms_draft')
    op.drop_table('tier_terms')
    op.drop_index(op.f('ix_club_event_starts_at'), table_name='club_event')
    op.drop_table('club_event')
    for table in GUARDED:
        drop_guard(op, table)
