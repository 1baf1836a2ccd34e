"""What a run is asked to be, and the start order: the first frame a console sends to the engine's process."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from catui.config import Config
from catui.runtime.framing import framed
from catui.venues.simulated.launch import Launched


@dataclass(frozen=True)
class Start:
    """What a run is asked to be."""

    source: str
    config: Config
    speed: float | None  # event time over wall time; None: as fast as possible
    runs: Path | None = None  # where runs are kept, if not where the configuration says
    launched: Launched | None = None  # the exchange of a simulated source, where it was started ahead


class StartOrder(Struct, frozen=True):
    """What the console wants run. Settings travel with it, so that child and console read one configuration."""

    source: str
    config: Config
    speed: float | None
    runs: str = ""
    resume: str = ""
    author: str = "operator"  # the name of the console that starts it


def order_of(start: Start) -> StartOrder:
    """A new run, as it is ordered of another process."""
    return StartOrder(start.source, start.config, start.speed, "" if start.runs is None else str(start.runs))


def encode_order(order: StartOrder) -> bytes:
    """The start order as the first frame."""
    return framed(msgspec.json.encode(order))
