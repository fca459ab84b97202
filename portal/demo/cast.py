"""The cast: who is who in the demo, the tests and the docs. Everybody and every number here is invented."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FIRM = "青衡证券"
PASSWORD = "paper-lantern-demo-only"  # for the demo alone: printed at each start, and refused nowhere else


@dataclass(frozen=True)
class Client:
    """A client of the demo brokerage; amounts in yuan, `tier` as the tiers room names it."""

    name: str
    client_no: str
    tier: str
    second_factor: bool
    cash: Decimal
    shares: tuple[tuple[str, int], ...]  # held before the first day: the portal never learns what they cost
    card_no: str
    points_brought: int  # points of the old system, taken over as an opening balance
    mobile: str
    id_number: str
    gender: str
    opened_on: date
    risk_level: str  # as the counter assessed it; empty for who was never assessed

    @property
    def user_name(self) -> str:
        """Name this person at the sign-in: clients use their number."""
        return self.client_no

    @property
    def account_no(self) -> str:
        """Give the cash account."""
        return f"{self.client_no}01"

    def holder_no(self, market: str) -> str:
        """Give the shareholder account in a market."""
        return f"A{self.client_no[1:]}" if market == "SH" else f"0{self.client_no[1:]}"

    @property
    def born_on(self) -> date:
        """Give the date of birth, as the identity card says it."""
        return date.fromisoformat(self.id_number[6:14])


@dataclass(frozen=True)
class Colleague:
    """A member of staff of the demo brokerage."""

    name: str
    user_name: str
    roles: tuple[str, ...]
    second_factor: bool = True


CLIENTS = (
    Client(
        "王小满", "6600010001", "normal", False, Decimal("58000.00"), (), "RC-WEB", 120,
        "13800000101", "990000199503120021", "female", date(2023, 3, 9), "",
    ),
    Client(
        "李银川", "6600010002", "silver", True, Decimal("171900.00"), (), "RC-STD", 860,
        "13800000102", "990000198811050016", "male", date(2019, 6, 18), "C3",
    ),
    Client(
        "陈金波", "6600010003", "gold", False, Decimal("618300.50"), (("601483", 2000),), "RC-STD", 4200,
        "13800000103", "990000197609200039", "male", date(2015, 11, 2), "C4",
    ),
    Client(
        "白景云", "6600010004", "platinum", True, Decimal("2288450.75"), (("601483", 3000),), "RC-VIP", 21600,
        "13800000104", "990000196904180048", "female", date(2012, 4, 25), "C5",
    ),
    Client(
        "郑旁观", "6600010005", "normal", False, Decimal("76300.00"), (), "RC-STD", 0,
        "13800000105", "990000199112240050", "male", date(2024, 8, 15), "C2",
    ),
    # Of this one's trades the counter delivers one with a mistake: it waits in quarantine, for staff to look at.
    # She is over 65: the questionnaire is slower for her, and what lies above her level waits for a call.
    Client(
        "何待核", "6600010006", "normal", False, Decimal("64000.00"), (), "RC-STD", 0,
        "13800000106", "990000195807080061", "female", date(2022, 5, 30), "C2",
    ),
)  # fmt: skip
STAFF = (
    Colleague("周经办", "zhoujingban", ("handler",)),
    Colleague("吴复核", "wufuhe", ("handler", "reviewer")),
    Colleague("方见证", "fangjianzheng", ("handler",)),
    Colleague("许回访", "xuhuifang", ("handler",)),
    Colleague("沈投顾", "shentougu", ("adviser",)),
    Colleague("严合规", "yanhegui", ("compliance",)),
    Colleague("韩主管", "hanzhuguan", ("manager",)),
    Colleague("梁管理", "liangguanli", ("administrator",)),
)
BY_NAME = {person.name: person for person in CLIENTS}
