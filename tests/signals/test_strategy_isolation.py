"""A strategy that goes wrong stops alone, stays stopped, and says why."""

from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest
from msgspec import Struct
from signals_world import BTC, ETH, SPEAKING, attended, described, desk, on_wire

from catui.core.guard import Cell, guarded
from catui.core.machine import Machine, atom, each, run, scan
from catui.core.places import state_at
from catui.domain.kind import Kind
from catui.domain.moment import StrategyState
from catui.domain.parameters import above_zero
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features
from catui.runtime import statecodec
from catui.strategies import strategies
from catui.strategies.registry import KINDS, build


def failing(at: int, fault: Callable[[], Any]) -> Machine[int, Features, float | None]:
    """Counts its quotes, and does what `fault` does at the one of that number."""
    return atom(0, lambda count, _: (count + 1, fault() if count == at else 0.5))


STEP = f"test_strategy_isolation.py:{failing.__code__.co_firstlineno + 2}: "


def raised(error: BaseException) -> Callable[[], Any]:
    def fault() -> Any:
        raise error

    return fault


RAISE = f"test_strategy_isolation.py:{raised.__code__.co_firstlineno + 2}: "


class Rude(Exception):
    """What it says of itself is an error too."""

    def __str__(self) -> str:
        raise ValueError


def failing_in_ours() -> Any:
    return above_zero("gain", -1.0)


CALL = f"test_strategy_isolation.py:{failing_in_ours.__code__.co_firstlineno + 1}: "


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (raised(ValueError("no such price")), f"{RAISE}ValueError: no such price"),
        (raised(ZeroDivisionError()), f"{RAISE}ZeroDivisionError: "),
        (raised(SystemExit(3)), f"{RAISE}SystemExit: 3"),
        (raised(Rude()), f"{RAISE}Rude: "),
        (raised(ValueError(f"at \ud800 {object()}")), f"{RAISE}ValueError: at \\ud800 <object object>"),
        (raised(RecursionError("too deep")), f"{STEP}RecursionError"),
        (failing_in_ours, f"{CALL}ValueError: gain must be above 0, got -1.0"),
        (lambda: nan, f"{STEP}signal nan is no number in [-1, 1]"),
        (lambda: inf, f"{STEP}signal inf is no number in [-1, 1]"),
        (lambda: 1.0000001, f"{STEP}signal 1.0000001 is no number in [-1, 1]"),
        (lambda: -2.0, f"{STEP}signal -2.0 is no number in [-1, 1]"),
        (lambda: 2, f"{STEP}signal 2 is no number in [-1, 1]"),
        (lambda: True, f"{STEP}signal True is no number in [-1, 1]"),
        (lambda: "up", f"{STEP}signal 'up' is no number in [-1, 1]"),
        (lambda: [0.5], f"{STEP}signal of type list is no number in [-1, 1]"),
    ],
)
def test_a_strategy_that_goes_wrong_is_stopped_for_good(fault: Callable[[], Any], error: str) -> None:
    state, signals = scan(guarded(failing(2, fault), -1.0, 1.0), [described(100.0)] * 5)
    assert signals == [0.5, 0.5, None, None, None]
    assert state == Cell(2, error)
    assert statecodec.decode(statecodec.encode(state)) == state


def test_what_is_no_pair_is_told_as_that() -> None:
    told: Any = lambda count, _: count + 1  # noqa: E731
    state, _ = scan(guarded(atom(0, told), -1.0, 1.0), [described(100.0)])
    assert state.error.endswith(": the step gives 1; return `state, output`")


class Open(Struct):
    """Can be changed."""

    count: int = 0


@pytest.mark.parametrize(
    ("first", "later", "name"),
    [
        ((), [1.0], "list"),
        (None, {"a": 1}, "dict"),
        (None, (1.0, ({2.0},)), "set"),
        (None, Open(), "test_strategy_isolation.Open"),
        (Cell(None), Cell(["x"]), "list"),
    ],
)
def test_a_state_that_could_be_changed_in_place_stops_its_strategy(first: Any, later: Any, name: str) -> None:
    turned: Machine[Any, Features, float] = atom(first, lambda s, _: (later, 0.5))
    state, signals = scan(guarded(turned, -1.0, 1.0), [described(100.0)] * 2)
    assert signals == [None, None]
    assert state.state == first
    assert f": the state holds a {name}, which is no value; keep " in state.error


def test_values_and_what_combinators_hold_are_a_state() -> None:
    kept: Machine[Any, Any, Any] = atom((0, "", Cell(None), StrategyState.RUN), lambda s, x: (s, x))
    keyed: Machine[Any, Any, Any] = each(kept)
    machine = keyed.premap(lambda x: ("k", x)).map(lambda pair: 0.5)
    assert scan(guarded(machine, -1.0, 1.0), [described(100.0)] * 2)[1] == [0.5, 0.5]


def test_an_input_cannot_be_changed() -> None:
    def step(s: int, x: Any) -> tuple[int, float]:
        x.mid = 0.0
        return s, 0.5

    seen = described(100.0)
    state, _ = scan(guarded(atom(0, step), -1.0, 1.0), [seen])
    assert f":{step.__code__.co_firstlineno + 1}: AttributeError: immutable type" in state.error
    assert seen == described(100.0)


def test_a_strategy_that_would_behave_again_stays_stopped() -> None:
    def step(count: int, x: Features) -> tuple[int, float | None]:
        return count + 1, 1.0 / (x.mid - 100.0) / 1e6

    state, signals = scan(guarded(atom(0, step), -1.0, 1.0), [described(mid) for mid in (101.0, 100.0, 101.0)])
    assert signals == [1e-6, None, None]
    at = f"test_strategy_isolation.py:{step.__code__.co_firstlineno + 1}: "
    assert state == Cell(1, f"{at}ZeroDivisionError: float division by zero")


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
    at = f"test_strategy_isolation.py:{broken.__code__.co_firstlineno + 1}: "
    assert state_at(stage, state, f"{path}/bad") == Cell(1, f"{at}ZeroDivisionError: float division by zero")
    assert state_at(stage, state, f"{path}/hold").error == ""
    assert state_at(stage, state, "strategies/paper:ETHUSDT/bad") == Cell(3)
    assert statecodec.decode(statecodec.encode(state)) == state
