"""Declarations: what a constructor's signature says is what people are told, and what they may write."""

import re
from math import inf, nan
from typing import Annotated, Any

import msgspec
import pytest

from catui.config import schema as config_schema
from catui.core.machine import Machine, lift
from catui.domain.kind import Kind, strategy
from catui.domain.parameters import Bounds, Parameter, chosen, parameters_of
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features
from catui.strategies.registry import ALL, DESK_KINDS, KINDS, build, schema, warm_up_ticks


@strategy(warm_up="window_ticks", symmetries=("odd",))
def sample(
    gain: Annotated[float, Bounds(0, 2, "per tick", "of it")] = 1,
    window_ticks: Annotated[int, Bounds(1, 9, "ticks", "looked at")] = 3,
) -> Machine[None, Features, float | None]:
    """A sample.

    And more of it.
    """
    return lift(lambda x: gain * window_ticks)


def test_a_signature_is_the_declaration() -> None:
    assert sample.name == "sample"
    assert sample.text == "A sample."
    assert sample.documentation == "A sample.\n\nAnd more of it."
    assert sample.parameters == {
        "gain": Parameter(1, 0, 2, "per tick", "of it"),
        "window_ticks": Parameter(3, 1, 9, "ticks", "looked at", is_whole=True),
    }
    assert (sample.input, sample.output, sample.is_for_desk) == (Features, float | None, True)
    assert sample.symmetries == {"odd"}
    assert sample(2.0, 4).step(None, None)[1] == 8.0  # type: ignore[arg-type]  # the step looks at nothing


def test_what_is_given_is_taken_and_the_rest_is_by_default() -> None:
    values = chosen(sample.parameters, {"window_ticks": 5.0}, "sample")
    assert values == {"gain": 1, "window_ticks": 5}
    assert type(values["window_ticks"]) is int
    assert chosen(sample.parameters, {"gain": 0}, "sample") == {"gain": 0.0, "window_ticks": 3}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"gain": 2.1}, r"^gain = 2\.1 must be 0 to 2 per tick$"),
        ({"gain": nan}, r"^gain = nan must be 0 to 2 per tick$"),
        ({"gain": -inf}, r"^gain = -inf must be 0 to 2 per tick$"),
        ({"window_ticks": 2.5}, r"^window_ticks = 2\.5 must be whole; write 2$"),
        ({"window_ticks": 10}, r"^window_ticks = 10 must be 1 to 9 ticks$"),
        ({"gian": 1.0}, r"^parameter 'gian' is unknown; did you mean gain\?$"),
        ({"qqqq": 1.0}, r"^parameter 'qqqq' is unknown; sample has gain, window_ticks$"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(given: dict[str, float], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        chosen(sample.parameters, given, "sample")


def test_a_parameter_that_is_not_declared_is_refused_with_the_mend() -> None:
    def bare(gain: float = 1.0) -> None: ...
    def without_default(gain: Annotated[float, Bounds(0, 1, "", "")]) -> None: ...
    def of_text(gain: Annotated[str, Bounds(0, 1, "", "")] = "a") -> None: ...

    for construct in (bare, without_default, of_text):
        with pytest.raises(ValueError, match=r"^parameter 'gain' is not declared; write gain: Annotated\[float, "):
            parameters_of(construct)


def test_a_constructor_that_does_not_say_what_it_returns_is_refused() -> None:
    def silent(): ...  # type: ignore[no-untyped-def]  # what is refused

    with pytest.raises(ValueError, match=r"^silent must say what it returns: -> Machine"):
        _ = Kind(silent).input


def test_a_warm_up_is_a_parameter_or_a_function_of_all() -> None:
    assert sample.warm_up_ticks({"gain": 1, "window_ticks": 7}) == 7
    assert Kind(sample.construct).warm_up_ticks({}) == 1
    twice: Kind[..., Any] = Kind(sample.construct, lambda gain, window_ticks: gain * window_ticks)
    assert twice.warm_up_ticks({"gain": 1.5, "window_ticks": 3}) == 5
    assert twice.warm_up_ticks({"gain": 0.0, "window_ticks": 3}) == 1


def test_names_are_their_constructors_and_each_is_one() -> None:
    assert len(KINDS) == len(ALL)
    assert all(name == kind.construct.__name__ for name, kind in KINDS.items())
    assert [name for name in KINDS if name not in DESK_KINDS] == ["pairs", "quoting"]


@pytest.mark.parametrize("name", ["pairs", "quoting"])
def test_what_no_desk_can_feed_is_refused_in_one_line(name: str) -> None:
    for ask in (build, warm_up_ticks):
        with pytest.raises(ValueError, match=f"^kind '{name}' needs more than the features of one instrument.*flat$"):
            ask(StrategySettings("x", name))


def test_a_kind_of_a_file_is_known_where_it_was_loaded() -> None:
    settings = StrategySettings("x", "mine.py:mine")
    with pytest.raises(ValueError, match=r"^kind 'mine\.py:mine' is of a file that was not loaded$"):
        build(settings)
    given = {**KINDS, "mine.py:mine": KINDS["hold"]}
    assert build(settings, given).init == build(StrategySettings("x", "hold")).init
    assert warm_up_ticks(settings, given) == 1


def test_the_schema_has_one_form_a_kind_of_the_desk() -> None:
    *of_library, own = schema()["anyOf"]
    forms = {form["properties"]["kind"]["const"]: form["properties"] for form in of_library}
    assert re.search(own["properties"]["kind"]["pattern"], "folder/mine.py:mine")
    assert list(forms) == list(DESK_KINDS)
    assert forms["breakout"]["channel_ticks"] == {
        "type": "number",
        "minimum": 8,
        "maximum": 1e7,
        "default": 240.0,
        "description": "ticks length of the channel",
    }
    held = config_schema()["$defs"]["Config"]["properties"]["strategies"]["additionalProperties"]
    assert held == schema()
    assert msgspec.json.encode(held)
