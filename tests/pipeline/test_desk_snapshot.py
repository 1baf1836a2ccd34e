"""What the console gets of a desk: the same numbers as the ledger, from the first moment, whole after the wire."""

import msgspec
from desk_world import DESK, KEYS, MS, Watch
from msgspec.structs import replace
from test_desk_pipeline import BUSY, quote, watched

from catui.domain import events as ev
from catui.domain.ensembles import EnsembleSettings, GroupSettings, RegimeSettings
from catui.domain.orders import Side
from catui.snapshot import RegimeView, Snapshot, View
from catui.snapshot.parts import parts_of
from catui.snapshot.whole import Shown, view


def shown(watch: Watch, look: View | None = None) -> Snapshot:
    parts = parts_of(watch.machine, watch.state)
    return view(watch.desk, parts, look or View(), Shown("run", "simulated", "PAPER", watch.now_ns))


def test_a_desk_that_has_seen_nothing_can_be_shown() -> None:
    snapshot = shown(Watch())
    assert snapshot.badge == "PAPER"
    assert len(snapshot.strategies) == len(DESK.strategies)


def test_a_busy_desk_is_shown_as_it_is() -> None:
    watch = watched(BUSY)
    snapshot = shown(watch, View(instrument=KEYS[0]))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(snapshot), type=Snapshot) == snapshot
    targets = parts_of(watch.machine, watch.state).targets
    assert set(targets) == {KEYS[0]}
    weights = [row.weight for row in snapshot.strategies]
    assert weights == list(targets[KEYS[0]].weights)
    positions = watch.reports().positions
    assert sum(row.lots for row in snapshot.strategies) == positions.desk[KEYS[0]].lots != 0
    result = positions.realised_money - positions.fees_money + positions.unrealised_money
    assert sum(row.pnl_money for row in snapshot.strategies) == result


def test_a_strategy_in_a_group_says_so_and_shows_what_it_has_of_all() -> None:
    groups = {"one": GroupSettings(members=("back",))}
    watch = Watch(replace(DESK, ensemble=EnsembleSettings(method="fixed"), ensembles=groups))
    for happening in BUSY[:8]:
        watch.happen(happening)
    always, back = shown(watch, View(instrument=KEYS[0])).strategies[:2]
    assert (always.group, back.group) == ("", "one")
    assert (always.weight, back.weight) == (0.5, 0.5)


def test_who_is_left_out_by_the_regime_is_gated_and_the_regime_is_shown() -> None:
    regime = RegimeSettings("variance_ratio", 1.0, 4.0, 1.2, 0.1, {"back": "trend"})
    watch = Watch(replace(DESK, regime=regime))
    assert shown(watch).regime == RegimeView("", None)
    for happening in BUSY[:3]:
        watch.happen(happening)
    early = shown(watch, View(instrument=KEYS[0]))
    assert (early.regime, early.strategies[1].state) == (RegimeView("", None), "GATED")
    for step in (3, -3) * 4:
        watch.happen(quote(step=step))
    ranging = shown(watch, View(instrument=KEYS[0]))
    assert ranging.regime is not None
    assert (ranging.regime.name, [row.state for row in ranging.strategies]) == ("range", ["RUN", "GATED"])
    assert (ranging.strategies[1].weight, ranging.strategies[1].signal is None) == (0.0, False)
    for _ in range(8):
        watch.happen(quote(step=3))
    trending = shown(watch, View(instrument=KEYS[0]))
    assert trending.regime is not None
    assert (trending.regime.name, [row.state for row in trending.strategies]) == ("trend", ["RUN", "RUN"])
    assert (trending.regime.ratio or 0.0) > 1.0
    assert shown(watch, View(instrument=KEYS[1])).regime == RegimeView("", None)


def test_without_a_measure_there_is_no_regime() -> None:
    assert shown(watched(BUSY[:4])).regime is None


def test_correlations_are_told_once_there_are_enough_samples() -> None:
    watch = Watch()
    assert shown(watch).correlations == ((), (None,))
    for number in range(31):
        assert shown(watch, View(instrument=KEYS[0])).correlations == ((), (None,)), number
        watch.happen(quote(step=3 if number % 3 else -3, wait_ms=1_000))
    [(), (rho,)] = shown(watch, View(instrument=KEYS[0])).correlations
    assert rho is not None
    assert -1.0 <= rho <= 1.0
    assert shown(watch, View(instrument=KEYS[1])).correlations == ((), (None,))


def test_a_resting_order_says_what_stands_before_it_by_the_book_it_met() -> None:
    watch, key = Watch(), KEYS[0]

    def at(ms: int) -> int:
        watch.now_ns += ms * MS
        return watch.now_ns

    watch.step(ev.BookSnapshot(key, at(1), None, 1, ((9_999, 40), (9_990, 70)), ((10_001, 30),)))
    watch.step(ev.Command("c", "operator", at(1), ev.SubmitOrder(key, Side.BUY, 500, 9_990)))
    [sent] = shown(watch).orders
    assert (sent.status, sent.ahead_lots) == ("INTENDED", None)
    for _ in range(3):
        watch.step(ev.Tick(at(1)))
    [live] = shown(watch).orders
    assert (live.status, live.ahead_lots) == ("LIVE", 70)
    watch.step(ev.Trade(key, at(1), None, 1, 9_990, 15, Side.SELL))
    assert shown(watch).orders[0].ahead_lots == 55
    watch.step(ev.BookDelta(key, at(1), None, 2, ((9_990, 20),), ()))
    assert shown(watch).orders[0].ahead_lots == 20
    watch.step(ev.Gap(key, at(1), "lost", 3, 5))
    assert [order.ahead_lots for order in shown(watch).orders] == [None]
