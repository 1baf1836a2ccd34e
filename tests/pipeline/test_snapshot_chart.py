"""What a chart is drawn from: the mid, our fills and turns on it; and results by strategy and cause."""

import itertools

import msgspec
from desk_world import KEYS, MS, Happening, days
from hypothesis import given, settings
from test_desk_pipeline import BUSY, watched
from test_snapshot_laws import seen

from catui.domain import events as ev
from catui.domain.orders import Side
from catui.monitoring import SCALES_S
from catui.snapshot import ChartView, View


def chart_of(day: list[Happening], scale_s: int = 1, candles: int = 300, later_ms: int = 0) -> ChartView:
    chart = seen(watched(day), View(scale_s=scale_s, candles=candles), later_ms).chart
    assert chart is not None
    return chart


def test_no_chart_is_sent_where_none_is_looked_at() -> None:
    assert seen(watched(BUSY)).chart is None


def test_the_chart_ends_at_the_mid_of_now() -> None:
    watch = watched(BUSY)
    chart = chart_of(BUSY)
    assert chart.mid_half_ticks == 2 * watch.mids[KEYS[0]]
    assert chart.candles[-1].close + chart.base_half_ticks == 2 * watch.mids[KEYS[0]]
    assert min(candle.low for candle in chart.candles) == 0
    assert [candle.ago for candle in chart.candles] == sorted({candle.ago for candle in chart.candles}, reverse=True)


def test_an_old_picture_ends_in_its_own_time() -> None:
    agos = [[candle.ago for candle in chart_of(BUSY, later_ms=wait_ms).candles] for wait_ms in (0, 5_000)]
    assert [ago + 5 for ago in agos[0]] == agos[1]


def test_only_what_was_asked_for_is_sent_and_where_the_line_comes_from() -> None:
    whole, last = chart_of(BUSY), chart_of(BUSY, candles=3)
    assert len(whole.candles) > 5
    assert [candle.ago for candle in last.candles][1:] == [2, 1, 0]
    assert all(fill.ts_ns >= watched(BUSY).now_ns - 3_000 * MS for fill in last.fills)
    assert 0 < len(last.fills) < len(whole.fills)


def test_an_unknown_scale_is_answered_by_the_shortest() -> None:
    assert chart_of(BUSY, scale_s=7) == chart_of(BUSY, scale_s=1)


def test_our_fills_stand_on_the_chart_at_their_price_and_side() -> None:
    watch, chart = watched(BUSY), chart_of(BUSY)
    fills = [fill for outputs in watch.outputs for fill in outputs.fills if fill.instrument == KEYS[0]]
    assert [(mark.ts_ns, mark.sign, mark.price_ticks) for mark in chart.fills] == [
        (fill.ts_receive_ns, fill.side.sign, fill.execution.price_ticks) for fill in fills
    ]


def test_a_target_that_turns_is_marked() -> None:
    turns = chart_of(BUSY).turns
    assert turns[0].sign == 1  # one of the two always wants to be long
    assert all(a.sign == -b.sign for a, b in itertools.pairwise(turns))


def test_there_is_no_mid_behind_a_gap() -> None:
    gap = [Happening("snapshot"), Happening("gap", wait_ms=2_000)]
    assert chart_of(BUSY + gap).mid_half_ticks is None
    healed = chart_of([*BUSY, *gap, Happening("snapshot", wait_ms=2_000)])
    assert healed.candles[-1].is_after_gap


@settings(max_examples=30, deadline=None)
@given(days)
def test_the_chart_of_any_day_is_whole_after_the_wire_at_every_scale(day: list[Happening]) -> None:
    for scale_s in SCALES_S:
        chart = chart_of(BUSY[:9] + day, scale_s)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(chart), type=ChartView) == chart
        assert all(c.low <= min(c.open, c.close) <= max(c.open, c.close) <= c.high for c in chart.candles)
        assert all(0 <= c.ago < 300 for c in chart.candles[1:])


@settings(max_examples=60, deadline=None)
@given(days)
def test_results_by_strategy_and_cause_sum_to_the_totals(day: list[Happening]) -> None:
    snapshot = seen(watched(BUSY + day))
    rows = snapshot.strategies
    assert sum(row.realised_money for row in rows) == snapshot.realised_money
    assert sum(row.unrealised_money for row in rows) == snapshot.unrealised_money
    assert sum(row.fees_money for row in rows) == snapshot.fees_money
    for row in rows:
        assert row.pnl_money == row.realised_money + row.unrealised_money - row.fees_money


def test_a_strategy_shows_how_its_weight_went() -> None:
    rows = seen(watched(BUSY)).strategies
    assert {len(row.weights_x1000) for row in rows} == {len(rows[0].weights_x1000)}
    assert len(rows[0].weights_x1000) > 5
    assert all(sum(column) in (0, 1000) for column in zip(*(row.weights_x1000 for row in rows), strict=True))


def test_an_order_says_on_which_event_it_was_decided_and_what_it_has_filled() -> None:
    watch = watched(BUSY[:4])
    watch.step(ev.Command("s", "ann", watch.now_ns, ev.SubmitOrder(KEYS[0], Side.BUY, 100, 9_990)))
    seq = len(watch.events)
    watch.happen(Happening("tick", wait_ms=9))
    watch.happen(Happening("tick"))
    step = 9_989 - watch.mids[KEYS[0]]
    watch.happen(Happening("trade", step=step, lots=30, side=Side.SELL))
    watch.happen(Happening("tick"))
    [order] = [row for row in seen(watch).orders if row.owner == "manual"]
    assert (order.cause_seq, order.leaves_lots, order.filled_value) == (seq, 70, 30 * 9_990)
    assert next((fill.is_maker, fill.lots) for fill in seen(watch).fills) == (True, 30)
