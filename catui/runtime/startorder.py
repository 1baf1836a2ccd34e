"""The start order: the first frame a console sends to the engine's process."""

import msgspec
from msgspec import Struct

from catui.config import Config
from catui.runtime.framing import framed


class StartOrder(Struct, frozen=True):
    """What the console wants run. Settings travel with it, so that child and console read one configuration."""

    source: str
    config: Config
    speed: float | None
    runs: str = ""
    resume: str = ""
    author: str = "operator"  # the name of the console that starts it


def encode_order(order: StartOrder) -> bytes:
    """The start order as the first frame."""
    return framed(msgspec.json.encode(order))
