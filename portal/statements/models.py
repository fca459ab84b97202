"""Tables of accounts, prices and ledger rows; each dated row belongs to the batch that brought it."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Money, Price, Quantity, Scaled

Rate = Scaled(7)
PerTen = Scaled(6)


class Batch(Base):
    """One load of one business day or file; a resent day's old batch stays, but is no longer current."""

    __tablename__ = "batch"
    __table_args__ = (
        Index(
            "uq_batch_one_current_a_day",
            "business_date",
            unique=True,
            sqlite_where=text("is_current AND kind = 'feed'"),
            postgresql_where=text("is_current AND kind = 'feed'"),
        ),
        Index(
            "uq_batch_one_current_of_a_file",
            "manifest_sha256",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        CheckConstraint("kind IN ('feed', 'delivery_order')", name="kind"),
        CheckConstraint("sequence >= 1", name="sequence"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # feed | delivery_order
    business_date: Mapped[date]
    sequence: Mapped[int] = mapped_column(Integer)
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    previous_sha256: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool] = mapped_column(Boolean)
    loaded_at: Mapped[datetime] = mapped_column(Instant)


class Account(Base):
    """A cash account (资金账号) of a client."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_no: Mapped[str] = mapped_column(String(25), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    account_type: Mapped[str] = mapped_column(String(8))
    currency: Mapped[str] = mapped_column(String(3))
    opened_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(1))


class Security(Base):
    """A security as the latest feed day names it."""

    __tablename__ = "security"

    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    security_type: Mapped[str] = mapped_column(String(8))
    lot_size: Mapped[int] = mapped_column(Integer)
    tick: Mapped[Decimal] = mapped_column(Price)
    subscription_of: Mapped[str | None] = mapped_column(String(8))


class DayRow:
    """What every dated row carries: the batch that brought it and its line in that batch's file."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    line: Mapped[int] = mapped_column(Integer)


class SecurityPrice(DayRow, Base):
    """A closing price; `previous` is adjusted for ex-dates."""

    __tablename__ = "security_price"
    __table_args__ = (Index(None, "market", "code", "on"),)

    market: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(8))
    on: Mapped[date]
    close: Mapped[Decimal] = mapped_column(Price)
    previous: Mapped[Decimal] = mapped_column(Price)
    source: Mapped[str] = mapped_column(String(8))


class CashBalance(DayRow, Base):
    """What the counter says an account's cash was on a day."""

    __tablename__ = "cash_balance"
    __table_args__ = (Index(None, "account_id", "on"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    currency: Mapped[str] = mapped_column(String(3))
    on: Mapped[date]
    opening: Mapped[Decimal] = mapped_column(Money)
    net_flow: Mapped[Decimal] = mapped_column(Money)
    closing: Mapped[Decimal] = mapped_column(Money)
    frozen: Mapped[Decimal] = mapped_column(Money)


class AccountDay(DayRow, Base):
    """What a load found wrong with an account's day: breaks and quarantined rows; the seal rests on 0."""

    __tablename__ = "account_day"
    __table_args__ = (Index(None, "account_id", "on"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    on: Mapped[date]
    faults: Mapped[int] = mapped_column(Integer)


class CashFlow(DayRow, Base):
    """One signed movement of cash (资金流水), verbatim words kept."""

    __tablename__ = "cash_flow"
    __table_args__ = (Index(None, "account_id", "settle_on"),)

    flow_no: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    currency: Mapped[str] = mapped_column(String(3))
    settle_on: Mapped[date]
    occurred_at: Mapped[time | None]
    biz_code: Mapped[str] = mapped_column(String(16))
    biz_name: Mapped[str] = mapped_column(String(60))
    market: Mapped[str | None] = mapped_column(String(2))
    code: Mapped[str | None] = mapped_column(String(8))
    trade_no: Mapped[str | None] = mapped_column(String(32))
    amount: Mapped[Decimal] = mapped_column(Money)
    balance_after: Mapped[Decimal] = mapped_column(Money)
    remark: Mapped[str | None] = mapped_column(String(200))


class Trade(DayRow, Base):
    """One order's execution in one security (交割单): gross, each fee, and the signed net."""

    __tablename__ = "trade"
    __table_args__ = (Index(None, "account_id", "trade_on"),)

    trade_no: Mapped[str] = mapped_column(String(32))
    order_no: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    holder_no: Mapped[str] = mapped_column(String(16))
    market: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(8))
    trade_on: Mapped[date]
    settle_on: Mapped[date]
    traded_at: Mapped[time | None]
    side: Mapped[str] = mapped_column(String(1))
    price: Mapped[Decimal] = mapped_column(Price)
    qty: Mapped[Decimal] = mapped_column(Quantity)
    gross: Mapped[Decimal] = mapped_column(Money)
    commission: Mapped[Decimal] = mapped_column(Money)
    net_commission: Mapped[Decimal] = mapped_column(Money)
    stamp: Mapped[Decimal] = mapped_column(Money)
    transfer_fee: Mapped[Decimal] = mapped_column(Money)
    handling_fee: Mapped[Decimal] = mapped_column(Money)
    regulatory_fee: Mapped[Decimal] = mapped_column(Money)
    other_fee: Mapped[Decimal] = mapped_column(Money)
    net_amount: Mapped[Decimal] = mapped_column(Money)


class ShareMove(DayRow, Base):
    """One signed movement of shares."""

    __tablename__ = "share_move"
    __table_args__ = (Index(None, "account_id", "move_on"),)

    move_no: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    holder_no: Mapped[str] = mapped_column(String(16))
    market: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(8))
    move_on: Mapped[date]
    biz_code: Mapped[str] = mapped_column(String(16))
    qty: Mapped[Decimal] = mapped_column(Quantity)
    acquired_on: Mapped[date | None]
    cost_amount: Mapped[Decimal | None] = mapped_column(Money)
    ref_no: Mapped[str | None] = mapped_column(String(32))


class Position(DayRow, Base):
    """What the counter says an account held on a day; its cost price is for comparison only."""

    __tablename__ = "position"
    __table_args__ = (Index(None, "account_id", "on"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    holder_no: Mapped[str] = mapped_column(String(16))
    market: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(8))
    on: Mapped[date]
    qty_total: Mapped[Decimal] = mapped_column(Quantity)
    qty_available: Mapped[Decimal] = mapped_column(Quantity)
    qty_frozen: Mapped[Decimal] = mapped_column(Quantity)
    counter_cost_price: Mapped[Decimal | None] = mapped_column(Price)


class CorpAction(DayRow, Base):
    """An announced corporate action; amounts per ten shares."""

    __tablename__ = "corp_action"

    action_id: Mapped[str] = mapped_column(String(32))
    market: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(16))
    record_on: Mapped[date]
    ex_on: Mapped[date]
    pay_on: Mapped[date | None]
    cash_per_10: Mapped[Decimal | None] = mapped_column(PerTen)
    bonus_per_10: Mapped[Decimal | None] = mapped_column(PerTen)
    convert_per_10: Mapped[Decimal | None] = mapped_column(PerTen)
    rights_per_10: Mapped[Decimal | None] = mapped_column(PerTen)
    rights_price: Mapped[Decimal | None] = mapped_column(Price)


class RateCard(DayRow, Base):
    """A commission rate card and the day from which it holds."""

    __tablename__ = "rate_card"

    card_no: Mapped[str] = mapped_column(String(16))
    valid_from: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(Rate)
    minimum: Mapped[Decimal] = mapped_column(Money)
    includes_levies: Mapped[bool] = mapped_column(Boolean)
    includes_transfer: Mapped[bool] = mapped_column(Boolean)
