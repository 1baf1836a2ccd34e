"""Fusion: one flat text means what the tree means, to the bit, in every reading; and equal trees are one text."""

import inspect
import re
import traceback
from functools import partial
from math import fabs, log
from pathlib import Path
from typing import Any

import illegal
import pytest
from fusible import Floats, Held, Mean, ema, every_third, filled, inputs, machines, rooted, squashed
from hypothesis import given, settings
from hypothesis import strategies as st

from catui.core.fuse import Flat, FuseError, NotFlat, fuse, fused, plain
from catui.core.guard import Cell, guarded
from catui.core.machine import Machine, atom, each, feedback, identity, lift, named, optional, resume, run, scan
from catui.runtime import statecodec


def scanned(flat: Flat, values: list[Any]) -> list[Any]:
    """The scan, in plain Python, over lists as columns."""
    rows = [flat.row(x) for x in values]
    columns = [[row[i] for row in rows] for i in range(len(flat.columns))]
    outs: list[list[Any]] = [[None] * len(values) for _ in flat.outs]
    flat.functions["scan"](flat.parameters, flat.flat(flat.init), *columns, *outs, 0, len(values))
    return [flat.value(row) for row in zip(*outs, strict=True)] if values else []


@given(machines, inputs)
def test_a_fused_machine_is_the_machine_to_the_bit(machine: Floats, values: list[float]) -> None:
    state, outputs = scan(machine, values)
    twin = fused(machine, float)
    fused_state, fused_outputs = scan(twin, values)
    assert list(map(repr, fused_outputs)) == list(map(repr, outputs))
    assert statecodec.encode(plain(twin, fused_state)) == statecodec.encode(state)


@given(machines, inputs)
def test_the_scan_is_the_machine_to_the_bit(machine: Floats, values: list[float]) -> None:
    state, expected = scan(machine, values)
    flat = fuse(machine, float)
    try:
        flat.flat(state)
    except NotFlat:
        return  # a guard has spoken: a scan ends there
    assert list(map(repr, scanned(flat, values))) == list(map(repr, expected))


@given(machines, inputs, inputs)
def test_a_state_of_one_reading_goes_on_in_the_other(machine: Floats, first: list[float], second: list[float]) -> None:
    twin = fused(machine, float)
    state, _ = scan(machine, first)
    fused_state, _ = scan(twin, first)
    later = run(resume(machine, state), second)
    assert run(resume(twin, state), second) == later
    assert run(resume(machine, plain(twin, fused_state)), second) == later


@given(machines, inputs, inputs, inputs)
def test_a_state_can_be_used_again(machine: Floats, past: list[float], one: list[float], two: list[float]) -> None:
    twin = fused(machine, float)
    state, _ = scan(twin, past)
    expected = run(machine, past + two)[len(past) :]
    run(resume(twin, state), one)
    assert run(resume(twin, state), two) == expected


@given(machines, machines, machines)
@settings(max_examples=30)
def test_equal_compositions_are_one_text(f: Floats, g: Floats, h: Floats) -> None:
    assert fuse((f >> g) >> h, float).text == fuse(f >> (g >> h), float).text
    assert fuse(identity >> f, float).text == fuse(f >> identity, float).text == fuse(f, float).text


@given(machines, machines, machines)
@settings(max_examples=30)
def test_what_two_share_is_computed_once(h: Floats, f: Floats, g: Floats) -> None:
    assert fuse(h >> (f & g), float).text == fuse((h >> f) & (h >> g), float).text


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_parameters_change_no_text(one: float, other: float) -> None:
    assert fuse(ema(one), float).text == fuse(ema(other), float).text
    assert fuse(ema(one), float).parameters == (one,)


def test_the_text_reads_as_the_step_does() -> None:
    text = fuse(named("fast", ema(0.5)), float).text
    assert "# fusible.ema.step" in text
    assert "mean = s_fast_mean + p_move * (x - s_fast_mean) if s_fast_seen > 0 else x" in text


