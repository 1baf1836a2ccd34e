"""A process of ours as its parent has it: how it is started, what it says, whether it has ended.

It is started by `subprocess` and not by asyncio, whose transports kill their children on the way out, so that nothing
could go on without its parent, and whose starts never end once they are cancelled half-way.
"""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import IO

from catui.text import printable

LOOK_S = 0.02  # between two looks whether it has ended
LINE = 200  # characters that are kept of a line

Process = subprocess.Popen[bytes]


def spawned(module: str, theirs: socket.socket, *words: str) -> Process:
    """`python -m MODULE FD WORDS`, with this end of the pair in FD; it is no longer ours.

    Its group is its own, so that the terminal's signals do not reach it, and its standard error a pipe, so that it
    never writes over the screen. OSError: it cannot be started.
    """
    with theirs:
        return subprocess.Popen(
            [sys.executable, "-m", module, str(theirs.fileno()), *words],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )


async def has_ended(process: Process, seconds: float) -> bool:
    """Whether it has ended within `seconds`."""
    for _ in range(round(seconds / LOOK_S)):
        if process.poll() is not None:
            return True
        await asyncio.sleep(LOOK_S)
    return process.poll() is not None


async def first_line(process: Process) -> bytes:
    """The first line of its standard output; nothing where it ends without one."""
    assert process.stdout is not None
    async with _reader(process.stdout) as reader:
        return await reader.readline()


async def hear(process: Process, keep: Callable[[str], None]) -> None:
    """Keep the lines of its standard error, until there are no more."""
    assert process.stderr is not None
    async with _reader(process.stderr) as reader:
        try:
            while line := await reader.readline():
                keep(printable(line.decode("utf-8", "replace").strip(), LINE))
        except ValueError:
            keep("a line of stderr that has no end")


@contextlib.asynccontextmanager
async def _reader(pipe: IO[bytes]) -> AsyncIterator[asyncio.StreamReader]:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        yield reader
    finally:
        transport.close()


def how(code: int | None) -> str:
    """An exit code in words.

    >>> how(1), how(-9), how(None)
    ('exit code 1', 'exit code -9 (SIGKILL)', 'and it has not ended')
    """
    if code is None:
        return "and it has not ended"
    name = ""
    if code < 0:
        with contextlib.suppress(ValueError):
            name = f" ({signal.Signals(-code).name})"
    return f"exit code {code}{name}"
