"""Bars: by hand, by a naive loop over a real session, and never a moment before their close."""

import gzip
import json
from collections.abc import Callable
from itertools import groupby, islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_world import BTC, B, E, S, Session, quote, snapshot, trade

from catui.core.fuse import fused
from catui.core.machine import run, scan
from catui.domain.events import MarketEvent
from catui.domain.orders import Side
from catui.domain.signals import Bar, Levels, Print
from catui.market.bars import Bars, tick_bars, time_bars, volume_bars
from catui.market.levels import levels
from catui.market.prints import mids, prints

ANY: list[Callable[[], Bars]] = [lambda: tick_bars(3), lambda: volume_bars(2.0), lambda: time_bars(10.0)]
of_any = pytest.mark.parametrize("made", ANY, ids=("ticks", "volume", "time"))

streams = st.lists(
    st.tuples(st.sampled_from((0.0, 0.5, 3.0, 10.0, 1e6, -2.0)), st.integers(1, 9), st.integers(-3, 3)), max_size=30
).map(lambda rows: [Print(sum(r[0] for r in rows[: i + 1]), float(p), q / 2) for i, (_, p, q) in enumerate(rows)])


def told(*rows: tuple[float, float, float]) -> list[Print]:
    return [Print(*row) for row in rows]


def test_a_tick_bar_by_hand() -> None:
    seen = told((1.0, 10.0, 2.0), (2.0, 12.0, -1.0), (4.0, 9.0, 0.5), (5.0, 7.0, 1.0))
    assert run(tick_bars(3), seen) == [None, None, Bar(1.0, 4.0, 10.0, 12.0, 9.0, 9.0, 3.5, 1.5, 3.0), None]
    assert run(tick_bars(1), seen[:1]) == [Bar(1.0, 1.0, 10.0, 10.0, 10.0, 10.0, 2.0, 2.0, 1.0)]


def test_a_volume_bar_keeps_what_is_too_much_by_hand() -> None:
    seen = told((1.0, 10.0, 2.0), (2.0, 12.0, -1.5), (4.0, 9.0, 7.0), (4.0, 9.0, 0.5))
    first, second = (
        Bar(1.0, 2.0, 10.0, 12.0, 10.0, 12.0, 3.5, 0.5, 2.0),
        Bar(4.0, 4.0, 9.0, 9.0, 9.0, 9.0, 7.0, 7.0, 1.0),
    )
    assert run(volume_bars(3.0), seen) == [None, first, second, None]


def test_a_time_bar_by_hand() -> None:
    seen = told((11.0, 10.0, 1.0), (19.9, 8.0, -2.0), (20.0, 9.0, 1.0), (20.5, 9.5, 1.0), (31.0, 7.0, 3.0))
    first = Bar(10.0, 20.0, 10.0, 10.0, 8.0, 8.0, 3.0, -1.0, 2.0)
    second = Bar(20.0, 30.0, 9.0, 9.5, 9.0, 9.5, 2.0, 2.0, 2.0)
    assert run(time_bars(10.0), seen) == [None, None, first, None, second]


def test_a_silence_makes_no_bars_and_one_that_was_open_is_told_after_it() -> None:
    seen = told((5.0, 10.0, 1.0), (86_405.0, 11.0, 1.0), (86_412.0, 12.0, 1.0))
    told_bars = [bar for bar in run(time_bars(10.0), seen) if bar is not None]
    assert [(bar.start_s, bar.end_s, bar.close) for bar in told_bars] == [(0.0, 10.0, 10.0), (86_400.0, 86_410.0, 11.0)]


def test_a_time_that_steps_back_is_no_time() -> None:
    assert run(tick_bars(2), told((5.0, 1.0, 1.0), (3.0, 2.0, 1.0)))[1] == Bar(5, 5, 1, 2, 1, 2, 2, 2, 2)
    first, second = run(time_bars(10.0), told((15.0, 1.0, 1.0), (3.0, 2.0, 1.0), (25.0, 3.0, 1.0)))[1:]
    assert (first, second) == (None, Bar(10.0, 20.0, 1.0, 2.0, 1.0, 2.0, 2.0, 2.0, 2.0))


@of_any
@given(seen=streams)
def test_bars_and_what_is_being_filled_are_all_that_was_printed(made: Callable[[], Bars], seen: list[Print]) -> None:
    filled, outputs = scan(made(), seen)
    whole = [bar for bar in outputs if bar is not None]
    assert sum(bar.volume for bar in [*whole, filled]) == pytest.approx(sum(abs(x.size) for x in seen))
    assert sum(bar.net_volume for bar in [*whole, filled]) == pytest.approx(sum(x.size for x in seen))
    assert sum(bar.count for bar in [*whole, filled]) == len(seen)
    for bar in whole:
        assert bar.count >= 1.0
        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert bar.start_s <= bar.end_s
        assert abs(bar.net_volume) <= bar.volume
    assert all(one.end_s <= other.start_s for one, other in pairwise(whole))


@of_any
@given(seen=streams)
def test_a_bar_is_told_at_its_close_or_later(made: Callable[[], Bars], seen: list[Print]) -> None:
    latest_s = 0.0
    for x, bar in zip(seen, run(made(), seen), strict=True):
        latest_s = max(latest_s, x.time_s)
        assert bar is None or bar.end_s <= latest_s


