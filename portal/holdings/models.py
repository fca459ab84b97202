"""Table of what each account came to, day by day; each row belongs to the batch that brought the day."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Scaled

Exact = Scaled(6)  # shares to the hundredth at a price to the ten-thousandth: nothing is rounded


class AssetDay(Base):
    """An account's total assets at a day's close, and what came into it from outside on that day, in yuan."""

    __tablename__ = "asset_day"
    __table_args__ = (
        Index(None, "account_id", "on"),
        CheckConstraint("unpriced >= 0", name="unpriced"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    on: Mapped[date]
    assets: Mapped[Decimal] = mapped_column(Exact)
    net_flow: Mapped[Decimal] = mapped_column(Exact)
    unpriced: Mapped[int] = mapped_column(Integer)  # holdings left out of the assets, since they have no price yet
