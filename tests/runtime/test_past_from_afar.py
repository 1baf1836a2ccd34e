"""The past of a run for a console on another machine: the same moments, beside the engine, ended with its console."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attach_world import DEADLINE_S, runtime, until
from msgspec.structs import replace
from test_attach_websocket import console, listening, said
from websockets.asyncio.client import ClientConnection, connect

from catui.runtime.marks import Kind
from catui.runtime.past.carried import GONE, Carried
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.client import Answers, SeekerClient
from catui.runtime.past.messages import (
    Bookmarks,
    Draw,
    Explain,
    Explained,
    Follow,
    Fork,
    FromSeeker,
    Inspect,
    Keep,
    Moment,
    Reach,
    Seek,
    ToMark,
    ToSeeker,
    ToSeq,
    encode,
    read_from_seeker,
)
from catui.runtime.past.process import bounded
from catui.runtime.past.relay import MOST_WAITING, NICE, WATCHES, Relay
from catui.runtime.publish import Peer
from catui.runtime.tokens import read_token
from catui.runtime.wire import (
    MAX_PAST,
    AskPast,
    BeginPast,
    Denied,
    EndPast,
    Hello,
    OfPast,
    PastEnded,
    PastTold,
    WireError,
    decode_to_console,
    decode_to_engine,
)
from catui.runtime.wire import encode as encode_to_engine
from catui.snapshot import View
from catui.why.node import Node, Subject

__all__ = ["runtime"]

LOOK = View(depth=12, trades=9)
SEEN = 120  # events that a run has soon


async def told(client: SeekerClient, request: ToSeeker, found: Callable[[Answers], Any]) -> Any:
    """What is found among the answers once a request is answered."""
    client.ask(request)
    return await until(lambda: found(client.answers))


async def moment(client: SeekerClient, seek: Seek) -> Moment:
    """The moment that is sought."""

    def found(known: Answers) -> Moment | None:
        return known.moment if known.moment is not None and known.moment.id == seek.id else None

    there = await told(client, seek, found)
    assert isinstance(there, Moment)
    return there


async def seen(client: SeekerClient, until_seq: int) -> tuple[object, ...]:
    """What a console asks in the past of a run that has so many events, answered: a moment, a mark, the machine and
    its wires, the timeline of the beginning, why."""
    reach = await until(lambda: r if (r := client.answers.reach) is not None and r.seq >= until_seq else None)
    first = await moment(client, Seek(1, ToSeq(SEEN), LOOK))
    marked = await moment(client, Seek(2, ToMark(1, True, Kind.ORDER), LOOK))
    inspected = await told(client, Inspect(3, "", SEEN), lambda known: known.inspected)
    timeline = await told(client, Draw(4, 40, reach.first_ns, first.ts_ns), lambda known: known.timeline)
    assert marked.is_found
    why = Explain(5, Subject("target", first.snapshot.shown), SEEN)
    explained = await told(client, why, lambda known: known.explained)
    assert explained.root is not None
    flowed = await told(client, Follow(6, SEEN, first.snapshot.shown), lambda known: known.flowed)
    wires = [(each.path, each.count, each.last) for each in flowed.wires]
    return first, marked, inspected, timeline.kinds[:-1], explained, wires


def seekers(pid: int) -> dict[int, int]:
    """The seekers that are children of a process, with how far they give way."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = Path(f"/proc/{name}/cmdline").read_bytes()
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if b"catui.runtime.past.process" in words and int(fields[1]) == pid:
            found[int(name)] = int(fields[16])
    return found