def test_by_hand() -> None:
    twin = fused(ema(0.5), float)
    state, outputs = scan(twin, [1.0, 3.0, 3.0])
    assert outputs == [1.0, 2.0, 2.5]
    assert plain(twin, state) == Mean(2.5, 3)


def test_none_is_a_flag_beside_a_value() -> None:
    flat = fuse(every_third() >> filled(0.5), float)
    assert [kind for _, kind in flat.outs] == ["float"]
    state = Held(None, (0.0, 0.0, 0.0), False)
    assert flat.plain(flat.flat((1, state))) == (1, state)
    assert scanned(fuse(every_third(), float), [1.0, 2.0, 3.0, 4.0]) == [None, None, 3.0, None]


def test_a_parameter_and_a_field_that_are_told_behind_a_flag_keep_their_values() -> None:
    def held(level: float) -> Machine[Any, float, tuple[float, float]]:
        def step(s: float, x: float) -> tuple[float, tuple[float, float]]:
            return s, (level, s)

        return atom(7.0, step)

    machine = every_third() >> optional(held(2.0))
    assert run(fused(machine, float), [1.0] * 3) == [None, None, (2.0, 7.0)]


# ---- what goes wrong inside


def _inverse(x: float) -> float:
    return 1.0 / x


def test_an_error_is_the_machines_own() -> None:
    machine = ema(1.0) >> lift(_inverse)
    for twin in (machine, fused(machine, float)):
        with pytest.raises(ZeroDivisionError):
            run(twin, [1.0, 0.0])


def test_a_guard_stops_what_fails_and_nothing_else() -> None:
    machine = guarded(lift(_inverse), -1.0, 1.0) & ema(0.5)
    values = [2.0, 4.0, 0.0, 2.0, 2.0]
    twin = fused(machine, float)
    state, outputs = scan(twin, values)
    assert outputs == run(machine, values)
    assert [told for told, _ in outputs] == [0.5, 0.25, None, None, None]
    cell = plain(twin, state)[0]
    assert cell == Cell(None, f"test_fuse.py:{_line(_inverse) + 1}: ZeroDivisionError: float division by zero")


def test_a_guard_stops_what_leaves_its_bounds() -> None:
    machine: Machine[Any, float, Any] = guarded(ema(1.0), -1.0, 1.0)
    twin = fused(machine, float)
    state, outputs = scan(twin, [0.5, float("nan"), 0.5])
    assert outputs == [0.5, None, None]
    assert "nan" in plain(twin, state).error


def test_what_is_stopped_leaves_the_text_and_the_others_stay_in_it() -> None:
    machine = (guarded(lift(_inverse), -1.0, 1.0) & guarded(ema(0.25), -1.0, 1.0)) & ema(0.5)
    values = [2.0, 4.0, 0.0, 0.5, 0.25] * 3
    twin = fused(machine, float)
    state, outputs = scan(twin, values)
    assert outputs == run(machine, values)
    live = state.live
    assert live.flat is not None
    assert "_inverse" not in live.flat.text
    assert "_inverse" in twin.flat.text  # type: ignore[attr-defined]  # a Fused
    assert plain(twin, state) == scan(machine, values)[0]
    again = resume(twin, plain(twin, state))
    assert run(again, values) == run(resume(machine, plain(twin, state)), values)


def looping(limit: float) -> Machine[float, float, float]:
    """Counts down in a loop of no known length, which no text may hold."""

    def step(s: float, x: float) -> tuple[float, float]:
        while s > limit:
            s -= limit
        return s + abs(x), s / 10.0

    return atom(0.0, step)


