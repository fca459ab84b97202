"""Plans with gifts and switches, talks, and what is given with a subscription."""

import sqlalchemy as sa
from alembic import op

revision = "0033_catalogue_switch"
down_revision = "0042_library"
branch_labels = None
depends_on = None

CHECKS = {
    "known_kind": ("kind IN ('sms', 'tier_upgrade')", "kind IN ('sms', 'tier_upgrade', 'talk')"),
    "known_service": (
        "service_kind IN ('account', 'ipo', 'advice', 'tier')",
        "service_kind IN ('account', 'ipo', 'advice', 'tier', 'bonds', 'commission', 'talk')",
    ),
}


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


def upgrade() -> None:
    """Lay them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table('catalog_switch',
    sa.Column('id', key, nullable=False),
    sa.Column('item_id', key, nullable=False),
    sa.Column('turn', sa.String(length=4), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('proposed_by', key, nullable=False),
    sa.Column('proposed_by_name', sa.String(length=60), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', key, nullable=True),
    sa.Column('decided_by_name', sa.String(length=60), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name=op.f('ck_catalog_switch_decided')),
    sa.CheckConstraint("state IN ('proposed', 'in_force', 'withdrawn')", name=op.f('ck_catalog_switch_known_state')),
    sa.CheckConstraint("turn = 'off' OR state = 'withdrawn' OR decided_by <> proposed_by", name=op.f('ck_catalog_switch_two_persons')),
    sa.CheckConstraint("turn IN ('on', 'off')", name=op.f('ck_catalog_switch_known_turn')),
    sa.ForeignKeyConstraint(['decided_by'], ['identity_user.id'], name=op.f('fk_catalog_switch_decided_by')),
    sa.ForeignKeyConstraint(['item_id'], ['catalog_item.id'], name=op.f('fk_catalog_switch_item_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['identity_user.id'], name=op.f('fk_catalog_switch_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalog_switch'))
    )
    op.create_index(op.f('ix_catalog_switch_item_id_state'), 'catalog_switch', ['item_id', 'state'], unique=False)
    op.add_column('catalog_item_version', sa.Column('gifts', sa.Text(), server_default='[]', nullable=False))
    op.add_column('catalog_item_version', sa.Column('needs_switch', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('sms_subscription', sa.Column('gift_of', key, nullable=True))
    op.create_index(op.f('ix_sms_subscription_gift_of'), 'sms_subscription', ['gift_of'], unique=False)
    _check_kinds(0, 1)


def downgrade() -> None:
    """Take them away."""
    _check_kinds(1, 0)
    op.drop_index(op.f('ix_sms_subscription_gift_of'), table_name='sms_subscription')
    op.drop_column('sms_subscription', 'gift_of')
    op.drop_column('catalog_item_version', 'needs_switch')
    op.drop_column('catalog_item_version', 'gifts')
    op.drop_index(op.f('ix_catalog_switch_item_id_state'), table_name='catalog_switch')
    op.drop_table('catalog_switch')
