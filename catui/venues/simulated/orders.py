"""A request for a new order, checked: the words, what its type needs, decimals, filters; then the order itself."""

from collections.abc import Mapping
from typing import NamedTuple

from catui.venues.simulated.book import Order
from catui.venues.simulated.checks import Kind, Refusal, amount, one_of
from catui.venues.simulated.filters import failed
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.market import Market

PARAMETERS = {
    "symbol": Kind.WORD,
    "side": Kind.WORD,
    "type": Kind.WORD,
    "timeInForce": Kind.WORD,
    "quantity": Kind.DECIMAL,
    "quoteOrderQty": Kind.DECIMAL,
    "price": Kind.DECIMAL,
    "stopPrice": Kind.DECIMAL,
    "icebergQty": Kind.DECIMAL,
    "newClientOrderId": Kind.ID,
    "newOrderRespType": Kind.WORD,
    "selfTradePreventionMode": Kind.WORD,
}
REQUIRED = ("symbol", "side", "type")
RESPONSES = ("ACK", "RESULT", "FULL")
NEEDS: dict[str, tuple[str, ...]] = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": (),
}
ALLOWS: dict[str, tuple[str, ...]] = {**NEEDS, "MARKET": ("quantity", "quoteOrderQty")}
TERMS = ("timeInForce", "quantity", "quoteOrderQty", "price", "stopPrice", "icebergQty")
REFUSALS = {
    "INSUFFICIENT_BALANCES": "Account has insufficient balance for requested action.",
    "WOULD_MATCH_IMMEDIATELY": "Order would immediately match and take.",
}


class Wanted(NamedTuple):
    """A new order that passed every check but the engine's, and how its answer shall look."""

    order: Order
    response: str


def wanted(values: Mapping[str, str], market: Market, account: Account, default_id: str) -> Wanted:
    """The order that a request asks for. Refusal: the first check that it fails, in the order of the list above."""
    if "timeInForce" in values:
        one_of(values, "timeInForce", ("GTC", "IOC", "FOK"), (-1115, "Invalid timeInForce."))
    kind = one_of(values, "type", tuple(NEEDS), (-1116, "Invalid orderType."))
    side = one_of(values, "side", ("BUY", "SELL"), (-1117, "Invalid side."))
    _terms(values, kind)
    if values.get("selfTradePreventionMode", "NONE") != "NONE":
        raise Refusal(-1013, "This symbol does not allow the specified self-trade prevention mode.")
    response = values.get("newOrderRespType", "ACK" if kind == "LIMIT_MAKER" else "FULL")
    if response not in RESPONSES:
        raise Refusal(-1130, "Data sent for parameter 'newOrderRespType' is not valid.")
    price, quantity, budget = (
        amount(values, name) if name in values else 0 for name in ("price", "quantity", "quoteOrderQty")
    )
    listing = market.listing
    if "price" in values and not price:
        raise Refusal(-1013, "Filter failure: PRICE_FILTER")
    open_orders = sum(1 for owner, _ in market.open if owner == account.name)
    name = failed(listing, price, quantity, budget, market.average_price(), open_orders)
    if name:
        raise Refusal(-1013, f"Filter failure: {name}")
    order = Order(
        account,
        1 if side == "BUY" else -1,
        kind,
        price // listing.price_unit,
        quantity // listing.lot_unit,
        values.get("timeInForce", "GTC"),
        values.get("newClientOrderId", default_id),
        budget,
    )
    return Wanted(order, response)


def _terms(values: Mapping[str, str], kind: str) -> None:
    """Refusal: -1106 a term that the type does not have, -1102 one that it needs, -1128 a market order without one."""
    for name in TERMS:
        if name in values and name not in ALLOWS[kind]:
            raise Refusal(-1106, f"Parameter '{name}' sent when not required.")
    for name in NEEDS[kind]:
        if name not in values:
            raise Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
    if kind == "MARKET" and ("quantity" in values) == ("quoteOrderQty" in values):
        raise Refusal(-1128, "Combination of optional parameters invalid.")