def test_a_guarded_step_outside_of_the_dialect_is_called_from_the_text_of_the_others() -> None:
    mine = named("mine", guarded(looping(3.0), -1.0, 1.0))
    machine = mine & (ema(0.5) >> named("ours", guarded(ema(0.5), -9.0, 9.0)))
    flat = fuse(machine, float)
    [(place, why)] = flat.outside.items()
    assert place == "mine"
    assert re.search(r"test_fuse\.py:\d+: a statement outside of the dialect: while s > limit:; use ", why)
    assert "s_mine, mine = call_mine(s_mine, x)" in flat.text
    assert "def scan" not in flat.text
    values = [1.0, -2.0, 3.5, 0.25, 9.0, 4.0] * 5
    twin = fused(machine, float)
    state, outputs = scan(twin, values)
    assert state.live.flat is not None
    assert repr(outputs) == repr(run(machine, values))
    assert plain(twin, state) == scan(machine, values)[0]
    half = plain(twin, scan(twin, values[:7])[0])
    assert run(resume(twin, half), values[7:]) == outputs[7:]


def test_what_was_written_of_a_step_outside_of_the_dialect_is_nowhere_in_the_text() -> None:
    late = guarded(ema(0.125) >> lift(_signed) >> looping(3.0), -1.0, 1.0)
    beside, alone = fuse(ema(0.5) & late, float), fuse(ema(0.5), float)
    assert beside.parameters == alone.parameters
    assert "_signed" not in beside.text
    assert beside.state_names == (*alone.state_names, "s_guarded")
    assert fuse(late & ema(0.5), float).state_names == ("s_guarded", *alone.state_names)


@given(machines, inputs)
def test_any_machine_beside_and_behind_a_called_step_is_itself_to_the_bit(machine: Floats, values: list[float]) -> None:
    called = guarded(looping(3.0), -1.0, 1.0)
    tree = machine & ((called & machine) >> lift(_second) >> guarded(looping(7.0), -5.0, 5.0))
    twin = fused(tree, float)
    state, outputs = scan(twin, values)
    expected_state, expected = scan(tree, values)
    assert list(map(repr, outputs)) == list(map(repr, expected))
    assert statecodec.encode(plain(twin, state)) == statecodec.encode(expected_state)


def test_a_whole_number_leaves_a_guard_as_a_float_in_every_reading() -> None:
    rules: list[Machine[Any, float, Any]] = [lift(_sign), lift(_one)]
    for rule in rules:
        machine = guarded(rule, -1.0, 1.0)
        assert repr(run(machine, [2.0, -3.0])) == repr(run(fused(machine, float), [2.0, -3.0]))
        assert all(type(x) is float for x in run(machine, [2.0, -3.0]))
        assert fuse(machine, float).outside == {}


def test_a_truth_is_no_number_and_its_guard_stops_it_in_every_reading() -> None:
    rule: Machine[Any, float, Any] = lift(_positive)
    machine = guarded(rule, -1.0, 1.0)
    twin = fused(machine, float)
    for one in (machine, twin):
        state, outputs = scan(one, [2.0, 3.0])
        assert outputs == [None, None]
        assert plain(one, state).error.endswith("signal True is no number in [-1, 1]")
    assert "the output is no number; write 1.0 or 0.0 for a truth" in twin.flat.outside[""]  # type: ignore[attr-defined]


def _signed(x: float) -> float:
    return -x if x > 1.0 else x


def _second(pair: tuple[float | None, float]) -> float:
    first, second = pair
    return second if first is None else second + first


def _sign(x: float) -> int:
    return 1 if x > 0.0 else -1


def _one(x: float) -> int:
    return 1


def _positive(x: float) -> bool:
    return x > 0.0


def _line(function: Any) -> int:
    first: int = function.__code__.co_firstlineno
    return first


def test_a_traceback_shows_the_text_and_its_line_the_step() -> None:
    flat = fuse(squashed(1.0) >> lift(_inverse) >> rooted(), float)
    with pytest.raises(ZeroDivisionError) as raised:
        flat.functions["step"](flat.parameters, (), 0.0)
    told = "".join(traceback.format_exception(raised.value))
    line = traceback.extract_tb(raised.value.__traceback__)[-1].lineno
    assert line is not None
    assert "1.0 / " in told
    assert f'File "<fused {flat.digest}>", line {line}, in step' in told
    assert flat.step_at(line) == "test_fuse._inverse"
    assert flat.step_at(1) == ""


