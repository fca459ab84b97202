"""A small library for the tests: writers, clients of each level, pieces laid by the verbs."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from portal import calendar, identity, library, points
from portal.clients.models import Client
from portal.kit.db import Database
from portal.library import actions, queries
from portal.library.rules import Kind, Text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
TODAY, DAY = date(2026, 11, 20), timedelta(days=1)
QUESTIONS_ZH = (
    "? 卖出的钱哪天可取\n* 下一交易日\n- 当天\n! 资金 T+1 可取\n? 买入的股票哪天可卖\n- 当天\n* 下一交易日\n! 股票 T+1"
)
QUESTIONS_EN = (
    "? When can cash be drawn\n* Next trading day\n- Same day\n! T+1"
    "\n? When can shares be sold\n- Same day\n* Next\n! T+1"
)
RIGHT = {0: 0, 1: 1}
PLAIN = Text(
    topic="trading", title_zh="交易规则 T+1", title_en="How T+1 works", summary_zh="买卖与交收",
    summary_en="Settlement", body_zh="今天买入的股票，下一个交易日可以卖出。",
    body_en="Shares bought today can be sold tomorrow.",
    expires_on=TODAY + 60 * DAY,
)  # fmt: skip
QUIZZED = replace(PLAIN, questions_zh=QUESTIONS_ZH, questions_en=QUESTIONS_EN, points=20)
RESEARCH = replace(
    PLAIN, title_zh="水电行业观察", title_en="Hydropower", author="林研究", authored_on=TODAY, risk_class="R3",
    horizon_months=12, conflicts_zh="本公司没有持仓。", conflicts_en="The firm holds none.",
)  # fmt: skip


@dataclass(frozen=True)
class House:
    """Two of staff and a client."""

    database: Database
    client_id: int
    writer: library.Person
    reviewer: library.Person

    def draft(self, text: Text = PLAIN, kind: Kind = Kind.FAQ) -> str:
        """Write a draft; give its number."""
        with self.database.writing() as db:
            return actions.begin(db, kind, by=self.writer, text=text, now=NOW)

    def step(self, number: str, verb, *, by: library.Person | None = None, seen: int | None = None, now=NOW, **said):
        """Take one step on the draft of a piece; give what came of it."""
        with self.database.writing() as db:
            draft = queries.draft_of(db, queries.by_number(db, number).id)
            if draft is None:
                return None
            return verb(db, draft, seen=seen or draft.version, by=by or self.writer, now=now, **said)

    def publish(self, text: Text = PLAIN, kind: Kind = Kind.FAQ, *, now=NOW) -> str:
        """Write and publish a piece, by two persons; give its number."""
        number = self.draft(text, kind)
        self.step(number, actions.submit, now=now)
        edition = self.step(number, actions.publish, by=self.reviewer, now=now)
        assert isinstance(edition, int), edition
        return number

    def find(self, asked: str, *kinds: Kind) -> list[str]:
        """Give the Chinese titles that a question finds, best first."""
        from portal.library import rules

        with self.database.reading() as db:
            found = queries.search(db, asked, kinds or rules.FOR_EVERY_CLIENT, TODAY)
            return [row.title_zh for row in found]

    def points(self) -> int:
        """Give what the client has."""
        with self.database.reading() as db:
            return points.balance(db, self.client_id, NOW).available


def furnish(database: Database) -> House:
    """Lay it all."""
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, NOW)
        client = Client(
            client_no="6600010009", name="王小满", client_type="1", branch_no="0101", opened_on=date(2024, 1, 2),
            status="0",
        )  # fmt: skip
        db.add(client)
        db.flush()
        people = [
            identity.add_staff(db, name=name, roles=["handler"], by="system", now=NOW) for name in ("周经办", "吴复核")
        ]
        persons = [library.Person(f"staff:{user.id}", user.name, user.id) for user in people]
        return House(database, client.id, *persons)
