"""A guard round a machine: what goes wrong in it stops it alone, and is remembered with its place.

The memory is part of the state, so it is the same in every process: of an error only what does not depend on where
things lie in memory is kept, and of a file its name and line.
"""

import re
from dataclasses import dataclass
from types import CodeType, FrameType, TracebackType
from typing import Any, TypeVar

from msgspec import Struct

from catui.core.machine import Atom, Compose, Fanout, Feedback, Lift, Machine, Named, Optional, Parallel, Step
from catui.core.value import no_state

S = TypeVar("S")
A = TypeVar("A")

LONGEST_ERROR = 200
OURS = "catui."  # modules whose lines say nothing of a person's own code
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
MEND = "keep numbers, text, tuples and frozen structs"


class Overtime(BaseException):
    """Raised inside of a step that does not end, by whoever watches the clock; no `except Exception` of it holds it."""


class Cell(Struct, frozen=True):
    """The machine's own state, and why it was stopped: empty while it runs."""

    state: Any
    error: str = ""


@dataclass(frozen=True, eq=False)
class Guarded(Machine[Cell, A, float | None]):
    """A machine whose output is a number in [low, high], or None."""

    machine: Machine[Any, A, float] | Machine[Any, A, float | None]
    low: float
    high: float

    @property
    def init(self) -> Cell:
        return Cell(self.machine.init)

    def _compile(self) -> Step[Cell, A, float | None]:
        rule, checked = self.machine.step, self.checked

        def guarded_step(cell: Cell, x: A) -> tuple[Cell, float | None]:
            if cell.error:
                return cell, None
            try:
                state, y, fault = checked(rule(cell.state, x))
            except KeyboardInterrupt:
                raise
            except BaseException as raised:  # whatever it is: it is the machine's own, and stops it alone
                state, y, fault = None, None, self.told(raised)
            return (Cell(cell.state, fault[:LONGEST_ERROR]), None) if fault else (Cell(state), y)

        return guarded_step

    def checked(self, told: object) -> tuple[Any, float | None, str]:
        """What a step gave: the state, the output as a float, and what is wrong with them; empty: nothing."""
        if not isinstance(told, tuple) or len(told) != 2:
            return None, None, self.placed(f"the step gives {_shown(told)}; return `state, output`")
        state, y = told
        kind = no_state(self.machine, state)
        if kind is not None:
            return None, None, self.placed(f"the state holds a {_name(kind)}, which is no value; {MEND}")
        if y is None:
            return state, None, ""
        if isinstance(y, float | int) and type(y) is not bool and self.low <= y <= self.high:
            return state, float(y), ""
        return None, None, self.placed(f"signal {_shown(y)} is no number in [{self.low:g}, {self.high:g}]")

    def told(self, raised: BaseException) -> str:
        """What was raised, and where."""
        kind = type(raised).__name__
        if isinstance(raised, Overtime):
            return self.placed("the step does not end")
        if isinstance(raised, RecursionError | MemoryError):
            return self.placed(kind)  # how far it came is another matter in every process
        return f"{_where(raised.__traceback__)}{kind}: {_text(raised)}"

    def placed(self, fault: str) -> str:
        """A fault with the place of the step that gives the output."""
        code = last(self.machine)
        return fault if code is None else f"{_file(code)}:{code.co_firstlineno}: {fault}"


def guarded(
    machine: Machine[S, A, float] | Machine[S, A, float | None], low: float, high: float
) -> Machine[Cell, A, float | None]:
    """The machine, as long as it behaves; from then on None, with the error in the state and the state as it was.

    Stopped by: an exception, SystemExit and Overtime too; an output that is neither None nor a number in `[low, high]`;
    a state that could be changed in place. A whole number leaves as a float. Laws: a machine that behaves is unchanged;
    what one cell does no other can see; a stopped cell stays stopped; the same error is the same text in every process.
    """
    return Guarded(machine, low, high)


def guarding(frame: FrameType | None) -> FrameType | None:
    """The guard's frame, of the step that this frame is part of; None: it is of none."""
    while frame is not None and not (frame.f_code.co_name == "guarded_step" and frame.f_globals is globals()):
        frame = frame.f_back
    return frame


def _text(raised: BaseException) -> str:
    try:
        return ADDRESS.sub("", str(raised)).encode("utf-8", "backslashreplace").decode()
    except Exception:  # what it says of itself is at fault too
        return ""


def _where(trace: TracebackType | None) -> str:
    """The deepest line of the file that was entered first, a person's before ours."""
    seen = []
    while trace is not None:
        seen.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    own = [one for one in seen if not str(one[0].f_globals.get("__name__")).startswith(OURS)]
    entered = [one for one in own if one[0].f_code.co_filename == own[0][0].f_code.co_filename]
    for frame, line in reversed(entered or seen[1:]):
        return f"{_file(frame.f_code)}:{line}: "
    return ""


def last(machine: Machine[Any, Any, Any]) -> CodeType | None:
    """The code that gives a machine's output, as far as it is one function."""
    match machine:
        case Atom(rule=step) | Lift(function=step):
            return getattr(step, "__code__", None)
        case Compose(after=inner) | Fanout(right=inner) | Parallel(right=inner):
            return last(inner)
        case Named(machine=inner) | Optional(machine=inner) | Feedback(body=inner):
            return last(inner)
        case _:
            return None


def _file(code: CodeType) -> str:
    return code.co_filename.rpartition("/")[2]


def _shown(x: object) -> str:
    """A number or text as it is written; of anything else its type, as what it says of itself may be anything."""
    return repr(x) if type(x) in (float, int, str, bool) else f"of type {_name(type(x))}"


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
