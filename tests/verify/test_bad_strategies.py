"""Mistakes that a person makes: each is caught, by the law that it breaks, at the line or the output where it is."""

from pathlib import Path

import pytest

from catui.compiled import has_numba
from catui.plugins import load_constructors
from catui.verify import Verdict, verify

BAD = Path(__file__).parent / "bad"

# The laws that each breaks, the telling one first.
CAUGHT: dict[str, tuple[str, ...]] = {
    "mutates_its_state": ("untouched", "state", "pure", "dialect"),
    "mutates_its_input": ("untouched", "pure", "dialect"),
    "draws_randomness": ("repeatable", "pure", "dialect"),
    "uses_the_clock": ("repeatable", "pure", "dialect"),
    "hides_state_in_a_default": ("repeatable", "pure", "dialect"),
    "hides_state_in_a_global": ("repeatable", "pure", "dialect"),
    "counts_its_calls": ("repeatable", "pure", "dialect"),
    "repaints": ("causal", "replay", "isolated", "pure", "dialect"),
    "reuses_its_output": ("causal", "replay", "pure", "dialect"),
    "knows_its_first_state": ("replay", "dialect"),
    "shares_a_window": ("isolated", "pure", "dialect"),
    "hides_its_class": ("state",),
    "is_lost_at_zero_spread": ("finite",),
    "divides_by_the_volatility": ("finite",),
    "speaks_early": ("warm_up",),
    "speaks_late": ("warm_up",),
    "knows_no_bounds": ("bounded",),
    "leans_while_nothing_moves": ("flat",),
    "is_long_only": ("odd",),
    "fears_falls_more": ("even",),
    "drifts_with_scale": ("scale_free",),
    "trades_at_noon": ("time_free",),
    "prints": ("pure", "dialect"),
    "keeps_office_hours": ("pure", "dialect"),
    "keeps_a_long_tuple": ("dialect",),
    "squares_by_power": ("dialect",),
    "overflows_when_compiled": ("twin",),
    "goes_by_the_order_of_a_set": ("deterministic", "dialect"),
    "divides_by_a_parameter": ("parameters",),
}
# At which output the counter-example of the first law fails, with how many inputs: as few as it takes.
SMALLEST = {
    "mutates_its_state": (0, 1),
    "mutates_its_input": (0, 1),
    "draws_randomness": (0, 1),
    "hides_state_in_a_default": (0, 1),
    "counts_its_calls": (0, 1),
    "repaints": (0, 1),
    "reuses_its_output": (0, 1),
    "knows_its_first_state": (0, 1),
    "is_lost_at_zero_spread": (0, 1),
    "speaks_early": (0, 1),
    "speaks_late": (19, 20),
    "drifts_with_scale": (1, 2),
    "trades_at_noon": (0, 1),
    "goes_by_the_order_of_a_set": (0, 1),
}
every_one = pytest.mark.parametrize("name", CAUGHT)


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Verdict]]:
    """What is found of every bad strategy, by law."""
    found: dict[str, dict[str, Verdict]] = {}
    for verdict in verify(*[kind for name in CAUGHT for kind in load_constructors(str(BAD / f"{name}.py"))]):
        found.setdefault(verdict.kind, {})[verdict.law] = verdict
    return found


@every_one
def test_a_bad_strategy_is_caught_by_the_laws_that_it_breaks(
    name: str, verdicts: dict[str, dict[str, Verdict]]
) -> None:
    broken = {law for law, verdict in verdicts[name].items() if verdict.status == "broken"}
    is_seen = has_numba() or name != "overflows_when_compiled"
    assert broken == (set(CAUGHT[name]) if is_seen else set())


@every_one
def test_a_fault_that_has_a_line_is_told_with_it(name: str, verdicts: dict[str, dict[str, Verdict]]) -> None:
    file = BAD / f"{name}.py"
    marked = [number for number, line in enumerate(file.read_text().splitlines(), 1) if "# fault" in line]
    told = {v.example.place for v in verdicts[name].values() if v.example is not None}
    assert all(place.startswith(f"{file}:") for place in told)
    if marked and "twin" not in CAUGHT[name]:
        assert f"{file}:{marked[0]}" in told


@pytest.mark.parametrize("name", SMALLEST)
def test_the_counter_example_is_as_small_as_it_goes(name: str, verdicts: dict[str, dict[str, Verdict]]) -> None:
    example = verdicts[name][CAUGHT[name][0]].example
    assert example is not None
    assert (example.at, len(example.inputs)) == SMALLEST[name]
    assert example.expected != example.got


def test_every_bad_strategy_is_tried() -> None:
    assert {file.stem for file in BAD.glob("*.py")} == set(CAUGHT)


def test_every_law_is_the_first_that_something_breaks(verdicts: dict[str, dict[str, Verdict]]) -> None:
    laws = {law for found in verdicts.values() for law in found}
    assert laws == {first for first, *_ in CAUGHT.values()}


def test_a_law_that_would_tell_nothing_is_not_judged(verdicts: dict[str, dict[str, Verdict]]) -> None:
    of_clock = verdicts["uses_the_clock"]
    assert {law for law, v in of_clock.items() if v.status == "unjudged"} == {
        *("causal", "replay", "isolated", "twin", "deterministic")
    }
    assert {v.why for v in of_clock.values() if v.status == "unjudged"} == {"repeatable is broken"}


def test_what_a_step_prints_is_not_what_the_check_says(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(verify(*load_constructors(str(BAD / "prints.py"))))
    assert capfd.readouterr() == ("", "")
