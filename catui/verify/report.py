"""Verdicts as text for people, and as data for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from catui.core.check import Example
from catui.core.check.values import written
from catui.text import printable
from catui.verify.laws import LAWS
from catui.verify.trial import shown
from catui.verify.verdict import Verdict

MARKS = {"kept": "ok", "broken": "FAIL", "unjudged": "-"}
MOST_INPUTS = 8
LONGEST = 2_000


def lines(verdict: Verdict) -> Iterator[str]:
    """One line; below a law that is broken, its counter-example."""
    why = f" ({verdict.why})" if verdict.why else ""
    yield f"  {MARKS[verdict.status]:<5} {verdict.law:<14} {verdict.text}{why}"
    if verdict.example is not None:
        yield from (f"        {line}" for line in _example(verdict.example, verdict))


def _example(found: Example, verdict: Verdict) -> Iterator[str]:
    yield f"{printable(found.place, LONGEST)}: {printable(found.says, LONGEST)}"
    if verdict.values:
        yield f"with      {shown(verdict.values)}"
    yield from _stream("input", found.inputs)
    yield from _stream("beside", found.against)
    at = "" if found.at is None else f"  (output {found.at})"
    if found.expected or found.got:
        yield f"expected  {printable(found.expected, LONGEST)}{at}"
        yield f"got       {printable(found.got, LONGEST)}"


def _stream(name: str, inputs: Sequence[object]) -> Iterator[str]:
    """The last inputs of a stream, with their places in it."""
    skipped = max(0, len(inputs) - MOST_INPUTS)
    if skipped:
        yield f"{name:<6} 0..{skipped - 1} (--json has them)"
    for i, one in enumerate(inputs[skipped:], start=skipped):
        yield f"{name:<6} {i:<2} {printable(written(one), LONGEST)}"


def facts(verdict: Verdict) -> dict[str, Any]:
    """A verdict as data."""
    found = verdict.example
    told: dict[str, Any] = {
        "kind": verdict.kind,
        "law": verdict.law,
        "text": verdict.text,
        "status": verdict.status,
    }
    if verdict.why:
        told["why"] = verdict.why
    if found is not None:
        told |= {
            "says": found.says,
            "place": found.place,
            "parameters": verdict.values,
            "at": found.at,
            "inputs": list(map(written, found.inputs)),
            "beside": list(map(written, found.against)),
            "expected": found.expected,
            "got": found.got,
        }
    return told


def summary(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """How many there were of each."""
    counted = {status: sum(v.status == status for v in verdicts) for status in MARKS}
    return {"summary": True, "machines": sum(v.law == LAWS[0].name for v in verdicts), "laws": len(verdicts), **counted}


def sentence(verdicts: Sequence[Verdict]) -> str:
    """The same, for people."""
    told = summary(verdicts)
    of = f"{told['machines']} machine{'s' * (told['machines'] != 1)}"
    return f"{of}: {told['kept']} laws kept, {told['broken']} broken, {told['unjudged']} not judged"
