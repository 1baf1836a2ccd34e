"""The registry: every kind of feature by its name. A new one is a file, and a line here."""

from typing import Any

from catui.domain.kind import Kind
from catui.features.book import book_pressure
from catui.features.flow import trade_flow
from catui.features.price import price
from catui.features.volatility import volatility

ALL: tuple[Kind[..., Any], ...] = (
    price,
    book_pressure,
    trade_flow,
    volatility,
)

KINDS: dict[str, Kind[..., Any]] = {kind.name: kind for kind in ALL}
