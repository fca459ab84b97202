"""持仓: what a client holds, what it cost and what it is worth, each figure with its formula."""

from portal.holdings.actions import note_day
from portal.holdings.fees import Fees, RateCard
from portal.holdings.fees import of_order as fees_of_order
from portal.holdings.figures import Fig
from portal.holdings.portfolio import Holding, Portfolio
from portal.holdings.queries import portfolio_of
from portal.holdings.taxclock import rate as dividend_tax_rate
from portal.holdings.vectors import vector
from portal.holdings.year import Year, year_line

__all__ = [
    "Fees",
    "Fig",
    "Holding",
    "Portfolio",
    "RateCard",
    "Year",
    "dividend_tax_rate",
    "fees_of_order",
    "note_day",
    "portfolio_of",
    "vector",
    "year_line",
]
