"""A person's own strategy for the tests of the command line, and a desk that it is alone on."""

from pathlib import Path

TURNS = '''"""Long and short by turns."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features


class State(Struct, frozen=True, gc=False):
    """Quotes of this turn and the next."""

    quotes: float


@strategy(symmetries=("bounded", "time_free", "scale_free"))
def turns(
    every: Annotated[float, Bounds(1, 1000, "ticks", "a turn")] = 10.0,
) -> Machine[State, Features, float | None]:
    """Long and short by turns."""

    def step(s: State, x: Features) -> tuple[State, float | None]:
        quotes = s.quotes + 1.0
        signal = 1.0 if quotes < every else -1.0
        return State(0.0 if quotes >= 2.0 * every else quotes), signal

    return atom(State(0.0), step)
'''
DESK = """[features]
warm_up_ticks = 3
[planning]
style = "cross"
[engine]
checkpoint_events = 100
[strategies.mine]
kind = "KIND"
"""


def desk_of(folder: Path, text: str = TURNS, kind: str = "turns.py:turns", more: str = "every = 5\n") -> Path:
    """A configuration with that strategy alone, and its file beside it; the configuration's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "turns.py").write_text(text, "utf-8")
    config = folder / "desk.toml"
    config.write_text(DESK.replace("KIND", kind) + more, "utf-8")
    return config
