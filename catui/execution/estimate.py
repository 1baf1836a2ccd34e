"""What an order would cost if it arrived now: by the book that is held, and at the fees of the settings."""

from typing import NamedTuple

from catui.domain.moment import Market
from catui.domain.orders import Intent, OrderType, Side, TimeInForce
from catui.domain.settings import Desk
from catui.execution.fees import fee_money, rate_millibps
from catui.execution.matching import reaches


class Estimate(NamedTuple):
    """`taken_lots` of the book at `taken_value` (sum of price_ticks * lots); the rest rests at the limit, or expires.

    `value_money` and `fee_money` are of what is taken and of what rests, if all of that fills too.
    """

    taken_lots: int
    taken_value: int
    rest_lots: int
    value_money: int
    fee_money: int


def estimate(desk: Desk, market: Market, intent: Intent, lots: int) -> Estimate:
    """An order of `lots` against the held book, best price first, within its limit; one that must rest takes nothing.

    An estimate: what stands in the book may be gone when the order arrives, and queues decide whether the rest fills.
    """
    may_take, rests = intent.type is not OrderType.LIMIT_MAKER, intent.tif is TimeInForce.GTC
    taken_lots, taken_value = _taken(market, intent.side, lots, intent.limit_ticks) if may_take else (0, 0)
    rest_lots = lots - taken_lots if rests else 0
    unit = desk.unit_money[intent.instrument]
    taken, rest = taken_value * unit, rest_lots * intent.limit_ticks * unit
    fees = fee_money(taken, rate_millibps(desk.execution.taker_fee_bps))
    fees += fee_money(rest, rate_millibps(desk.execution.maker_fee_bps))
    return Estimate(taken_lots, taken_value, rest_lots, taken + rest, fees)


def _taken(market: Market, side: Side, lots: int, limit_ticks: int) -> tuple[int, int]:
    prices, sizes = market.asks if side is Side.BUY else market.bids
    if not prices:  # quotes alone: the touch is all that is known
        touch = (market.ask_ticks, market.ask_lots) if side is Side.BUY else (market.bid_ticks, market.bid_lots)
        prices, sizes = ([], []) if touch[0] is None else ([touch[0]], [touch[1]])
    left, value = lots, 0
    for price, size in zip(prices, sizes, strict=True):
        if not left or not reaches(side, limit_ticks, price):
            break
        taken = min(left, size)
        left -= taken
        value += taken * price
    return lots - left, value
