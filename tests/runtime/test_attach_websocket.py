"""The door over a WebSocket: by token and for programs of people, never for a page in their browser."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from attach_world import DEADLINE_S, Engine, runtime, until
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from catui.domain.events import Kill, Note, PauseStrategy
from catui.errors import UsageError
from catui.runtime.attach import AttachError, AttachHost
from catui.runtime.door import CLAIMS
from catui.runtime.engines import Card
from catui.runtime.tokens import CLOSED_S, WRONG, Tokens, read_token
from catui.runtime.websocket import address, bound, remote
from catui.runtime.wire import MAX_ASKED, Ask, Claim, Denied, Hello, Role, Welcome, decode_to_console, encode

__all__ = ["runtime"]


@asynccontextmanager
async def listening(home: Path) -> AsyncIterator[Card]:
    """An engine with an address."""
    running = Engine(home, "--listen", "ws://127.0.0.1:0")
    try:
        card = await running.card()
        assert running.process.stdout is not None
        told = json.loads(await asyncio.to_thread(running.process.stdout.readline))
        assert told["listening"] == card.url
        assert told["control"] == str(card.file("control"))
        yield card
    finally:
        await running.close()


def console(card: Card, role: Role, kind: str) -> AttachHost:
    return AttachHost(remote(card.url, False), role, lambda: read_token(card.file(kind)), is_here=False)


async def said(socket: ClientConnection) -> object:
    payload = await asyncio.wait_for(socket.recv(), DEADLINE_S)
    assert isinstance(payload, bytes)
    return decode_to_console(payload)


def test_a_token_gives_its_role_and_no_more(runtime: Path, tmp_path: Path) -> None:
    async def roles() -> None:
        async with listening(tmp_path) as card:
            for asked, kind, given in (
                ("control", "control", True),
                ("watch", "control", False),
                ("control", "watch", False),
                ("watch", "watch", False),
            ):
                host = console(card, "control" if asked == "control" else "watch", kind)
                await host.start()
                await until(host.latest)
                assert host.may_command() is given
                if given:
                    id = await host.send(Note("from afar"))
                    await until(lambda: any(r.id == id and r.ok for r in host.latest().results))  # type: ignore[union-attr]
                with pytest.raises(Exception, match="another machine"):
                    host.write_kill_file()
                await host.close(stop=False)

    asyncio.run(roles())


def test_the_end_of_the_run_is_heard_from_afar(runtime: Path, tmp_path: Path) -> None:
    async def heard() -> tuple[int | None, tuple[str, ...], str]:
        async with listening(tmp_path) as card:
            host = console(card, "watch", "watch")
            await host.start()
            await until(host.latest)
            os.kill(card.pid, signal.SIGTERM)
            await until(lambda: host.ended() is not None)
            shown = host.latest()
            assert shown is not None
            assert shown.ended == "SIGTERM"
            await host.close(stop=False)
            return host.ended(), host.lost(), host.status()

    code, lost, status = asyncio.run(heard())
    assert (code, lost) == (0, ())
    assert status.endswith(": SIGTERM")


def test_a_kill_from_afar_is_told_by_the_desk_s_own_picture_and_without_an_engine_by_nobody(
    runtime: Path, tmp_path: Path
) -> None:
    async def killed() -> None:
        async with listening(tmp_path) as card:
            host = console(card, "control", "control")
            await host.start()
            await until(host.latest)
            id = await host.send(Kill())

            def verified() -> bool:
                desk = host.latest()
                assert desk is not None
                is_done = any(result.id == id and result.ok for result in desk.results)
                return is_done and desk.trading_state == "HALTED" and not desk.orders

            await until(verified)
            with pytest.raises(
                AttachError, match=f"run {card.run} is on another machine; there: catui kill {card.run}"
            ):
                host.write_kill_file()
            os.kill(card.pid, signal.SIGKILL)
            await until(host.lost)
            with pytest.raises(UsageError, match="no connection"):
                await host.send(Kill())
            await host.close(stop=False)

    asyncio.run(killed())


def test_a_wrong_token_lets_nobody_in(runtime: Path, tmp_path: Path) -> None:
    async def wrong() -> None:
        async with listening(tmp_path) as card:
            for token in ("", "x" * 43, card.file("control").read_text().strip()[:-1]):
                async with connect(card.url, proxy=None) as socket:
                    await socket.send(encode(Hello("ann", "control", token)))
                    answer = await said(socket)
                    assert isinstance(answer, Denied)
                    assert "not a token of this run" in answer.text
                    with pytest.raises(ConnectionClosed):
                        await socket.recv()

    asyncio.run(wrong())


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Origin": "http://127.0.0.1:9000"}, "/", 403),
        ({"Origin": "null"}, "/", 403),
        ({"Host": "evil.example"}, "/", 403),
        ({"Host": ""}, "/", 403),
        ({}, "/other", 403),
        ({"Host": "localhost:1234"}, "/", None),  # the near end of a tunnel has a port of its own
        ({"Host": "[::1]:1"}, "/", None),
    ],
)
def test_pages_and_made_up_names_are_refused_at_the_handshake(
    headers: dict[str, str], path: str, status: int | None, runtime: Path, tmp_path: Path
) -> None:
    async def shaken() -> int | None:
        from catui.runtime.websocket import open_to_web

        tokens = Tokens("c" * 43, "w" * 43)
        server = await open_to_web(Nobody(), tokens, bound("127.0.0.1", 0))  # type: ignore[arg-type]
        port = server.sockets[0].getsockname()[1]
        try:
            return await handshake(port, path, headers)
        finally:
            server.close()
            await server.wait_closed()

    assert asyncio.run(shaken()) == (status or 101)


class Nobody:
    """A door that takes every visit and ends it."""

    def attend(self, channel: object, admit: object) -> "asyncio.Task[None]":
        """Nothing."""
        return asyncio.create_task(asyncio.sleep(0))


async def handshake(port: int, path: str, headers: dict[str, str]) -> int:
    """The status of a handshake, byte by byte, for a client library would not send these."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    fields = {"Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade"} | headers
    fields |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


