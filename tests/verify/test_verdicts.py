"""Verdicts: what is tried, at which parameters, what cannot be told, and what is never a traceback."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from msgspec import Struct

from catui.core.machine import Machine, atom, lift
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features
from catui.errors import UsageError
from catui.plugins import load_constructor
from catui.verify import Verdict, laws_of, lines, verify
from catui.verify.fresh import constructor
from catui.verify.trial import corners, trials

HERE = Path(__file__)


class Lots(Struct):
    """An input that refuses some of its numbers."""

    size: float

    def __post_init__(self) -> None:
        if self.size < 0.0:
            raise ValueError(f"size must not be below 0, got {self.size!r}")


class Sealed:
    """A state that can be neither written out nor copied."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise RuntimeError("sealed")


@strategy(warm_up=lambda: 900, symmetries=("odd",))
def patient() -> Machine[float, Features, float | None]:
    """Speaks late, and is wrong then."""

    def step(quotes: float, x: Features) -> tuple[float, float | None]:
        now = quotes + 1.0
        return now, (abs(x.imbalance) if now >= 900.0 else None)

    return atom(0.0, step)


@strategy(warm_up=lambda: 1_000_000, symmetries=("odd",))
def never() -> Machine[None, Features, float | None]:
    """Has nothing to say in one life."""

    def nothing(_: Features) -> float | None:
        return None

    return lift(nothing)


@strategy(symmetries=("bounded",))
def too_strong(
    gain: Annotated[float, Bounds(0, 8, "", "of the imbalance")] = 0.5,
    ticks: Annotated[int, Bounds(1, 1_000_000, "ticks", "kept")] = 3,
) -> Machine[tuple[float, ...], Features, float | None]:
    """Within bounds by its defaults; a window of any length."""
    if gain == 0 and ticks == 1:
        raise ValueError("gain must be above 0 where ticks is 1, got 0")

    def step(kept: tuple[float, ...], x: Features) -> tuple[tuple[float, ...], float | None]:
        return (*kept[1:], x.imbalance), gain * x.imbalance

    return atom((0.0,) * ticks, step)


@strategy()
def sealed() -> Machine[Any, Features, float | None]:
    """Keeps what nobody can look into."""
    return atom(Sealed(), lambda s, x: (s, x.imbalance))


@strategy()
def refusing() -> Machine[None, Lots, float | None]:
    """Takes what refuses to be made."""
    return lift(lambda x: x.size)


@strategy()
def hollow() -> Machine[Any, Features, float | None]:
    """In series with what is no machine."""
    three: Any = 3
    made: Machine[Any, Features, float | None] = lift(lambda x: x.imbalance) >> three
    return made


def found(kind: Any) -> dict[str, Verdict]:
    verdicts = {verdict.law: verdict for verdict in verify(kind)}
    assert tuple(verdicts) == laws_of(kind)
    return verdicts


def test_a_warm_up_is_waited_for_so_that_what_comes_after_it_is_judged() -> None:
    verdicts = found(patient)
    assert (verdicts["warm_up"].status, verdicts["odd"].status) == ("kept", "broken")
    example = verdicts["odd"].example
    assert example is not None
    assert example.at == 899


def test_a_machine_that_says_nothing_is_judged_by_nothing_that_it_says() -> None:
    verdicts = found(never)
    assert (verdicts["odd"].status, verdicts["odd"].why) == ("unjudged", "it says nothing but None in 128 inputs")
    assert verdicts["warm_up"].why == "a warm-up of 1000000 inputs is too long to wait for"
    assert verdicts["causal"].status == "kept"


def test_bounds_are_tried_at_their_corners() -> None:
    tried = list(corners(too_strong))
    assert tried == [
        *({"gain": 0.5, "ticks": 3}, {"gain": 0.0, "ticks": 1}, {"gain": 8.0, "ticks": 1_000_000}),
        *({"gain": 0.0, "ticks": 3}, {"gain": 8.0, "ticks": 3}, {"gain": 0.5, "ticks": 1}),
        {"gain": 0.5, "ticks": 1_000_000},
    ]
    assert all(type(values["ticks"]) is int for values in tried)
    made, wrong = trials(too_strong)
    assert wrong is None
    assert [trial.values for trial in made] == [tried[0], tried[3], tried[4], tried[5]]  # refused: 1; too large: 2, 6
    verdicts = found(too_strong)
    assert (verdicts["bounded"].status, verdicts["bounded"].values) == ("broken", {"gain": 8.0, "ticks": 3})
    assert "        with      gain=8, ticks=3" in list(lines(verdicts["bounded"]))


def test_what_a_check_cannot_look_into_is_a_law_that_is_broken() -> None:
    verdicts = found(sealed)
    example = verdicts["untouched"].example
    assert example is not None
    assert example.says == "it cannot be tried: RuntimeError: sealed"
    assert verdicts["state"].status == "broken"


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (refusing, "size must not be below 0, got -"),
        (hollow, "AttributeError: 'int' object has no attribute 'init'"),
    ],
)
def test_what_cannot_be_tried_at_all_is_one_line(kind: Any, fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(verify(kind))
    line = kind.construct.__code__.co_firstlineno
    assert str(caught.value).startswith(f"{HERE}:{line}: {kind.name}: {fault}")
    assert "\n" not in str(caught.value)


def test_a_constructor_without_a_name_is_not_judged_in_other_processes() -> None:
    @strategy()
    def local() -> Machine[None, Features, float | None]:
        """Only here."""
        return lift(lambda x: x.imbalance)

    verdict = found(local)["deterministic"]
    assert (verdict.status, verdict.why) == (
        "unjudged",
        "its constructor has no name that another process could load it by",
    )


def test_another_process_finds_a_constructor_by_its_module_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from catui.core.machine import Machine, lift\n"
        "from catui.domain.signals import Features\n"
        "def mine() -> Machine[None, Features, float | None]:\n"
        "    return lift(lambda x: x.imbalance)\n"
    )
    assert constructor(load_constructor("catui.strategies.momentum:momentum")) == "catui.strategies.momentum:momentum"
    mine = load_constructor(f"{file}:mine")
    assert constructor(mine) == f"{file}:mine"
    assert found(mine)["deterministic"].status == "kept"
    file.unlink()
    gone = found(mine)["deterministic"]
    assert (gone.status, gone.why) == ("unjudged", "another process could not run it")
