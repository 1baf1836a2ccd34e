"""Arbitrary programs in the dialect mean in one flat text what they mean as they are written."""

from typing import Any

from hypothesis import HealthCheck, given, note, settings
from programs import Output, Told, compiled, inputs, sources

from catui.core.fuse import Flat, fuse, plain
from catui.core.fuse.live import Fused
from catui.core.machine import Machine, feedback, lift, optional, scan


def scanned(flat: Flat, told: list[Told]) -> tuple[Any, list[Any]]:
    """The scan in plain Python over lists as columns."""
    columns = [list(column) for column in zip(*[flat.row(x) for x in told], strict=True)]
    outs: list[list[Any]] = [[None] * len(told) for _ in flat.outs]
    held = flat.functions["scan"](flat.parameters, flat.flat(flat.init), *columns, *outs, 0, len(told))
    return flat.plain(held), [flat.value(row) for row in zip(*outs, strict=True)]


def stepped(flat: Flat, told: list[Told]) -> tuple[Any, list[Any]]:
    """The single steps."""
    held, outputs = flat.flat(flat.init), []
    for x in told:
        held, out = flat.functions["step"](flat.parameters, held, x)
        outputs.append(out)
    return flat.plain(held), outputs


def check(machine: Machine[Any, Told, Any], told: list[Told]) -> None:
    """The same outputs, and the same state, by closures, live, by steps and by a scan."""
    state, expected = scan(machine, told)
    flat = fuse(machine, Told)
    note(flat.text)
    assert flat.plain(flat.flat(state)) == state
    twin: Fused[Told, Any] = Fused(machine, Told)
    live_state, by_live = scan(twin, told)
    assert live_state.live.flat is not None  # nothing failed in the text
    for after, outputs in ((plain(twin, live_state), by_live), stepped(flat, told), scanned(flat, told)):
        assert list(map(repr, outputs)) == list(map(repr, expected))
        assert repr(after) == repr(state)


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@given(sources(), inputs)
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
def test_a_program_means_the_same_in_every_reading(source: str, told: list[Told]) -> None:
    note(source)
    check(compiled(source), told)


def _with_back(pair: tuple[Told, float]) -> Told:
    told, back = pair
    return Told(told.x + 0.125 * back, told.k, told.z)


def _apart(out: Output) -> tuple[Output, float]:
    return out, min(max(out[0], -9.0), 9.0)


def _some(told: Told) -> Told | None:
    return told if told.x > -1.0 else None


@given(sources(), sources(), inputs)
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
def test_programs_mean_the_same_in_a_knot_and_behind_none(one: str, other: str, told: list[Told]) -> None:
    note(one)
    note(other)
    first, second = compiled(one), compiled(other)
    tied: Machine[Any, Told, Any] = feedback(0.25, lift(_with_back) >> first >> lift(_apart))
    behind: Machine[Any, Told, Any] = lift(_some) >> optional(second)
    check((tied & behind) & first, told)