def test_a_watching_console_from_afar_sees_what_the_desk_s_own_seeker_tells(runtime: Path, tmp_path: Path) -> None:
    async def compared() -> None:
        async with listening(tmp_path) as card:
            host = console(card, "watch", "watch")
            await host.start()
            desk = await until(lambda: d if (d := host.latest()) is not None and d.seq > SEEN and d.fills else None)
            afar = SeekerClient(host.carried())
            near = SeekerClient(SeekerChild(Path(card.directory), tmp_path / "cache"))
            for client in (afar, near):
                await client.start()
            here, there = [await seen(client, desk.seq) for client in (near, afar)]
            assert there == here
            assert set(seekers(card.pid).values()) == {NICE}

            refused = await told(afar, Keep(SEEN, "here"), lambda known: known.refused)
            assert refused == WATCHES
            assert not (Path(card.directory) / "bookmarks.jsonl").exists()

            [seeker] = seekers(card.pid)
            os.kill(seeker, signal.SIGKILL)
            await until(lambda: afar.died)
            assert afar.died == "the seeker ended with exit code -9 (SIGKILL)"
            await afar.start()
            again = await moment(afar, Seek(9, ToSeq(SEEN), LOOK))
            assert replace(again, id=1) == here[0]
            await near.close()
            await host.close(stop=False)  # without a word of the past: the seeker ends with its console
            await until(lambda: not seekers(card.pid))
            await until(lambda: afar.died)
            await afar.start()
            await until(lambda: afar.died == GONE)
            await afar.close()

    asyncio.run(compared())


def test_a_console_from_afar_that_commands_keeps_bookmarks_and_grows_no_branch(runtime: Path, tmp_path: Path) -> None:
    async def answer(socket: ClientConnection) -> FromSeeker:
        """The next word of the seeker that was asked for first."""
        while not isinstance(message := await said(socket), PastTold) or message.number != 7:
            pass
        return read_from_seeker(message.answer)

    async def kept() -> tuple[str, str]:
        async with listening(tmp_path) as card, asyncio.timeout(DEADLINE_S):
            token = read_token(card.file("control"))
            async with connect(card.url, proxy=None) as socket:
                for word in (Hello("ann", "control", token), BeginPast(7)):
                    await socket.send(encode_to_engine(word))
                while not isinstance(told := await answer(socket), Reach) or told.seq < 1:
                    pass  # the record of a run begins a moment after it
                await socket.send(encode_to_engine(AskPast(encode(Keep(1, "the start")))))
                kept = ""
                while not kept:
                    told = await answer(socket)
                    marks = told.marks if isinstance(told, Bookmarks) else ()
                    kept = next((mark.text for mark in marks if mark.seq == 1), "")
                assert "the start" in (Path(card.directory) / "bookmarks.jsonl").read_text()
                await socket.send(encode_to_engine(EndPast()))
                await until(lambda: not seekers(card.pid))
                await socket.send(encode_to_engine(BeginPast(8)))
                await socket.send(encode_to_engine(AskPast(encode(Fork(1, 1, ())))))
                while not isinstance(message := await said(socket), Denied):
                    pass
                await asyncio.wait_for(socket.wait_closed(), DEADLINE_S)
                await until(lambda: not seekers(card.pid))
                return kept, message.text

    text, denied = asyncio.run(kept())
    assert text == "the start"
    assert denied.startswith("no request to a seeker from afar")


def test_a_seeker_that_is_let_go_while_it_starts_is_gone(tmp_path: Path) -> None:
    async def started() -> int | None:
        seeker = SeekerChild(tmp_path, tmp_path)
        opening = asyncio.create_task(seeker.open())
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await asyncio.wait_for(seeker.close(), 30)
        assert seeker.process is not None
        return seeker.process.returncode

    assert asyncio.run(started()) is not None


class Slow:
    """A way to a seeker that is being started, until it is let."""

    def __init__(self) -> None:
        self.may_open = asyncio.Event()
        self.sent: list[bytes] = []
        self.closes = 0

    async def open(self) -> None:
        """Wait."""
        await self.may_open.wait()

    def send(self, payload: bytes) -> None:
        """Keep it."""
        self.sent.append(payload)

    async def receive(self) -> bytes | None:
        """Nothing comes."""
        return await asyncio.Future[bytes | None]()

    async def fate(self) -> str:
        """It does not end."""
        return ""

    async def close(self) -> None:
        """Count it."""
        self.closes += 1


