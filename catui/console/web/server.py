"""`catui serve`: the console in a browser, on this machine only.

A page can reach every port of the machine that it is looked at on, so that who asks is judged at each request: the Host
must be this machine's name, or a rebound name could speak for it; a request that says where it comes from must come
from this very address; and the address holds a key, made anew at each start, without which there is nothing here. What
is served are four files and one socket; tabs are counted; a tab may watch, and has control only by the run's token,
which the engine judges.

The terminal of the page is that of textual-serve. Its server is not used: it runs a command line in a shell for every
socket that anybody opens, from whatever page, lists its files, and prints what a console says to the terminal raw.
"""

import asyncio
import contextlib
import hmac
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from catui.console.web.tab import MOST_KEYS, Tab, TabError
from catui.errors import UsageError
from catui.venues.connection import LOOPBACK

TABS = 4  # at once: each is a console of the engine, which has room for eight
FONT = 14  # pixels
FILES = {
    "css/xterm.css": "text/css",
    "js/textual.js": "text/javascript",
    "fonts/RobotoMono-VariableFont_wght.ttf": "font/ttf",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """The page, its files and its socket, below a key. `argv` starts the console of a tab."""

    def __init__(self, argv: Sequence[str], key: str, title: str, files: Path, tabs: int = TABS) -> None:
        self._argv, self._key, self._title, self._files, self._most = argv, key, title, files, tabs
        self._tabs: set[web.WebSocketResponse] = set()

    def application(self) -> web.Application:
        """Everything that is served."""
        app = web.Application(middlewares=[self._judged], client_max_size=0)
        app.router.add_get("/{key}/", self._page)
        app.router.add_get("/{key}/ws", self._socket)
        app.router.add_get("/{key}/static/{file:.+}", self._file)
        app.on_response_prepare.append(_close_up)
        app.on_shutdown.append(self._shut)
        return app

    @web.middleware
    async def _judged(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """403 for a stranger, 404 without the key: in that order, so that a page learns nothing."""
        if fault := fault_of(request):
            raise web.HTTPForbidden(text=f"{fault}\n")
        told = request.match_info.get("key", "")
        if not hmac.compare_digest(told.encode("utf-8", "replace"), self._key.encode()):
            raise web.HTTPNotFound(text="there is nothing here\n")
        return await handler(request)

    async def _page(self, request: web.Request) -> web.Response:
        place = f"ws://{request.host}/{self._key}/ws"
        text = PAGE.substitute(title=self._title, socket=place, size=FONT)
        policy = f"{POLICY}; connect-src 'self' {place}"
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name not in FILES:
            raise web.HTTPNotFound(text="there is nothing here\n")
        return web.Response(body=(self._files / name).read_bytes(), content_type=FILES[name])

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """A tab, from its first message to its last."""
        if len(self._tabs) >= self._most:
            raise web.HTTPServiceUnavailable(text=f"{self._most} tabs are open; close one first\n")
        browser = web.WebSocketResponse(heartbeat=15, max_msg_size=4 * MOST_KEYS, compress=False)
        self._tabs.add(browser)
        tab = Tab(self._argv)
        try:
            await browser.prepare(request)
            await tab.open(_number(request, "width", 80), _number(request, "height", 24))
            showing = asyncio.create_task(_show(tab, browser))
            try:
                await _hear(tab, browser)
            finally:
                showing.cancel()
                await asyncio.gather(showing, return_exceptions=True)
        finally:
            self._tabs.discard(browser)
            await tab.close()
        return browser

    async def _shut(self, _: web.Application) -> None:
        for browser in tuple(self._tabs):
            await browser.close()


async def _hear(tab: Tab, browser: web.WebSocketResponse) -> None:
    async for message in browser:
        if message.type is not WSMsgType.TEXT:
            break
        try:
            await tab.hear(message.data)
        except (TabError, ConnectionError):
            break
    await browser.close()


async def _show(tab: Tab, browser: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError):
        await tab.show(browser.send_bytes)
    await browser.close()


def fault_of(request: web.Request) -> str:
    """Why a request is refused, whatever it asks for; empty where it is not."""
    hosts = request.headers.getall("Host", [])
    host = (urlsplit(f"//{hosts[0]}").hostname or "") if len(hosts) == 1 else ""
    if host not in LOOPBACK:
        return "this is not the host that was asked for"
    origins = request.headers.getall("Origin", [])
    is_socket = request.headers.get("Upgrade", "").lower() == "websocket"
    if origins != [f"http://{hosts[0]}"] and (origins or is_socket):
        return "another page is not let in"
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return "another page is not let in"
    return ""


async def _close_up(_: web.Request, response: web.StreamResponse) -> None:
    """What no browser may do with anything of ours."""
    headers = response.headers
    headers.pop("Server", None)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"  # the key stands in the address
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cache-Control"] = "no-store"


def _number(request: web.Request, name: str, default: int) -> int:
    told = request.query.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else default


def page_files() -> Path:
    """The terminal of the page, as textual-serve brings it. UsageError: it is not installed."""
    found = find_spec("textual_serve")
    if found is None or not found.submodule_search_locations:
        raise UsageError("catui serve: needs the terminal of textual-serve; pip install 'catui[serve]'")
    return Path(found.submodule_search_locations[0]) / "static"


async def serve(site: Site, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on a bound socket until a signal comes; `ready` is called once it does."""
    runner = web.AppRunner(site.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    try:
        await web.SockSite(runner, listening).start()
        ready()
        await told.wait()
    finally:
        await runner.cleanup()
