"""A recorded session through the market stage: after every delta the top is that of an independent checker."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from market_world import Session

from catui.domain.events import BookDelta, BookSnapshot
from catui.domain.instrument import Instrument
from catui.domain.moment import Market
from catui.domain.settings import Desk, StrategySettings
from catui.domain.units import decimal_text, parse_decimal
from catui.venues.tape import open_tape

STRATEGIES = (StrategySettings("up", "momentum"),)


def canonical(text: str) -> str:
    """A decimal without zeros at its end."""
    parsed = parse_decimal(text)
    assert parsed is not None
    return decimal_text(*parsed)


def top(market: Market, instrument: Instrument) -> list[str]:
    """Best bid, its quantity, best ask, its quantity."""
    shown: list[str] = []
    for prices, lots in (market.bids, market.asks):
        shown += [canonical(instrument.price_text(prices[0])), canonical(instrument.quantity_text(lots[0]))]
    return shown


@pytest.mark.parametrize("name", ["spot_btcusdt_20240808"])
def test_the_held_book_has_the_oracles_top_after_every_delta(recording: Callable[[str], Path], name: str) -> None:
    expected = json.loads(recording(f"oracle/binance__{name}.json").read_text())["symbols"]["BTCUSDT"]
    tape = open_tape(recording(f"binance/{name}.jsonl.gz"))
    instrument = tape.instruments[0]
    session, digest, tops = Session(Desk(7, tape.instruments, STRATEGIES)), hashlib.sha256(), []
    for event in tape.events():
        if not isinstance(event, BookDelta | BookSnapshot):
            continue  # what quotes and trades do is told elsewhere: they leave the book
        market = session.market(event, key=instrument.key)
        assert market.is_valid
        if isinstance(event, BookDelta):
            tops.append(top(market, instrument))
            digest.update((",".join(tops[-1]) + "\n").encode())
    assert len(tops) == expected["book_events"]
    assert [[500 * (n + 1), *one] for n, one in enumerate(tops[499::500])] == expected["every_500"]
    assert (tops[-1], [len(market.bids[0]), len(market.asks[0])]) == (expected["final_top"], expected["levels"])
    assert digest.hexdigest() == expected["top_sha256"]
