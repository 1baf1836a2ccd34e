"""The seeker as a process: asked over a socket, told of no run, killed and started again, gone with its console."""

import asyncio
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from past_world import LOOK, Recorded, recorded

from catui.runtime.framing import MAX_FRAME, Unframed, framed
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.client import SeekerClient
from catui.runtime.past.messages import Draw, Keep, Rest, Seek, ToSeq, encode, read_to_seeker
from catui.runtime.past.process import serve

LIMIT_S = 120.0  # a hang fails the test; nothing here is timed


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"))


async def until(client: SeekerClient, is_so: Callable[[], bool]) -> None:
    """Wait for an answer after which this is so."""
    came = asyncio.Event()
    client.on_answer = came.set
    while not is_so():
        await asyncio.wait_for(came.wait(), LIMIT_S)
        came.clear()


def test_it_answers_dies_and_is_started_again(run: Recorded, tmp_path: Path) -> None:
    async def lived() -> None:
        child = SeekerChild(run.directory, tmp_path)
        client = SeekerClient(child)
        told = client.answers
        await client.start()
        for seq in (300, 301, 900):
            client.ask(Seek(seq, ToSeq(seq), LOOK))
        await until(client, lambda: told.moment is not None and told.moment.id == 900)
        assert told.opened is not None
        assert told.opened.run == run.reader.manifest.run
        assert told.reach is not None
        assert told.reach.seq == len(run.events)
        client.ask(Draw(7, 10, told.reach.first_ns, told.reach.ts_ns))
        await until(client, lambda: told.timeline is not None)
        assert child.process is not None
        child.process.kill()
        await until(client, lambda: client.died != "")
        assert client.died == "the seeker ended with exit code -9 (SIGKILL)"
        client.ask(Seek(902, ToSeq(902), LOOK))  # nobody hears it
        await client.start()
        client.ask(Seek(903, ToSeq(903), LOOK))
        await until(client, lambda: told.moment is not None and told.moment.id == 903)
        await client.close()
        assert child.process.returncode == 0
        await client.close()

    asyncio.run(lived())


def test_of_no_run_it_says_so_and_ends(tmp_path: Path) -> None:
    async def refused() -> SeekerClient:
        client = SeekerClient(SeekerChild(tmp_path / "nowhere", tmp_path))
        await client.start()
        await until(client, lambda: client.died != "")
        await client.close()
        return client

    client = asyncio.run(refused())
    assert client.answers.refused is not None
    assert "no journal.db there" in client.answers.refused.text
    assert client.died == "the seeker ended with exit code 2"


@pytest.mark.parametrize("nonsense", [struct.pack("<I", MAX_FRAME + 1), framed(b"\xc1")])
def test_who_speaks_nonsense_is_no_console_of_ours(nonsense: bytes, run: Recorded, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(nonsense)
        assert serve(theirs, run.directory, tmp_path) == 1


@given(st.lists(st.binary(max_size=40), max_size=8), st.data())
def test_frames_are_whole_however_the_bytes_come(messages: list[bytes], data: st.DataObject) -> None:
    stream, unframed = b"".join(framed(each) for each in messages), Unframed()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [each for piece in pieces for each in unframed.feed(piece)] == messages


def test_every_request_reads_back() -> None:
    for message in (Seek(1, ToSeq(5), LOOK), Draw(2, 3, 4, 5), Keep(1, "x"), Rest()):
        assert read_to_seeker(encode(message)) == message
