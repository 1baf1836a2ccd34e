"""The same crossing in hftbacktest; apart, because it compiles its own loop."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import hftbacktest as hbt
import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]


@njit
def _crossed(market: Any, move_fast: float, move_slow: float, warm: float) -> int:
    fast, slow, seen, position, orders = 0.0, 0.0, 0.0, 0.0, 0
    while market.elapse(1_000_000) == 0:
        depth = market.depth(0)
        mid = (depth.best_bid + depth.best_ask) * 0.5
        if not mid > 0.0:  # before the first touch
            continue
        fast = fast + move_fast * (mid - fast) if seen > 0.0 else mid
        slow = slow + move_slow * (mid - slow) if seen > 0.0 else mid
        seen += 1.0
        if seen >= warm:
            wanted = 1.0 if fast > slow else -1.0
            if wanted != position:
                orders += 1
                lots = abs(wanted - position)
                if wanted > position:
                    market.submit_buy_order(0, orders, depth.best_ask, lots, hbt.GTC, hbt.LIMIT, False)
                else:
                    market.submit_sell_order(0, orders, depth.best_bid, lots, hbt.GTC, hbt.LIMIT, False)
                position = wanted
                market.clear_inactive_orders(0)
    return orders


def prepared(bid: Floats, ask: Floats, fast: float, slow: float, fee: float) -> tuple[Callable[[], int], str]:
    """A run over these quotes, one a millisecond, and the version."""
    count = len(bid)
    events = np.zeros(4 * count, hbt.event_dtype)  # a quote: the old level goes and the new one comes, on both sides
    both = hbt.DEPTH_EVENT | hbt.EXCH_EVENT | hbt.LOCAL_EVENT
    for offset, side, price in ((0, hbt.BUY_EVENT, bid), (2, hbt.SELL_EVENT, ask)):
        gone, come = events[offset::4], events[offset + 1 :: 4]
        for rows in (gone, come):
            rows["ev"] = both | side
            rows["exch_ts"] = rows["local_ts"] = (np.arange(count) + 1) * 1_000_000
        gone["px"], gone["qty"] = np.concatenate((price[:1], price[:-1])), 0.0
        come["px"], come["qty"] = price, 1e6

    def run() -> int:
        asset = (
            hbt.BacktestAsset()
            .data(events)
            .linear_asset(1.0)
            .constant_order_latency(0, 0)
            .risk_adverse_queue_model()
            .no_partial_fill_exchange()
            .trading_value_fee_model(fee, fee)
            .tick_size(0.01)
            .lot_size(1.0)
        )
        market = hbt.HashMapMarketDepthBacktest([asset])
        orders: int = _crossed(market, 1.0 - 0.5 ** (1.0 / fast), 1.0 - 0.5 ** (1.0 / slow), slow)
        market.close()
        return orders

    return run, version("hftbacktest")
