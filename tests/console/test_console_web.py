"""The console in a browser: strangers are turned away, tabs are bounded, nobody's words reach a shell or a terminal."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web

from catui.console.web.server import FILES, TABS, Site, page_files
from catui.console.web.tab import KEPT, MOST_SIDE, Tab, TabError, environment, packet, packets_of

KEY = "a-key-of-this-start"
HERE = "http://{host}"

# A console as the web driver speaks: says that it is there, then draws back whatever it is told, packet by packet.
ECHO = """
import sys
out, back = sys.stdout.buffer, sys.stdin.buffer
out.write(b"__GANGLION__\\n"); out.flush()
while head := back.read(5):
    told = back.read(int.from_bytes(head[1:], "big"))
    if b'"quit"' in told: break
    out.write(b"D" + len(head + told).to_bytes(4, "big") + head + told); out.flush()
"""


@asynccontextmanager
async def served(
    argv: tuple[str, ...] = (sys.executable, "-c", ECHO), tabs: int = TABS
) -> AsyncIterator[tuple[ClientSession, str]]:
    """A site on a port of its own, a client, and `host:port`."""
    site = Site(argv, KEY, "run", page_files(), tabs)
    runner = web.AppRunner(site.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    host = "{}:{}".format(*runner.addresses[0][:2])
    async with ClientSession() as client:
        yield client, host
    await runner.cleanup()


def address(host: str, path: str = "", key: str = KEY) -> str:
    return f"http://{host}/{key}/{path}"


async def status(client: ClientSession, url: str, headers: Mapping[str, str] | None = None) -> int:
    async with client.get(url, headers=headers) as answer:
        return answer.status


async def tab(client: ClientSession, host: str, **headers: str) -> ClientWebSocketResponse:
    """The socket of a tab, as the page opens it."""
    return await client.ws_connect(
        address(host, "ws?width=100&height=30"), headers={"Origin": f"http://{host}"} | headers
    )


async def drawn(socket: ClientWebSocketResponse) -> bytes:
    message = await socket.receive(timeout=120)
    assert message.type is WSMsgType.BINARY, message
    assert isinstance(message.data, bytes)
    return message.data


def test_a_request_that_names_another_host_or_comes_from_another_page_is_refused() -> None:
    async def asked() -> dict[str, int]:
        async with served() as (client, host):
            port = host.partition(":")[2]
            strangers: dict[str, dict[str, str]] = {
                "another host": {"Host": "evil.example"},
                "another page": {"Origin": "http://evil.example"},
                "another port": {"Origin": f"http://127.0.0.1:{int(port) % 65535 + 1}"},
                "another name of ours": {"Origin": f"http://localhost:{port}"},
                "a page of a file": {"Origin": "null"},
                "what the browser says": {"Sec-Fetch-Site": "cross-site"},
                "a page of this site's name": {"Sec-Fetch-Site": "same-site"},
            }
            found = {name: await status(client, address(host), headers) for name, headers in strangers.items()}
            found["itself"] = await status(client, address(host), {"Origin": f"http://{host}"})
            found["a tunnel"] = await status(client, address(host), {"Host": "localhost:1"})
            found["a person"] = await status(client, address(host), {"Sec-Fetch-Site": "none"})
            return found

    found = asyncio.run(asked())
    welcome = {"itself", "a tunnel", "a person"}
    assert {name for name, code in found.items() if code == 200} == welcome
    assert {code for name, code in found.items() if name not in welcome} == {403}


def test_a_socket_opens_for_its_own_page_only() -> None:
    async def opened() -> list[int]:
        codes = []
        async with served() as (client, host):
            for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
                with pytest.raises(WSServerHandshakeError) as refused:
                    await tab(client, host, **headers)
                codes.append(refused.value.status)
            with pytest.raises(WSServerHandshakeError) as refused:  # a program without an origin is no page either
                await client.ws_connect(address(host, "ws"))
            codes.append(refused.value.status)
            async with await tab(client, host) as socket:
                await socket.send_str('["stdin", "q"]')
                assert await drawn(socket) == packet(b"D", b"q")
        return codes

    assert asyncio.run(opened()) == [403, 403, 403]


def test_without_the_key_there_is_nothing_and_with_it_four_files_and_no_list() -> None:
    async def asked() -> None:
        async with served() as (client, host):
            for path in ("", "ws", "static/js/textual.js"):
                assert await status(client, address(host, path, key="guess")) == 404
            assert await status(client, f"http://{host}/") == 404
            for name in FILES:
                assert await status(client, address(host, f"static/{name}")) == 200
            for name in ("", "js", "js/", "../server.py", "%2e%2e/server.py", "images/background.png"):
                assert await status(client, address(host, f"static/{name}")) == 404, name
            async with client.post(address(host)) as answer:
                assert answer.status in (404, 405)

    asyncio.run(asked())


def test_the_page_asks_for_nothing_of_anybody_else() -> None:
    async def page() -> tuple[str, Mapping[str, str]]:
        async with served() as (client, host), client.get(address(host)) as answer:
            return (await answer.text()).replace(host, "HOST"), answer.headers

    text, headers = asyncio.run(page())
    assert f'data-session-websocket-url="ws://HOST/{KEY}/ws"' in text
    assert text.count("://") == 1
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert (headers["X-Frame-Options"], headers["Referrer-Policy"]) == ("DENY", "no-referrer")
    assert "Server" not in headers


def test_one_tab_too_many_is_refused_until_another_is_closed() -> None:
    async def crowded() -> None:
        async with served(tabs=2) as (client, host):
            first, second = await tab(client, host), await tab(client, host)
            with pytest.raises(WSServerHandshakeError, match="503"):
                await tab(client, host)
            await first.close()
            third: ClientWebSocketResponse | None = None
            for _ in range(12_000):
                try:
                    third = await tab(client, host)
                    break
                except WSServerHandshakeError:
                    await asyncio.sleep(0.01)  # its console takes its time to leave
            assert third is not None
            await second.close()
            await third.close()

    asyncio.run(crowded())


@pytest.mark.parametrize(
    "words",
    ["", "{", "[]", "[1]", '["stdin"]', '["stdin", 5]', '["run", "rm"]', '["resize", {"width": "1", "height": 1}]',
     '["resize", {"width": 1}]', '["focus", 1]', "[" * 5000, '{"stdin": "q"}', '["stdin", "' + "x" * 20_000 + '"]',
     '["stdin", "\\ud800"]'],
)  # fmt: skip
def test_what_no_page_of_ours_says_ends_the_tab(words: str) -> None:
    with pytest.raises(TabError):
        packets_of(words)


def test_what_the_page_says_is_bounded_and_reaches_the_console_as_packets() -> None:
    assert packets_of('["stdin", "\\u001b[A"]') == packet(b"D", b"\x1b[A")
    size = packets_of('["resize", {"width": 100000, "height": -3}]')
    assert json.loads(size[5:]) == {"type": "resize", "width": MOST_SIDE, "height": 1}
    assert packets_of('["blur"]') == packet(b"M", b'{"type": "blur"}')
    assert packets_of('["ping", "12"]') == b""


def test_a_tab_that_talks_nonsense_is_closed() -> None:
    async def closed() -> bool:
        async with served() as (client, host), await tab(client, host) as socket:
            await socket.send_str('["stdin", "a"]')
            await drawn(socket)
            await socket.send_str("nonsense")
            message = await socket.receive(timeout=120)
            return message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING)

    assert asyncio.run(closed())


def test_the_console_is_started_without_a_shell_and_with_little_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CATUI_BINANCE_SECRET", "hunter2")
    monkeypatch.setenv("LD_PRELOAD", "/tmp/evil.so")
    script = (
        "import os, sys; told = repr((sys.argv[1:], sorted(os.environ))).encode(); "
        "sys.stdout.buffer.write(b'__GANGLION__\\nD' + len(told).to_bytes(4, 'big') + told)"
    )
    argv = (sys.executable, "-c", script, "$(touch /tmp/x); `id` 'a b'")

    async def started() -> bytes:
        async with served(argv) as (client, host), await tab(client, host) as socket:
            return await drawn(socket)

    told = asyncio.run(started()).decode()
    assert "$(touch /tmp/x); `id`" in told
    assert "CATUI_BINANCE_SECRET" not in told
    assert "LD_PRELOAD" not in told
    given = environment(100, 30, dict.fromkeys((*KEPT, "CATUI_BINANCE_SECRET"), "x"))
    assert "CATUI_BINANCE_SECRET" not in given
    assert (given["COLUMNS"], given["ROWS"]) == ("100", "30")


def test_a_console_that_does_not_start_says_why_in_its_tab_and_through_the_gate() -> None:
    argv = (sys.executable, "-c", "import sys; sys.exit('no engine \\x1b]0;x\\x07 runs')")

    async def failed() -> bytes:
        async with served(argv) as (client, host), await tab(client, host) as socket:
            return await drawn(socket)

    assert asyncio.run(failed()) == b"no engine \\x1b]0;x\\x07 runs"


def test_a_console_that_hangs_is_ended_with_its_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catui.console.web.tab.LEAVE_S", 0.1)

    async def hung() -> int | None:
        one = Tab((sys.executable, "-c", "import time\nwhile True: time.sleep(1)"))
        await one.open(80, 24)
        await one.close()
        assert one._process is not None
        return one._process.returncode

    assert asyncio.run(hung()) == -9
