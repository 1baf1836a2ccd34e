"""One tab: a console in a process of its own, between a browser's socket and the pipes of the toolkit's web driver.

    browser -> us        a JSON list: ["stdin", text], ["resize", {width, height}], ["ping", n], ["focus"], ["blur"]
    us -> console        a packet: D (keys) or M (JSON), 4 bytes of length, big endian, and so much of it
    console -> us        one line to say that it is there, then the same packets: D is what to draw

What a browser says is bounded and understood, or the tab is closed. The process is started without a shell and with
nothing of our environment that it does not need.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence

from catui.text import printable

READY = b"__GANGLION__\n"
MOST_KEYS = 16 * 1024  # characters in one message: a person's, or a paste
MOST_PACKET = 8 * 1024 * 1024
MOST_SIDE = 500  # cells
START_S, LEAVE_S = 20.0, 5.0
KEPT = ("HOME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "CATUI_CONFIG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
        "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "NO_COLOR", "VIRTUAL_ENV", "PYTHONPATH")  # fmt: skip

Send = Callable[[bytes], Awaitable[None]]


class TabError(Exception):
    """The browser said something that no page of ours says."""


def environment(width: int, height: int, given: Mapping[str, str]) -> dict[str, str]:
    """What the console's process is told: a terminal of this size in a browser, and little else."""
    driver = {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "COLORTERM": "truecolor",
        "TERM": "xterm-256color",
        "COLUMNS": str(width),
        "ROWS": str(height),
    }
    return {name: given[name] for name in KEPT if name in given} | driver


def packet(kind: bytes, payload: bytes) -> bytes:
    """A packet for the console.

    >>> packet(b"D", b"q")
    b'D\\x00\\x00\\x00\\x01q'
    """
    return kind + len(payload).to_bytes(4, "big") + payload


def packets_of(text: str) -> bytes:
    """What the browser says, for the console; empty for what is nobody's. TabError: it is not of our page."""
    try:
        message = json.loads(text)
        kind, told = (message[0], message[1] if len(message) > 1 else None) if isinstance(message, list) else ("", None)
        match kind, told:
            case "stdin", str(keys) if len(keys) <= MOST_KEYS:
                return packet(b"D", keys.encode())
            case "resize", {"width": int(width), "height": int(height)}:
                size = {"type": "resize", "width": side(width), "height": side(height)}
                return packet(b"M", json.dumps(size).encode())
            case "focus" | "blur", None:
                return packet(b"M", json.dumps({"type": kind}).encode())
            case "ping", _:
                return b""
    except (ValueError, RecursionError, IndexError):  # UnicodeEncodeError is a ValueError
        pass
    raise TabError("no message of this page")


def side(cells: int) -> int:
    """Cells across or down, as many as a screen can have."""
    return min(max(cells, 1), MOST_SIDE)


class Tab:
    """A console's process, from `open` to `close`."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = argv
        self._process: asyncio.subprocess.Process | None = None

    async def open(self, width: int, height: int) -> None:
        """Start the console."""
        self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(side(width), side(height), os.environ),
            start_new_session=True,
        )

    async def hear(self, text: str) -> None:
        """Hand over what the browser says. TabError: it is not of our page."""
        told = packets_of(text)
        if self._process is not None and self._process.stdin is not None and told:
            self._process.stdin.write(told)
            await self._process.stdin.drain()

    async def show(self, send: Send) -> None:
        """Hand what the console draws to the browser, until it ends; what it says of a failed start as well."""
        assert self._process is not None
        out, err = self._process.stdout, self._process.stderr
        assert out is not None
        assert err is not None
        hearing = asyncio.create_task(err.read())
        try:
            is_ready = False
            with contextlib.suppress(asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(START_S):
                    is_ready = await out.readexactly(len(READY)) == READY
                while is_ready and await self._passed(out, send):
                    pass
            if not is_ready:
                words = (await hearing).decode("utf-8", "replace").splitlines()
                await send("\r\n".join(printable(line, 200) for line in words[-20:]).encode())
        finally:
            hearing.cancel()

    async def _passed(self, out: asyncio.StreamReader, send: Send) -> bool:
        """One packet of the console's: what is drawn is passed on, all else is nobody's. False: it says goodbye."""
        kind = await out.readexactly(1)
        length = int.from_bytes(await out.readexactly(4), "big")
        if length > MOST_PACKET:
            return False
        payload = await out.readexactly(length)
        if kind == b"D":
            await send(payload)
        return not (kind == b"M" and json.loads(payload).get("type") == "exit")

    async def close(self) -> None:
        """Ask the console to leave, and see that it does."""
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(ConnectionError):
            process.stdin.write(packet(b"M", b'{"type": "quit"}') + packet(b"M", b'{"type": "exit"}'))
            process.stdin.close()
        try:
            async with asyncio.timeout(LEAVE_S):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
