"""A strategy that goes wrong stops alone, stays stopped, and says why."""

from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest
from signals_world import BTC, ETH, SPEAKING, attended, described, desk, on_wire

from catui.core.guard import Cell, guarded
from catui.core.machine import Machine, atom, run, scan
from catui.core.places import state_at
from catui.domain.kind import Kind
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features
from catui.runtime import statecodec
from catui.strategies import strategies
from catui.strategies.registry import KINDS, build


def failing(at: int, fault: Callable[[], Any]) -> Machine[int, Features, float | None]:
    """Counts its quotes, and does what `fault` does at the one of that number."""
    return atom(0, lambda count, _: (count + 1, fault() if count == at else 0.5))


def raised(error: BaseException) -> Callable[[], Any]:
    def fault() -> Any:
        raise error

    return fault


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (raised(ValueError("no such price")), "ValueError: no such price"),
        (raised(ZeroDivisionError()), "ZeroDivisionError: "),
        (raised(RecursionError("too deep")), "RecursionError: too deep"),
        (lambda: nan, "signal nan is no number in [-1, 1]"),
        (lambda: inf, "signal inf is no number in [-1, 1]"),
        (lambda: 1.0000001, "signal 1.0000001 is no number in [-1, 1]"),
        (lambda: -2.0, "signal -2.0 is no number in [-1, 1]"),
        (lambda: "up", "TypeError: must be real number, not str"),
    ],
)
def test_a_strategy_that_goes_wrong_is_stopped_for_good(fault: Callable[[], Any], error: str) -> None:
    state, signals = scan(guarded(failing(2, fault), -1.0, 1.0), [described(100.0)] * 5)
    assert signals == [0.5, 0.5, None, None, None]
    assert state == Cell(2, error)


def test_a_strategy_that_would_behave_again_stays_stopped() -> None:
    def step(count: int, x: Features) -> tuple[int, float | None]:
        return count + 1, 1.0 / (x.mid - 100.0) / 1e6

    state, signals = scan(guarded(atom(0, step), -1.0, 1.0), [described(mid) for mid in (101.0, 100.0, 101.0)])
    assert signals == [1e-6, None, None]
    assert state == Cell(1, "ZeroDivisionError: float division by zero")


def test_an_error_of_any_length_is_kept_short() -> None:
    state, _ = scan(guarded(failing(0, raised(ValueError("x" * 10_000))), -1.0, 1.0), [described(100.0)])
    assert len(state.error) == 200


@pytest.mark.parametrize("settings", SPEAKING, ids=lambda s: str(s.kind))
def test_a_strategy_that_behaves_is_unchanged(settings: StrategySettings) -> None:
    seen = [described(100.0 + i % 5) for i in range(30)]
    assert run(guarded(build(settings), -1.0, 1.0), seen) == run(build(settings), seen)
    assert scan(guarded(build(settings), -1.0, 1.0), seen)[0].error == ""


def test_what_is_no_fault_of_the_strategy_is_not_caught() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(guarded(failing(0, raised(KeyboardInterrupt())), -1.0, 1.0), [described(100.0)])


def test_one_cell_stops_and_no_other_sees_it() -> None:
    def broken() -> Machine[Any, Features, float | None]:
        return atom(0, lambda count, x: (count + 1, 1.0 / (x.mid - 101.0)))

    of = desk((SPEAKING[0], StrategySettings("bad", "broken"), SPEAKING[2]))
    stage: Machine[Any, Any, Any] = strategies(of, {**KINDS, "broken": Kind(broken)})
    wires = [on_wire(attended(((BTC.key, described(mid)), (ETH.key, described(99.0))))) for mid in (99.0, 101.0, 99.0)]
    state, outputs = scan(stage, wires)
    btc = [told[0][1][0].values for ((_, told), _) in outputs]
    eth = [told[1][1][0].values for ((_, told), _) in outputs]
    assert btc == [(None, -0.5, 1.0), (None, None, 1.0), (None, None, 1.0)]
    assert eth == [(None, -0.5, 1.0)] * 3
    path = "strategies/paper:BTCUSDT"
    assert state_at(stage, state, f"{path}/bad") == Cell(1, "ZeroDivisionError: float division by zero")
    assert state_at(stage, state, f"{path}/hold").error == ""
    assert state_at(stage, state, "strategies/paper:ETHUSDT/bad") == Cell(3)
    assert statecodec.decode(statecodec.encode(state)) == state