@of_any
@given(past=streams, one=streams, other=streams)
def test_a_bar_depends_on_the_past_only(
    made: Callable[[], Bars], past: list[Print], one: list[Print], other: list[Print]
) -> None:
    assert run(made(), past + one)[: len(past)] == run(made(), past + other)[: len(past)]


@of_any
@given(seen=streams)
def test_the_flat_text_of_bars_is_the_machine_to_the_bit(made: Callable[[], Bars], seen: list[Print]) -> None:
    assert run(fused(made(), Print), seen) == run(made(), seen)


@given(st.integers(1, 10**7), st.sampled_from((0.001, 0.1, 0.3, 60.0, 3600.0)))
def test_a_print_on_the_grid_begins_a_bar_whatever_the_division_rounds_to(place: int, length_s: float) -> None:
    at = place * length_s
    _, first, second = run(time_bars(length_s), told((at, 1.0, 1.0), ((place + 1) * length_s, 2.0, 1.0), (1e12, 1, 1)))
    assert first is not None
    assert second is not None
    assert (first.start_s, first.end_s, first.count) == (at, (place + 1) * length_s, 1.0)
    assert (second.start_s, second.count) == ((place + 1) * length_s, 1.0)


@pytest.fixture(scope="session")
def session(recording: Callable[[str], Path]) -> list[Print]:
    """The first 4,000 trades of a recorded session."""
    seen: list[Print] = []
    with gzip.open(recording("binance/spot_btcusdt_20240808.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in islice(lines, 1, None):
            if '@trade\\"' not in line:
                continue
            frame = json.loads(line)
            data = json.loads(frame["m"])["data"]
            seen.append(Print(frame["t"] / 1e9, float(data["p"]), float(data["q"]) * (-1.0 if data["m"] else 1.0)))
            if len(seen) == 4_000:
                break
    return seen


def test_second_bars_of_a_real_session_are_those_of_a_naive_loop(session: list[Print]) -> None:
    assert len(session) == 4_000
    naive = []
    for second, group in groupby(session, key=lambda x: x.time_s // 1.0):
        within = list(group)
        prices, sizes = [x.price for x in within], [x.size for x in within]
        ohlc = prices[0], max(prices), min(prices), prices[-1]
        naive.append((second, second + 1.0, *ohlc, sum(map(abs, sizes)), sum(sizes), float(len(within))))
    bars = [bar for bar in run(time_bars(1.0), session) if bar is not None]
    assert len(bars) == len(naive) - 1 > 50
    for bar, expected in zip(bars, naive, strict=False):
        assert tuple(getattr(bar, name) for name in bar.__struct_fields__) == pytest.approx(expected, rel=1e-12)


def test_hundred_print_bars_of_a_real_session_are_its_slices(session: list[Print]) -> None:
    bars = [bar for bar in run(tick_bars(100), session) if bar is not None]
    assert len(bars) == 40
    for i, bar in enumerate(bars):
        within = session[100 * i : 100 * i + 100]
        assert (bar.open, bar.close, bar.end_s) == (within[0].price, within[-1].price, within[-1].time_s)
        assert (bar.high, bar.low) == (max(x.price for x in within), min(x.price for x in within))


# ---- from events


def test_trades_are_prints_by_hand() -> None:
    events: list[MarketEvent] = [trade(101, 2, Side.SELL, at_ns=3 * S), quote(), trade(101, 2, key=E)]
    assert run(prints(BTC), events) == [Print(3.0, 50.5, -0.5), None, None]


def test_quotes_are_mids_without_a_size_by_hand() -> None:
    events: list[MarketEvent] = [quote(100, 103, at_ns=2 * S), trade(), quote(key=E)]
    assert run(mids(BTC), events) == [Print(2.0, 50.75, 0.0), None, None]


def test_levels_of_a_book_by_hand() -> None:
    held = Session().market(snapshot(tuple((100 - i, 4 + i) for i in range(7)), ((102, 3),)), key=B)
    assert levels(held, 0.5, 0.25) == Levels(
        1.0,
        (50.0, 49.5, 49.0, 48.5, 48.0),
        (1.0, 1.25, 1.5, 1.75, 2.0),
        (51.0, 0.0, 0.0, 0.0, 0.0),
        (0.75, 0.0, 0.0, 0.0, 0.0),
    )


def test_a_book_that_is_not_valid_has_no_levels() -> None:
    assert levels(Session().market(quote()), 0.5, 0.25) is None
    assert levels(Session().market(snapshot(((100, 4),), ((100, 3),))), 0.5, 0.25) is None


@pytest.mark.parametrize(
    ("attempt", "fault"),
    [
        (lambda: tick_bars(0), "count must be at least 1 print, got 0"),
        (lambda: volume_bars(0.0), "volume must be above 0 base, got 0.0"),
        (lambda: time_bars(0.0), r"length_s must be at least 0\.001 s, got 0\.0"),
        (lambda: time_bars(float("nan")), "length_s must be at least"),
    ],
)
def test_bars_that_cannot_be_are_refused(attempt: Callable[[], Bars], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        attempt()
