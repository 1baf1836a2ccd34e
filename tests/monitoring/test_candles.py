"""Candles of the mid: a step function of time cut into intervals, however long, and nothing across a gap."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_world import NOW, A, B, S, market, quote, scene

from catui.core.machine import scan
from catui.domain.events import FeedState, FeedStatus
from catui.monitoring.candles import KEPT, NONE, SCALES_S, Candle, Series, candles, recent, told
from catui.runtime import statecodec

MIDS = st.none() | st.integers(-5, 5)
DAYS = st.lists(st.tuples(st.integers(0, 40 * S), MIDS), max_size=40)


def after(day: list[tuple[int, int | None]]) -> tuple[Series, list[tuple[int, int | None]]]:
    """The series after a day of (nanoseconds later, mid), and the day by time."""
    series, now_ns, known = NONE, 0, []
    for wait_ns, mid in day:
        now_ns += wait_ns
        series = told(series, mid, now_ns)
        known.append((now_ns, mid))
    return series, known


def naive(known: list[tuple[int, int | None]], scale_s: int) -> list[Candle]:
    """The candles as a table of all changes by interval; only the intervals in which the mid changed."""
    found: list[Candle] = []
    before: int | None = None
    for now_ns, mid in known:
        if mid != before:
            place = now_ns // (scale_s * S)
            heard = [value for value in (before, mid) if value is not None]
            if found and found[-1].place == place:
                last = found[-1]
                high, low = max(last.high, *heard), min(last.low, *heard)
                found[-1] = Candle(place, last.open, high, low, heard[-1], last.is_after_gap)
            else:
                found.append(Candle(place, heard[0], max(heard), min(heard), heard[-1], before is None))
        before = mid
    return found


@settings(max_examples=100)
@given(DAYS)
def test_every_scale_holds_what_a_table_of_all_changes_says(day: list[tuple[int, int | None]]) -> None:
    series, known = after(day)
    for scale, scale_s in enumerate(SCALES_S):
        assert list(recent(series, scale, 0)) == naive(known, scale_s)


@settings(max_examples=50)
@given(DAYS)
def test_a_long_candle_is_the_fold_of_the_short_ones_inside_it(day: list[tuple[int, int | None]]) -> None:
    series, _ = after(day)
    for scale, (short_s, long_s) in enumerate(itertools.pairwise(SCALES_S), 1):
        inside: dict[int, list[Candle]] = {}
        for candle in recent(series, scale - 1, 0):
            inside.setdefault(candle.place * short_s // long_s, []).append(candle)
        for candle in recent(series, scale, 0):
            parts = inside[candle.place]
            assert (candle.open, candle.close) == (parts[0].open, parts[-1].close)
            assert (candle.high, candle.low) == (max(p.high for p in parts), min(p.low for p in parts))
            assert candle.is_after_gap == parts[0].is_after_gap


def test_a_candle_begins_where_the_one_before_it_ended_however_long_ago_that_was() -> None:
    series, _ = after([(0, 100), (S // 2, 104), (S // 4, 102), (9 * S, 110)])
    assert recent(series, 0, 0) == (Candle(0, 100, 104, 100, 102, True), Candle(9, 102, 110, 102, 110))


def test_the_candle_behind_a_gap_says_so_and_owes_nothing_to_the_price_before() -> None:
    series, _ = after([(0, 100), (3 * S, None), (2 * S, 90)])
    assert recent(series, 0, 0) == (
        Candle(0, 100, 100, 100, 100, True),
        Candle(3, 100, 100, 100, 100),  # known up to here
        Candle(5, 90, 90, 90, 90, True),
    )
    assert series.mid == 90


def test_a_gap_within_one_interval_is_not_seen() -> None:
    series, _ = after([(0, 100), (S // 4, None), (S // 4, 90)])
    assert recent(series, 0, 0) == (Candle(0, 100, 100, 90, 90, True),)


def test_the_same_mid_again_changes_nothing() -> None:
    series, _ = after([(0, 100)])
    assert told(series, 100, 50 * S) is series
    assert told(NONE, None, 50 * S) is NONE


def test_the_candle_before_the_window_is_there_for_the_line_to_come_from() -> None:
    series, _ = after([(0, 100), (10 * S, 101), (10 * S, 102)])
    assert [candle.place for candle in recent(series, 0, 15)] == [10, 20]
    assert [candle.place for candle in recent(series, 0, 10)] == [0, 10, 20]
    assert [candle.place for candle in recent(series, 0, 99)] == [20]
    assert recent(NONE, 4, 0) == ()


def test_a_ring_keeps_the_newest_and_does_not_grow() -> None:
    series, _ = after([(S, n) for n in range(KEPT + 50)])
    kept = recent(series, 0, 0)
    assert [candle.close for candle in kept] == list(range(49, KEPT + 50))  # the last one is not closed yet
    sizes = [len(ring) for ring in series.closed]
    longer, _ = after([(S, n) for n in range(3 * KEPT)])
    assert len(longer.closed[0]) == sizes[0]
    assert all(len(ring) <= sizes[0] for ring in longer.closed)


def test_a_price_that_no_ring_can_hold_is_held_at_its_end() -> None:
    series, _ = after([(0, 2**70), (S, -(2**70)), (S, 0)])
    first, second, _ = recent(series, 0, 0)
    assert (first.close, second.close) == (2**63 - 1, 1 - 2**63)


@given(DAYS)
def test_a_series_comes_back_from_a_checkpoint_as_it_was(day: list[tuple[int, int | None]]) -> None:
    series, _ = after(day)
    assert statecodec.decode(statecodec.encode(series)) == series


def test_scenes_pass_unchanged_and_each_instrument_has_its_own_series() -> None:
    scenes = [
        scene(quote(NOW), now_ns=NOW, markets=(market(), market(B)), changed=A),
        scene(quote(NOW + S), markets=(market(bid_ticks=98), market(B)), changed=A),
        scene(quote(NOW + S), markets=(market(bid_ticks=98), market(B)), changed=B),
        scene(now_ns=NOW + 2 * S, markets=(market(bid_ticks=1), market(B))),
    ]
    held, passed = scan(candles(), scenes)
    assert all(out is each for out, each in zip(passed, scenes, strict=True))
    assert {key: series.mid for key, series in held.items()} == {A: 199, B: 20}


def test_a_book_that_is_not_believed_has_no_mid() -> None:
    first = scene(quote(), markets=(market(),), changed=A)
    crossed = scene(quote(NOW + S), markets=(market(is_valid=False),), changed=A)
    one_sided = scene(quote(NOW + S), markets=(market(ask_ticks=None),), changed=A)
    for then in (crossed, one_sided):
        held, _ = scan(candles(), [first, then])
        assert held[A].mid is None


def test_a_feed_that_goes_down_takes_the_mid_of_every_instrument() -> None:
    whole = (market(), market(B))
    down = FeedStatus("paper market", NOW + S, FeedState.DOWN)
    lost = tuple(market(key, is_valid=False) for key in (A, B))
    scenes = [scene(quote(), markets=whole, changed=key) for key in (A, B)] + [scene(down, markets=lost)]
    held, _ = scan(candles(), scenes)
    assert {key: series.mid for key, series in held.items()} == {A: None, B: None}
    assert [candle.place for candle in recent(held[A], 0, 0)] == [NOW // S, NOW // S + 1]
