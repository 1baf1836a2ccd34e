"""The listening side: every engine on a local socket of its own, for its user's consoles, and a card that tells of it.

The socket is 0600 in a directory of 0700, and the peer's user is asked of the system as well. Whoever comes this way is
the user, so that the role is the one that is asked for. An engine that cannot listen trades all the same.
"""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from websockets.asyncio.server import Server as WebServer

from catui.errors import UsageError
from catui.runtime.channel import StreamChannel
from catui.runtime.door import Door
from catui.runtime.engines import Card, announce, secured, withdraw
from catui.runtime.session import Session
from catui.runtime.tokens import Tokens
from catui.runtime.websocket import open_to_web, url_of
from catui.runtime.wire import MAX_ASKED, Hello, Role
from catui.venues.wallclock import now_ns

BACKLOG = 16


@contextlib.asynccontextmanager
async def attended(
    session: Session,
    say: Callable[[str], None],
    grace_s: float = 0.0,
    lost: Callable[[], None] = lambda: None,
    web: socket.socket | None = None,
) -> AsyncIterator[Door]:
    """A session with its door open, until the block ends. Whatever keeps it from listening is one line to `say`.

    `lost` is called once the console that keeps the run has been gone for `grace_s`, see `ownership`. `web` is a bound
    socket, on which consoles of other machines are let in by token.
    """
    card = _card(session, web)
    servers: list[asyncio.Server | WebServer] = []
    door = Door(session, None, grace_s, lost)
    try:
        secured()
        door.tokens = tokens = Tokens.made(card.file("control"), card.file("watch"))
        servers.append(await _listening(card.file("sock"), door))
        if web is not None:
            servers.append(await open_to_web(door, tokens, web))
        announce(card)
    except (UsageError, OSError) as error:
        say(f"nobody can attach: {error}")
    publishing = asyncio.create_task(door.publisher.run())
    try:
        yield door
    finally:
        withdraw(card)
        for server in servers:
            server.close()
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)


def _card(session: Session, web: socket.socket | None) -> Card:
    directory = str(session.engine.journal.directory.absolute())
    url = "" if web is None else url_of(web)
    return Card(os.getpid(), session.name, directory, session.source, session.badge, now_ns(), url)


async def _listening(path: Path, door: Door) -> asyncio.Server:
    """The local socket. UsageError: it cannot be made."""

    def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        channel = StreamChannel(reader, writer, MAX_ASKED)
        if _is_this_user(writer):
            door.attend(channel, _admit)
        else:
            channel.close()

    return await asyncio.start_unix_server(attend, sock=_bound(path), backlog=BACKLOG)


def _bound(path: Path) -> socket.socket:
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)  # of a dead process that had our number
        bound.bind(str(path))
        path.chmod(0o600)
    except OSError as error:
        bound.close()
        raise UsageError(f"socket {path}: {(error.strerror or str(error)).lower()}") from None
    return bound


def _admit(hello: Hello) -> Role | str:
    """Whoever reaches the socket is its user."""
    return hello.role


def _is_this_user(writer: asyncio.StreamWriter) -> bool:
    """Whether the peer's user is ours, where the system says so; the directory's mode holds everywhere."""
    peer = writer.get_extra_info("socket")
    if not hasattr(socket, "SO_PEERCRED") or peer is None:
        return True
    with contextlib.suppress(OSError):
        _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
        return bool(uid == os.getuid())
    return False
