"""The law that no process differs: the same inputs in two new interpreters, whose hashes have other seeds.

Each says, as JSON, what the machine of every constructor gives by its defaults.
"""

import os
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from types import TracebackType
from typing import TypeAlias

import msgspec

from catui.core.check import Example
from catui.core.check.example import difference, told
from catui.plugins import load_constructor
from catui.verify.laws import Unjudged
from catui.verify.markets import HOSTILE, STEADY
from catui.verify.trial import AnyKind, Trial, trials

Words: TypeAlias = list[list[str]]
"""What a machine said on each stream."""

SEEDS = ("0", "1")
MARKETS = (*STEADY, *HOSTILE)
LONGEST_S = 600.0
ALONE = 8  # inputs that are also tried as streams of one


class Fresh:
    """Two interpreters at work on the same constructors; asked of one kind, whether both said the same."""

    def __init__(self, kinds: tuple[AnyKind, ...]) -> None:
        self.constructors = tuple(filter(None, map(constructor, kinds)))
        command = [sys.executable, "-c", "from catui.verify.fresh import main; main()", *self.constructors]
        path = os.pathsep.join(filter(None, sys.path))
        self._children = [
            subprocess.Popen(
                command,
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for seed in SEEDS[: 2 * bool(self.constructors)]
        ]
        self._told: list[dict[str, Words]] | None = None

    def __enter__(self) -> "Fresh":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in self._children:
            child.kill()
            child.communicate()

    def judge(self, kind: AnyKind) -> Example | None:
        """Where the two differ. Unjudged: the kind cannot be made in another process."""
        name = constructor(kind)
        if not name:
            raise Unjudged("its constructor has no name that another process could load it by")
        one, other = [told.get(name) for told in self._answers()]
        if one is None or other is None:
            raise Unjudged("another process could not run it")
        for stream, (expected, got) in enumerate(zip(one, other, strict=True)):
            at = difference(expected, got)
            if at is not None:
                inputs = streams(trials(kind)[0][0])[stream]
                says = "another process, whose hashes have another seed, gives another output"
                return Example(says, tuple(inputs[: at + 1]), at, expected[at], got[at])
        return None

    def _answers(self) -> list[dict[str, Words]]:
        if self._told is None:
            try:
                answers = [child.communicate(timeout=LONGEST_S)[0] for child in self._children]
            except subprocess.TimeoutExpired:
                answers = []
            self._told = [msgspec.json.decode(answer or b"{}", type=dict[str, Words]) for answer in answers]
        return self._told or [{}, {}]


def constructor(kind: AnyKind) -> str:
    """The name by which another process loads it, FILE.py:NAME or package.module:NAME; empty: there is none."""
    module = sys.modules.get(kind.construct.__module__)
    if getattr(module, kind.name, None) is None:
        return ""
    is_imported = getattr(module, "__spec__", None) is not None and kind.construct.__module__ != "__main__"
    return f"{kind.construct.__module__ if is_imported else kind.construct.__code__.co_filename}:{kind.name}"


def streams(trial: Trial) -> list[list[object]]:
    """Streams of one input, and whole ones."""
    whole = [trial.inputs(market) for market in MARKETS]
    return [*[[x] for x in whole[0][:ALONE]], *whole]


def main() -> None:
    """What the constructors named in the arguments give; one that cannot be run here is left out."""
    answers: dict[str, Words] = {}
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        for name in sys.argv[1:]:
            with suppress(Exception, SystemExit):  # whatever it is: it is the file's own
                trial = trials(load_constructor(name))[0][0]
                answers[name] = [told(trial.machine, inputs).words for inputs in streams(trial)]
    sys.stdout.buffer.write(msgspec.json.encode(answers))