def test_what_is_too_long_or_no_message_ends_the_connection_and_the_engine_goes_on(
    runtime: Path, tmp_path: Path
) -> None:
    async def thrown() -> None:
        async with listening(tmp_path) as card:
            token = read_token(card.file("control"))
            for payload in (b"x" * (MAX_ASKED + 1), b"\xc1", "text"):
                async with connect(card.url, proxy=None) as socket:
                    await socket.send(encode(Hello("ann", "control", token)))
                    assert isinstance(await said(socket), Welcome)
                    await socket.send(payload)
                    await asyncio.wait_for(socket.wait_closed(), DEADLINE_S)
            host = console(card, "control", "control")
            await host.start()
            await until(host.latest)
            await host.close(stop=False)

    asyncio.run(thrown())


def test_control_is_claimed_with_the_token_and_three_wrong_ones_are_the_end_of_it(
    runtime: Path, tmp_path: Path
) -> None:
    async def claimed() -> None:
        async with listening(tmp_path) as card:
            control, watch = (read_token(card.file(kind)) for kind in ("control", "watch"))
            host = console(card, "watch", "watch")
            await host.start()
            assert await host.claim("wrong") == "not the control token of this run"
            assert await host.claim(watch) == "not the control token of this run"
            assert await host.claim(control) == ""
            assert host.may_command()
            await host.close(stop=False)
            async with connect(card.url, proxy=None) as socket:
                await socket.send(encode(Hello("ann", "watch", watch)))
                await socket.send(encode(Ask("early", PauseStrategy("momentum"))))
                for token in (*["wrong"] * CLAIMS, control):
                    await socket.send(encode(Claim(token)))
                denied: list[Denied] = []
                while len(denied) < CLAIMS + 2:
                    if isinstance(message := await said(socket), Denied):
                        denied.append(message)
                assert denied[0] == Denied("early", "this console may only watch")
                assert denied[-1].text == f"{CLAIMS} wrong tokens: this console may only watch"

    asyncio.run(claimed())


def test_five_wrong_tokens_close_the_way_for_a_minute_whoever_comes() -> None:
    now = [0.0]
    tokens = Tokens("control", "watch", lambda: now[0])
    for _ in range(WRONG - 1):
        assert tokens.role_of("wrong") is None
    assert tokens.role_of("watch") == "watch"  # and the count begins anew
    for _ in range(WRONG):
        assert tokens.role_of("wrong") is None
    assert tokens.role_of("control") is None
    now[0] = CLOSED_S
    assert tokens.role_of("control") == "control"


def test_tokens_are_made_anew_in_files_of_their_owner_and_kept_in_no_readable_form(tmp_path: Path) -> None:
    files = tmp_path / "control", tmp_path / "watch"
    tokens = Tokens.made(*files)
    first = read_token(files[0])
    assert tokens.role_of(first) == "control"
    assert first not in repr(vars(tokens))
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    Tokens.made(*files)
    assert read_token(files[0]) != first
    files[0].chmod(0o644)
    with pytest.raises(UsageError, match="others can read it; chmod 600"):
        read_token(files[0])
    files[1].write_text("")
    with pytest.raises(UsageError, match="holds no token"):
        read_token(files[1])
    with pytest.raises(UsageError, match="no such file"):
        read_token(tmp_path / "gone")


def test_an_address_that_others_reach_needs_to_be_wanted() -> None:
    assert address("ws://127.0.0.1:9000", False) == ("127.0.0.1", 9000)
    assert address("ws://[::1]:0/", False) == ("::1", 0)
    assert address("ws://0.0.0.0:9000", True) == ("0.0.0.0", 9000)
    with pytest.raises(UsageError, match="there is no TLS; tunnel it"):
        address("ws://0.0.0.0:9000", False)
    with pytest.raises(UsageError, match="there is no TLS; tunnel it"):
        remote("ws://desk.example:9000", False)
    for url in (
        "",
        "127.0.0.1:9000",
        "wss://127.0.0.1:9000",
        "ws://127.0.0.1",
        "ws://127.0.0.1:x",
        "ws://:1",
        "ws://h:1/p",
    ):
        with pytest.raises(UsageError, match="is no address"):
            address(url, True)


def test_a_port_in_use_is_said_with_who_has_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"--listen ws://127.0.0.1:{port}: used by pid {os.getpid()}"):
            bound("127.0.0.1", port)


def test_an_engine_that_cannot_be_reached_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def reached() -> tuple[str, ...]:
        host = AttachHost(remote(f"ws://127.0.0.1:{port}", False), "watch", is_here=False)
        await host.start()
        return host.lost()

    [line] = asyncio.run(reached())
    assert line.startswith(f"ws://127.0.0.1:{port}: cannot be reached: ")


def test_the_handshake_of_the_library_is_refused_as_well(runtime: Path, tmp_path: Path) -> None:
    async def refused() -> None:
        async with listening(tmp_path) as card:
            with pytest.raises(InvalidStatus, match="403"):
                async with connect(card.url, proxy=None, origin="http://127.0.0.1"):  # type: ignore[arg-type]
                    pass

    asyncio.run(refused())
