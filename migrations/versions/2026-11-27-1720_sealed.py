"""Seal the marked indicators where they lie, with a blind index for those that must be found."""

import sqlalchemy as sa
from alembic import context, op

from portal.kit.migrations import drop_guard, only_grows
from portal.kit.sealed import MARK

revision = "0041_sealed"
down_revision = "0032_lapse_notices"
branch_labels = None
depends_on = None

KEYS = (
    "address_home", "address_mail", "bank_card", "emergency_contact", "emergency_phone", "ethnic_group", "foreign_tin",
    "fund_account", "id_number", "id_photo_ref", "mobile", "phone_home", "trusted_contact",
)
FOUND = ("id_number", "mobile", "fund_account")
TOLD = ", ".join(f"'{key}'" for key in KEYS)
COLUMNS = {  # table: columns that may hold a marked value
    "client_fact": ("value",),
    "client_fact_history": ("old", "new"),
    "client_change": ("value",),
    "client_phone_proof": ("number",),
}
CHECKS = {
    "client_fact": {
        "sealed": f"value IS NULL OR key NOT IN ({TOLD}) OR value LIKE '{MARK}%'",
        "blind": "key NOT IN ('id_number', 'mobile', 'fund_account') OR blind IS NOT NULL",
    },
    "client_fact_history": {
        "old_sealed": f"old IS NULL OR key NOT IN ({TOLD}) OR old LIKE '{MARK}%'",
        "new_sealed": f"new IS NULL OR key NOT IN ({TOLD}) OR new LIKE '{MARK}%'",
    },
    "client_change": {"sealed": f"value IS NULL OR key NOT IN ({TOLD}) OR value LIKE '{MARK}%'"},
    "client_phone_proof": {"sealed": f"number LIKE '{MARK}%'"},
}


def upgrade() -> None:
    """Widen the columns, seal what lies in them, and let the database refuse open text from now on."""
    _lift_guard()
    with op.batch_alter_table("client_fact") as table:
        table.add_column(sa.Column("blind", sa.String(length=64), nullable=True))
    for name, columns in COLUMNS.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, type_=sa.Text())
    for name, columns in COLUMNS.items():
        _seal(name, columns)
    for name, checks in CHECKS.items():
        with op.batch_alter_table(name) as table:
            for check, told in checks.items():
                table.create_check_constraint(op.f(f"ck_{name}_{check}"), told)
    op.create_index(op.f("ix_client_fact_key_blind"), "client_fact", ["key", "blind"])
    _lay_guard()


def downgrade() -> None:
    """Open it all again."""
    _lift_guard()
    op.drop_index(op.f("ix_client_fact_key_blind"), table_name="client_fact")
    for name, checks in CHECKS.items():
        with op.batch_alter_table(name) as table:
            for check in checks:
                table.drop_constraint(op.f(f"ck_{name}_{check}"), type_="check")
    for name, columns in COLUMNS.items():
        _open(name, columns)
    with op.batch_alter_table("client_fact") as table:
        table.drop_column("blind")
    _lay_guard()


def _seal(name: str, columns: tuple[str, ...]) -> None:
    for row in _rows(name, columns):
        vault, key = context.config.attributes["vault"], row.key
        told = {
            column: MARK + vault.seal(text.encode(), bound_to=f"{name}.{column}")
            for column in columns
            if (text := getattr(row, column)) is not None
        }
        if name == "client_fact" and key in FOUND:
            told["blind"] = vault.blind(row.value, of=key)
        _write(name, row.id, told)


def _open(name: str, columns: tuple[str, ...]) -> None:
    for row in _rows(name, columns):
        vault = context.config.attributes["vault"]
        told = {
            column: vault.open(text.removeprefix(MARK), bound_to=f"{name}.{column}").decode()
            for column in columns
            if (text := getattr(row, column)) is not None
        }
        _write(name, row.id, told)


def _rows(name: str, columns: tuple[str, ...]):
    key = "key" if name != "client_phone_proof" else "'mobile' AS key"
    where = f" WHERE key IN ({TOLD})" if name != "client_phone_proof" else ""
    return op.get_bind().execute(sa.text(f"SELECT id, {key}, {', '.join(columns)} FROM {name}{where}")).all()


def _write(name: str, row_id: int, told: dict) -> None:
    marks = ", ".join(f"{column} = :{column}" for column in told)
    op.get_bind().execute(sa.text(f"UPDATE {name} SET {marks} WHERE id = :row_id"), {**told, "row_id": row_id})


def _lift_guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS client_fact_history_no_change ON client_fact_history")
        drop_guard(op, "client_fact_history")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS client_fact_history_no_{verb}")


def _lay_guard() -> None:
    only_grows(op, "client_fact_history")