def test_a_seeker_that_is_slow_to_start_holds_up_nothing_and_its_requests_wait_in_order() -> None:
    async def asked() -> None:
        way = Slow()
        relay = Relay(way, lambda _: asyncio.sleep(0))
        requests = [encode(Seek(n, ToSeq(n), LOOK)) for n in range(MOST_WAITING)]
        relay.want(BeginPast(1), may_keep=True)  # none of these waits: a kill behind them is heard at once
        await asyncio.sleep(0)
        for request in requests:
            relay.want(AskPast(request), may_keep=True)
        with pytest.raises(WireError, match="wait for the seeker"):
            relay.want(EndPast(), may_keep=True)
        assert way.sent == []
        way.may_open.set()
        await until(lambda: len(way.sent) == len(requests))
        assert way.sent == requests
        await relay.end()
        assert way.closes == 1

    asyncio.run(asked())


def test_an_answer_that_is_too_long_is_told_in_its_place() -> None:
    node = Node("why " * 1000)
    told = Explained(3, node)
    assert bounded(told) == encode(told)
    answer = read_from_seeker(bounded(told, 1000))
    assert isinstance(answer, Explained)
    assert (answer.id, answer.root) == (3, None)
    assert "at most 1,000" in answer.fault


def test_what_is_large_waits_behind_words_and_pictures_and_one_at_a_time() -> None:
    async def pumped() -> tuple[list[bytes], int]:
        peer, sent, may = Peer("ann", "watch"), [], asyncio.Semaphore(0)

        async def send(payload: bytes) -> None:
            await may.acquire()
            sent.append(payload)

        handed = 0

        async def hand() -> None:
            nonlocal handed
            for n in range(3):
                await peer.hand(PastTold(1, bytes([n])))
                handed += 1

        peer.show(b"picture")
        peer.tell(Denied("", "word"))
        handing, pumping = asyncio.create_task(hand()), asyncio.create_task(peer.pump(send))
        for _ in range(9):
            await asyncio.sleep(0)  # nobody reads: nothing more is taken in
        waiting = handed
        for _ in range(5):
            may.release()
        await handing
        pumping.cancel()
        return sent, waiting

    sent, waiting = asyncio.run(pumped())
    assert waiting == 0
    order = [each if each == b"picture" else type(decode_to_console(each)).__name__ for each in sent]
    assert order == ["Denied", b"picture", "PastTold", "PastTold", "PastTold"]


def test_answers_of_a_seeker_that_was_let_go_are_not_heard() -> None:
    async def heard() -> tuple[bytes | None, bytes | None, str]:
        way = Carried(lambda _: True)
        await way.open()
        await way.open()
        way.take(PastTold(1, b"old"))
        way.take(PastEnded(1, "old"))
        way.take(PastTold(2, b"new"))
        first = await way.receive()
        way.take(PastEnded(2, "the seeker ended"))
        return first, await way.receive(), await way.fate()

    assert asyncio.run(heard()) == (b"new", None, "the seeker ended")


@pytest.mark.parametrize("message", [PastTold(1, b"x"), PastEnded(2, "how")])
def test_words_of_the_past_read_back(message: PastTold | PastEnded) -> None:
    assert decode_to_console(encode_to_engine(message)) == message


@pytest.mark.parametrize("message", [BeginPast(1), AskPast(b"x" * MAX_PAST), EndPast()])
def test_words_about_the_past_read_back_and_a_request_has_an_end(message: OfPast) -> None:
    assert decode_to_engine(encode_to_engine(message)) == message
    with pytest.raises(WireError):
        decode_to_engine(encode_to_engine(AskPast(b"x" * (MAX_PAST + 1))))
