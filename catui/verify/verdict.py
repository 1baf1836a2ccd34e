"""Verdicts: each law on a kind, kept or broken or not judged, at its first counter-example."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from catui.core.check import Example
from catui.core.check.example import deepest
from catui.errors import UsageError
from catui.plugins import machine_of, place_of
from catui.text import printable
from catui.verify.fresh import Fresh
from catui.verify.inputs import inputs_of
from catui.verify.laws import LAWS, Law, Unjudged
from catui.verify.markets import trending
from catui.verify.trial import AnyKind, Trial, Values, trials

Status: TypeAlias = Literal["kept", "broken", "unjudged"]

DETERMINISTIC = "deterministic", "two processes, whose hashes have other seeds, say the same"
PARAMETERS = "parameters", "every corner of its bounds makes a machine, or is refused"
SOME = 16  # observations, to see that inputs can be made of them


@dataclass(frozen=True)
class Verdict:
    """What was found: the counter-example of a law that is broken and the parameters, or why it was not judged."""

    kind: str
    law: str
    text: str
    status: Status
    example: Example | None = None
    values: Values = field(default_factory=dict)
    why: str = ""


def verify(*kinds: AnyKind) -> Iterator[Verdict]:
    """Every law on every kind, in order: by its defaults, and at the corners of its declared bounds.

    UsageError: a kind that its defaults do not make, or whose inputs cannot be made up.
    """
    for kind in kinds:
        machine = machine_of(kind)
        try:
            _ = machine.init
            inputs_of(kind.input, trending(SOME, 1))
        except Exception as error:  # of a class of its own, or of what is no machine inside
            fault = printable(f"{type(error).__name__}: {error}" if type(error) is not ValueError else str(error), 200)
            raise UsageError(f"{place_of(kind)}: {kind.name}: {fault}") from None
    with Fresh(kinds) as fresh:
        for kind in kinds:
            with _alone():
                found = list(_judged(kind, fresh))
            yield from found


def laws_of(kind: AnyKind) -> tuple[str, ...]:
    """The names of the laws that a kind is held to, in order."""
    return (*[law.name for law in LAWS if law.concerns(kind.symmetries)], DETERMINISTIC[0], PARAMETERS[0])


def _judged(kind: AnyKind, fresh: Fresh) -> Iterator[Verdict]:
    made, wrong = trials(kind)
    last = Law(*DETERMINISTIC, lambda trial: fresh.judge(trial.kind), ("repeatable",), most_trials=1)
    broken: set[str] = set()
    for law in (*LAWS, last):
        if law.concerns(kind.symmetries):
            found = _judge(kind, law, made, broken)
            if found.status == "broken":
                broken.add(law.name)
            yield found
    yield Verdict(kind.name, *PARAMETERS, "broken" if wrong else "kept", wrong)


def _judge(kind: AnyKind, law: Law, made: Sequence[Trial], broken: set[str]) -> Verdict:
    kept = Verdict(kind.name, law.name, law.text, "kept")
    if gone := [name for name in law.needs if name in broken]:
        return replace(kept, status="unjudged", why=f"{gone[0]} is broken")
    if law.declared and not any(trial.speaks for trial in made):
        return replace(kept, status="unjudged", why=f"it says nothing but None in {made[0].count} inputs")
    tried, why = 0, ""
    for trial in made[: law.most_trials]:
        try:
            example = law.judge(trial)
        except Unjudged as reason:
            why = str(reason)
            continue
        except Exception as error:  # of a class of the machine's own, say, that cannot be written out
            example = Example(f"it cannot be tried: {type(error).__name__}: {error}", place=deepest(error))
        if example is not None:
            placed = example if example.place else replace(example, place=place_of(kind))
            return replace(kept, status="broken", example=placed, values=trial.values)
        tried += 1
    return kept if tried else replace(kept, status="unjudged", why=why)


@contextmanager
def _alone() -> Iterator[None]:
    """What a step prints is not what the command says, and there is nobody to answer what it asks."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        asked, sys.stdin = sys.stdin, io.StringIO()
        try:
            yield
        finally:
            sys.stdin = asked
