"""The same door over a WebSocket, for a console on another machine: opt-in, by token, on this machine's own address.

There is no TLS here. Let ssh carry it: `ssh -L 9000:127.0.0.1:9000 HOST`. A web page can reach a port of this machine
too, and says from where it comes: whoever has an Origin is refused, and so is a Host that is not this machine's, which
is what a page behind a rebound name would send. Everything that a library leaves open is closed here.
"""

import asyncio
import ipaddress
import logging
import socket
from http import HTTPStatus
from urllib.parse import urlsplit

from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.http11 import Request, Response

from catui.errors import UsageError
from catui.runtime.attach import AttachError, Reach
from catui.runtime.channel import ROOM, Channel
from catui.runtime.door import Admit, Door
from catui.runtime.tokens import Tokens
from catui.runtime.wire import MAX_ASKED, Hello, Role, WireError
from catui.text import printable
from catui.venues.connection import LOOPBACK, is_loopback, open_websocket
from catui.venues.simulated.ports import listener

OPEN_S = 5.0  # for the handshake
SILENT = logging.Logger("catui.websocket", logging.CRITICAL + 1)  # peers that misbehave are no news of ours
TUNNEL = "there is no TLS; tunnel it: ssh -L PORT:127.0.0.1:PORT HOST"


class WebChannel:
    """Messages over a WebSocket, from either end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._closing: object = None

    async def receive(self) -> bytes | None:
        """The next message; None at the end. WireError: text, which nothing of ours is."""
        try:
            payload = await self._connection.recv()
        except ConnectionClosed:
            return None
        if isinstance(payload, str):
            raise WireError("text, where messages are bytes")
        return payload

    async def send(self, payload: bytes) -> None:
        """Hand over a message, and wait while the peer does not read."""
        try:
            await self._connection.send(payload)
        except ConnectionClosed:
            raise ConnectionResetError("the connection is closed") from None

    def close(self) -> None:
        """End it; a peer that does not answer is cut off by the library's close timeout."""
        if self._closing is None:
            self._closing = self._connection.loop.create_task(self._connection.close())


def address(url: str, without_tls: bool) -> tuple[str, int]:
    """Host and port to listen on. UsageError: no such address, or one that others reach, without their flag."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not url.startswith("ws://") or not host or port is None or parts.path not in ("", "/"):
        raise UsageError(f"--listen {printable(url)}: is no address; write ws://127.0.0.1:9000, port 0 for any")
    if host not in LOOPBACK and not without_tls:
        raise UsageError(f"--listen {printable(url)}: others can reach it and {TUNNEL}; else add --without-tls")
    return host, port


def bound(host: str, port: int, asked: str = "") -> socket.socket:
    """A socket on that address, before anything else begins. UsageError: it cannot be had."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        owner = listener(port) if port else None
        why = f"used by pid {owner}" if owner else (error.strerror or str(error)).lower()
        asked = asked or f"--listen ws://{host}:{port}"
        raise UsageError(f"{asked}: {why}; take another, or port 0") from None


def url_of(listening: socket.socket) -> str:
    """The address as a console writes it."""
    host, port = listening.getsockname()[:2]
    return f"ws://[{host}]:{port}" if ":" in host else f"ws://{host}:{port}"


async def open_to_web(door: Door, tokens: Tokens, listening: socket.socket) -> Server:
    """Listen until the server is closed."""
    hosts = {*LOOPBACK, socket.gethostname().lower()}

    async def attend(connection: ServerConnection) -> None:
        await asyncio.wait([door.attend(WebChannel(connection), _by_token(tokens))])

    def judge(connection: ServerConnection, request: Request) -> Response | None:
        fault = fault_of(request, hosts)
        return connection.respond(HTTPStatus.FORBIDDEN, f"{fault}\n") if fault else None

    return await serve(
        attend,
        sock=listening,
        process_request=judge,
        compression=None,
        server_header=None,
        open_timeout=OPEN_S,
        ping_interval=20,
        ping_timeout=20,
        close_timeout=1,
        max_size=MAX_ASKED,
        max_queue=4,
        write_limit=ROOM,
        logger=SILENT,
    )


def fault_of(request: Request, hosts: set[str]) -> str:
    """Why a handshake is refused; empty where it is not."""
    if request.path != "/":
        return "there is nothing here"
    if request.headers.get_all("Origin"):
        return "web pages are not let in"
    told = request.headers.get_all("Host")
    host = (urlsplit(f"//{told[0]}").hostname or "") if len(told) == 1 else ""
    return "" if host in hosts or _is_literal(host) else "this is not the host that was asked for"


def _is_literal(host: str) -> bool:
    """Whether a host is an address: one that no name server can have made up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _by_token(tokens: Tokens) -> Admit:
    """The role that a token gives, or less if less is asked for."""

    def admit(hello: Hello) -> Role | str:
        role = tokens.role_of(hello.token)
        if role is None:
            return "not a token of this run, or too many wrong ones: then wait a minute"
        return "watch" if hello.role == "watch" else role

    return admit


def remote(url: str, without_tls: bool) -> Reach:
    """The way to an engine by its address. UsageError: no address, or one in the open, without its flag."""
    if not url.startswith("wss://") and not is_loopback(url) and not without_tls:
        raise UsageError(f"{printable(url)}: {TUNNEL}; else add --without-tls")

    async def reach() -> Channel:
        try:
            return WebChannel(await open_websocket(url, without_tls=without_tls))
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            words = printable(str(error).lower() or "does not answer", 120)
            raise AttachError(f"{printable(url)}: cannot be reached: {words}") from None

    return reach
