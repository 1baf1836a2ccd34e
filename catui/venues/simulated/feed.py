"""What leaves the exchange: texts in time order, one name a stream, made only for streams that somebody reads."""

from collections import deque
from typing import NamedTuple


class Frame(NamedTuple):
    """One event of one stream at a moment of the exchange's clock; `text` is its JSON, unwrapped."""

    t_ns: int
    stream: str
    text: str


class Feed:
    """Readers by stream, and the frames not yet taken."""

    def __init__(self) -> None:
        self.readers: dict[str, int] = {}
        self.frames: deque[Frame] = deque()

    def read(self, stream: str) -> None:
        """One more reader of `stream`: it is made from now on."""
        self.readers[stream] = self.readers.get(stream, 0) + 1

    def leave(self, stream: str) -> None:
        """One reader less; without any the stream is not made."""
        left = self.readers.get(stream, 0) - 1
        if left > 0:
            self.readers[stream] = left
        else:
            self.readers.pop(stream, None)

    def emit(self, t_ns: int, stream: str, text: str) -> None:
        """Append one frame."""
        self.frames.append(Frame(t_ns, stream, text))

    def take(self) -> list[Frame]:
        """All frames since the last call, in order."""
        frames = list(self.frames)
        self.frames.clear()
        return frames


def user_stream(account: str) -> str:
    """The name under which an account's own events leave."""
    return f"user:{account}"
