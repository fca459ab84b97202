"""Figures of a client as the feed would have brought them: batches, an account, what it came to each day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import column as col
from sqlalchemy import insert, table

from portal import calendar, identity, points, tiers
from portal.clients.models import Client
from portal.kit.db import Database
from portal.statements import Account, Batch, Trade

NOW = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)  # a Sunday morning in Shanghai, the day after a month's end
ASSETS = table("asset_day", *map(col, ("batch_id", "account_id", "on", "assets", "net_flow", "unpriced")))


@dataclass
class House:
    """One client with an account."""

    database: Database
    client_id: int
    account_id: int

    def day(self, on: date, assets: str, commission: str = "0", sequence: int = 1) -> None:
        """Bring a day: what the account came to, and a trade's net commission."""
        with self.database.writing() as db:
            old = Batch.business_date == on
            db.execute(Batch.__table__.update().where(old).values(is_current=False))
            name = sha256(f"{on}{sequence}".encode()).hexdigest()
            batch = Batch(
                kind="feed", business_date=on, sequence=sequence, manifest_sha256=name, previous_sha256=name,
                is_current=True, loaded_at=NOW,
            )  # fmt: skip
            db.add(batch)
            db.flush()
            row = {"batch_id": batch.id, "account_id": self.account_id, "on": on, "net_flow": 0, "unpriced": 0}
            db.execute(insert(ASSETS).values(**row, assets=int(Decimal(assets).scaleb(6))))
            if Decimal(commission):
                db.add(_trade(batch.id, self.account_id, on, Decimal(commission)))

    def evaluate(self, month_end: date = date(2026, 10, 31), now: datetime = NOW) -> int:
        """Evaluate a month's end; give how many clients were."""
        with self.database.writing() as db:
            return tiers.evaluate(db, month_end, now)

    def tier(self, day: date) -> str:
        """Give the client's tier on a day."""
        with self.database.reading() as db:
            return tiers.tier_on(db, self.client_id, day)

    def periods(self) -> list[tuple[str, str, str, str]]:
        """List the client's periods, the oldest first."""
        with self.database.reading() as db:
            found = reversed(tiers.periods_of(db, self.client_id))
            last = timedelta(days=1)
            return [(p.tier, str(p.valid_from), str(p.valid_to - last), p.source) for p in found]


def furnish(database: Database, opened_on: date = date(2019, 1, 5)) -> House:
    """Lay terms, calendar, earning rules and a client with one account."""
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, NOW)
        tiers.seed_terms(db, NOW)
        client = Client(
            client_no="10000001", name="李银川", client_type="1", branch_no="0101", opened_on=opened_on, status="0"
        )
        db.add(client)
        db.flush()
        account = Account(
            account_no="1000000101", client_id=client.id, account_type="CASH", currency="CNY", opened_on=opened_on,
            status="0",
        )  # fmt: skip
        db.add(account)
        db.flush()
        return House(database, client.id, account.id)


def add_adviser(database: Database, name: str) -> int:
    """Appoint an adviser of the client's branch."""
    with database.writing() as db:
        staff = identity.add_staff(db, name=name, roles=[], by="system", now=NOW)
        tiers.appoint_adviser(db, user_id=staff.id, branch_no="0101", direct_line="000", by="system", now=NOW)
        return staff.id


def _trade(batch_id: int, account_id: int, on: date, net: Decimal) -> Trade:
    zero = Decimal("0.00")
    fees = dict.fromkeys(("stamp", "transfer_fee", "handling_fee", "regulatory_fee", "other_fee"), zero)
    return Trade(
        batch_id=batch_id, line=1, trade_no=f"T{on:%Y%m%d}", order_no="O1", account_id=account_id, holder_no="A1",
        market="SH", code="600000", trade_on=on, settle_on=on, side="B", price=Decimal("1.0000"), qty=Decimal("1.00"),
        gross=Decimal("1.00"), commission=net, net_commission=net, net_amount=Decimal("-1.00"), **fees,
    )  # fmt: skip