# ---- what is outside of the dialect


ILLEGAL: dict[str, Machine[Any, float, Any]] = {
    **{name: lift(made) for name, made in illegal.FUNCTIONS.items()},
    **{name: atom(init, made) for name, (made, init) in illegal.STEPS.items()},
}


@pytest.mark.parametrize("name", ILLEGAL)
def test_what_is_outside_is_named_with_its_place_and_its_mend(name: str) -> None:
    with pytest.raises(FuseError) as raised:
        fuse(ILLEGAL[name], float)
    place, what, rest = str(raised.value).split(": ", 2)
    statement, _, mend = rest.rpartition("; ")
    file, _, line = place.rpartition(":")
    made = illegal.FUNCTIONS.get(name) or illegal.STEPS[name][0]
    lines, start = inspect.getsourcelines(made)
    marked = [start + i for i, text in enumerate(lines) if text.rstrip().endswith("# here")]
    assert file == illegal.__file__
    assert marked in ([], [int(line)])
    assert what
    assert statement
    assert illegal.SAYS[name] in rest
    assert mend or "; " in rest


def test_what_is_outside_of_the_dialect_is_tried_in_many_ways() -> None:
    assert len(ILLEGAL) >= 60


def test_a_state_that_changes_its_shape_is_refused() -> None:
    def step(s: float | None, x: float) -> tuple[float | None, float]:
        return (x if x > 0.0 else None), x

    assert run(fused(atom(None, step), float), [1.0, -1.0]) == [1.0, -1.0]

    def grown(s: Any, x: float) -> tuple[Any, float]:
        return (s, x), x

    with pytest.raises(
        FuseError,
        match=r"test_fuse\.py:\d+: the state is a float and becomes a tuple of 2: return \(\(s, x\), x\); keep",
    ):
        fuse(atom(0.0, grown), float)


def test_what_has_no_source_is_refused() -> None:
    space: dict[str, Any] = {}
    exec("def made(x): return x + 1.0", space)
    with pytest.raises(FuseError, match="write it in a file"):
        fuse(lift(space["made"]), float)


def test_a_file_that_was_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    told = []
    for factor in ("2.0", "30.0"):
        file.write_text(f"def scaled(x):\n    return x * {factor}\n")
        space: dict[str, Any] = {}
        exec(compile(file.read_text(), str(file), "exec"), space)
        told += run(fused(lift(space["scaled"]), float), [1.0])
    assert told == [2.0, 30.0]


def test_what_has_no_fixed_shape_stays_outside() -> None:
    with pytest.raises(FuseError, match="Each has no place inside"):
        fuse(each(ema(0.5)), tuple[int, float])


def test_lambdas_are_read_by_their_place() -> None:
    both: Machine[Any, float, Any] = lift(lambda x: x + 1.0) >> lift(lambda x: log(x * x))
    assert run(fused(both, float), [1.0]) == [log(4.0)]


def test_no_yanking_in_one_text() -> None:
    swapped: Floats = feedback(0.0, lift(lambda pair: (pair[1], pair[0])))
    assert run(fused(swapped, float), [1.0, 2.0, 3.0]) == [0.0, 1.0, 2.0]


def test_a_guarded_step_that_is_no_function_of_python_is_called_and_named() -> None:
    rules: dict[str, Floats] = {"partial": atom(0.0, partial(_shifted, 0.5)), "fabs": lift(fabs)}
    for name, rule in rules.items():
        machine = guarded(rule, -9.0, 9.0) & ema(0.5)
        twin = fused(machine, float)
        says = f"{name} is no function written in Python; write a def that calls it"
        assert twin.flat.outside == {"": says}  # type: ignore[attr-defined]  # a Fused
        assert run(twin, [1.0, -2.0]) == run(machine, [1.0, -2.0])


def _shifted(by: float, s: float, x: float) -> tuple[float, float]:
    return x, s + by
