"""Every figure of a holding under the names of the specification's vectors, for programs."""

from typing import Any

from portal.holdings.figures import Fig
from portal.holdings.portfolio import Holding
from portal.kit.money import rounded

NAMES = {
    "mv": ("mv", 2),
    "ma_cost": ("amount.ma", 2),
    "ma_price": ("cost.ma", 4),
    "ma_pnl": ("pnl.float", 2),
    "ma_pct": ("pct.float", 2),
    "dil_cost": ("amount.dil", 2),
    "dil_price": ("cost.dil", 4),
    "dil_pnl": ("pnl.ref", 2),
    "dil_pct": ("pct.ref", 2),
    "fifo_cost": ("amount.fifo", 2),
    "fifo_price": ("cost.fifo", 4),
    "fifo_pnl": ("pnl.fifo", 2),
    "fifo_pct": ("pct.fifo", 2),
    "buy_avg": ("cost.buy", 4),
    "realised_ma": ("realised.ma", 2),
    "realised_fifo": ("realised.fifo", 2),
    "div": ("div.net", 2),
    "day_pnl": ("pnl.day", 2),
}


def vector(held: Holding) -> dict[str, Any]:
    """Write a holding's figures as decimal strings, rounded from the exact values; unknown is None."""
    facts = held.facts
    told: dict[str, Any] = {"account": facts.account_no, "market": facts.market, "code": facts.code}
    told |= {"name": facts.name, "qty": f"{facts.qty.normalize():f}"}
    told |= {key: _written(held[name], places) for key, (name, places) in NAMES.items()}
    told |= {f"be_{method}": _written(held[f"be.{method}"], held[f"be.{method}"].rounding) for method in ("dil", "ma")}
    return told | {"known": held.gap is None, "gap": held.gap}


def _written(fig: Fig, places: int) -> str | None:
    if fig.value is None:
        return None
    exact = rounded(fig.value, places)
    return str(exact or abs(exact))
