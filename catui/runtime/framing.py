"""Frames: 4 bytes of length, little endian, and that many of message, over one stream."""

import asyncio
import struct
from collections.abc import Iterator

MAX_FRAME = 16 * 1024 * 1024
_length = struct.Struct("<I")


def framed(payload: bytes) -> bytes:
    """A message as it goes over the stream."""
    return _length.pack(len(payload)) + payload


async def read_frame(reader: asyncio.StreamReader, most: int = MAX_FRAME) -> bytes | None:
    """The next message; None at the end of the stream, or where it is longer than a peer of ours would send."""
    try:
        (length,) = _length.unpack(await reader.readexactly(_length.size))
        return await reader.readexactly(length) if length <= most else None
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Unframed:
    """The messages in bytes that come in pieces, for a reader without a loop."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Every message that is whole now. ValueError: a frame that no peer of ours would send."""
        self._held += data
        while len(self._held) >= _length.size:
            (length,) = _length.unpack_from(self._held)
            if length > MAX_FRAME:
                raise ValueError(f"a frame of {length} bytes; at most {MAX_FRAME}")
            end = _length.size + length
            if len(self._held) < end:
                return
            payload = bytes(self._held[_length.size : end])
            del self._held[:end]
            yield payload
