"""Consoles that come to an engine and go: who they are there, what they may do, and what the desk notices: nothing."""

import asyncio
import os
import socket
import stat
from pathlib import Path

import msgspec
import pytest
from attach_world import (
    Console,
    Lasting,
    Raw,
    attached,
    commands,
    desk,
    engine,
    here,
    lasting,
    refused_socket,
    runtime,
    until,
)
from msgspec.structs import replace
from run_world import quick, ran, reader_of

from catui.domain.events import Note, PauseStrategy, ResumeStrategy
from catui.errors import UsageError
from catui.places import SOCKET_BYTES, runtime_directory
from catui.runtime.door import MOST
from catui.runtime.engines import Card, announce, engines, secured, the_engine
from catui.runtime.framing import framed
from catui.runtime.killing import kill, kill_all
from catui.runtime.process import ProcessHost
from catui.runtime.startorder import Start, StartOrder
from catui.runtime.wire import MAX_ASKED, Ask, Denied, Hello, Leave, Look, Published, encode
from catui.snapshot import View

__all__ = ["desk", "lasting", "runtime"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_user_reaches_an_engine(desk: Lasting) -> None:
    assert mode(desk.directory / "catui") == 0o700
    modes = {kind: mode(desk.card.file(kind)) for kind in ("sock", "json", "control", "watch")}
    assert modes == dict.fromkeys(modes, 0o600)


def test_two_consoles_are_both_named_and_see_each_others_commands_with_their_author(
    runtime: Path, tmp_path: Path
) -> None:
    async def both() -> Path:
        async with engine(tmp_path) as (_, card), attached(card) as ann, attached(card) as ben:
            assert len({ann.name, ben.name}) == 2
            names = [(ann.name, "control"), (ben.name, "control")]
            for console in (ann, ben):
                await until(lambda: [(v.name, v.role) for v in console.desk.consoles] == names)
            asked = await ann.send(PauseStrategy("momentum"), "lunch")
            assert await ann.answer(asked) == await ben.answer(asked) == (True, "momentum paused", ann.name)

            [row] = [each for each in ben.desk.strategies if each.name == "momentum"]
            assert (row.state, row.author, row.reason) == ("PAUSE", ann.name, "lunch")
            return Path(card.directory)

    directory = asyncio.run(both())
    [command] = [c for c in commands(directory) if isinstance(c.action, PauseStrategy)]
    assert command.reason == "lunch"


def test_a_console_that_comes_back_under_its_name_gives_its_commands_new_ids(runtime: Path, tmp_path: Path) -> None:
    async def twice() -> Path:
        names, ids = [], []
        async with engine(tmp_path) as (_, card):
            for action in (PauseStrategy("momentum"), ResumeStrategy("momentum")):
                async with attached(card) as console:
                    names.append(console.name)
                    ids.append(await console.send(action, "lunch"))
                    assert (await console.answer(ids[-1]))[0]
        assert len(set(names)) == 1
        assert len(set(ids)) == 2
        return Path(card.directory)

    asked = [c for c in commands(asyncio.run(twice())) if isinstance(c.action, PauseStrategy | ResumeStrategy)]
    assert len({command.id for command in asked}) == 2


def test_consoles_that_look_at_the_same_are_shown_the_same(desk: Lasting) -> None:
    async def compared() -> None:
        async with attached(desk.card) as ann, attached(desk.card) as ben:
            await until(lambda: len(ann.seen.keys() & ben.seen.keys()) >= 5)
            shared = ann.seen.keys() & ben.seen.keys()
            for seq in shared:
                assert ann.seen[seq] == ben.seen[seq]
            ben.set_view(View("simulated:ETHUSDT", 5, 3))
            await until(lambda: ben.desk.shown == "simulated:ETHUSDT")
            assert len(ben.desk.book.bids) <= 5
            await until(lambda: ann.desk.seq > max(shared))
            assert ann.desk.shown == "simulated:BTCUSDT"

    asyncio.run(compared())


def test_a_console_that_comes_late_is_shown_the_whole_desk(runtime: Path, tmp_path: Path) -> None:
    async def late() -> None:
        async with engine(tmp_path) as (_, card), attached(card) as early:
            asked = await early.send(Note("before"))
            await early.answer(asked)
            async with attached(card) as console:
                assert console.desk.seq >= early.desk.seq
                assert (True, "noted", early.name) == await console.answer(asked)

    asyncio.run(late())


def test_a_watching_console_is_refused_by_the_engine_itself(runtime: Path, tmp_path: Path) -> None:
    async def refused() -> Path:
        async with engine(tmp_path) as (_, card):
            liar = await Raw.enter(card, role="watch")
            liar.say(Ask("raw-1", PauseStrategy("momentum")), Leave(stop=True))
            assert await liar.denied() == Denied("raw-1", "this console may only watch")
            assert await liar.denied() == Denied("", "this console may only watch")
            async with attached(card, "watch") as console:
                assert not console.may_command()
                with pytest.raises(UsageError, match="only watch"):
                    await console.send(PauseStrategy("momentum"))
                states = {s.name: s.state for s in console.desk.strategies}
                assert states["momentum"] != "PAUSE"
            liar.close()
            return Path(card.directory)

    assert {command.author for command in commands(asyncio.run(refused()))} == {"desk"}  # of the end


def test_the_door_names_every_command_whatever_a_console_calls_itself(runtime: Path, tmp_path: Path) -> None:
    async def called(*names: str) -> list[str]:
        given = []
        async with here(Start("simulated:7", quick(), None, tmp_path)) as (_, _, card, _):
            raws = []
            for name in names:
                raw = await Raw.knock(card)
                raw.say(Hello(name, "control"))
                welcome = await raw.hear()
                given.append(getattr(welcome, "name", ""))
                raws.append(raw)
            for raw in raws:
                raw.close()
        return given

    given = asyncio.run(called("ann", "ann", "desk", "", "\x1b[31m b", "x" * 64))
    assert given == ["ann", "ann-2", "console", "console-2", "31mb", "x" * 24]


def test_no_more_consoles_than_there_is_room_for(runtime: Path, tmp_path: Path) -> None:
    async def crowded() -> None:
        async with here(Start("simulated:7", quick(), None, tmp_path)) as (_, door, card, _):
            inside = [await Raw.enter(card) for _ in range(MOST)]
            console = Console(card)
            await console.start()
            assert f"{MOST} consoles are attached" in console.status()
            assert console.lost()
            inside[0].say(Leave(stop=False))
            await until(lambda: len(door.publisher.peers) < MOST)
            await console.recover()
            assert console.lost() == ()
            assert console.name
            await console.close(stop=False)
            for raw in inside:
                raw.close()

    asyncio.run(crowded())


GARBAGE = (
    b"\xff\xff\xff\xff",  # longer than anything
    framed(b"\x00" * 64),
    framed(b""),
    framed(encode(Hello("ann", "control")))[:7],  # and then silence, and the end
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    framed(encode(Ask("a", Note("before the greeting")))),
    framed(msgspec.msgpack.encode(["hello", "ann", "king"])),
    framed(msgspec.msgpack.encode(["hello", "ann", "control", "", 99])),
    (MAX_ASKED + 1).to_bytes(4, "little"),
    framed(b"\x91" * 10_000),
)


def test_hostile_peers_change_nothing_about_the_run(runtime: Path, tmp_path: Path) -> None:
    async def beset() -> tuple[str, int]:
        async with here(Start("simulated:7", quick(), None, tmp_path / "beset")) as (session, door, card, run):
            running = asyncio.create_task(run(20.0))
            for bytes_ in GARBAGE:
                raw = await Raw.knock(card)
                raw.writer.write(bytes_)
                raw.writer.write_eof()
                assert await raw.hung_up()
                raw.close()
            silent = [await Raw.knock(card) for _ in range(40)]  # half-open, more than may knock at once
            deaf = await Raw.enter(card, "deaf", "watch")  # never reads again
            rude = await Raw.enter(card, "rude", "watch")
            rude.say(*[Ask(f"rude-{n}", Note("x" * 500)) for n in range(2000)])
            switching = await Raw.enter(card, "switching", "watch")
            switching.say(*[Look(View(depth=n, trades=-n)) for n in range(500)])
            swearing = await Raw.enter(card, "swearing")
            swearing.writer.write(framed(b"\xc1"))
            assert "no message of protocol" in (await swearing.denied()).text
            assert await swearing.hung_up()
            seal = await running
            assert {peer.name for peer in door.publisher.peers} == {"deaf", "rude", "switching"}
            for raw in (*silent, deaf, rude, switching, swearing):
                raw.close()
            return seal.state_digest, len(session._inbox)

    async def quiet() -> str:
        _, seal = await ran(tmp_path / "quiet")
        return seal.state_digest

    digest, waiting = asyncio.run(beset())
    assert digest == asyncio.run(quiet())
    assert waiting <= 1


def test_a_flood_of_commands_waits_in_the_socket_of_whoever_sends_it(runtime: Path, tmp_path: Path) -> None:
    async def flooded() -> None:
        async with engine(tmp_path) as (_, card), attached(card) as ann:
            raw = await Raw.enter(card, "flood")
            raw.say(*[Ask(f"flood-{n}", Note("x" * 1000)) for n in range(5000)])
            await until(lambda: any(r.author == "flood" for r in ann.desk.results))
            asked = await ann.send(PauseStrategy("momentum"))
            ok, _, author = await ann.answer(asked)  # in its turn, between two of the flood
            assert (ok, author) == (True, ann.name)
            raw.close()
            await until(lambda: [view.name for view in ann.desk.consoles] == [ann.name])
            asked = await ann.send(Note("after"))
            await ann.answer(asked)
        flood = [c for c in commands(Path(card.directory)) if c.author == "flood"]
        assert 1 <= len(flood) < 1000

    asyncio.run(flooded())


def test_a_console_that_reads_nothing_drops_snapshots_and_is_counted(desk: Lasting) -> None:
    async def deaf() -> None:
        raw = await Raw.knock(desk.card)
        raw.reader._transport.pause_reading()  # type: ignore[attr-defined]
        raw.say(Hello("deaf", "watch"))
        async with attached(desk.card) as ann:
            await until(lambda: any(v.name == "deaf" and v.dropped >= 3 for v in ann.desk.consoles))
            own = next(v for v in ann.desk.consoles if v.name == ann.name)
            assert own.dropped == 0
        raw.close()

    asyncio.run(deaf())


def test_a_guest_that_leaves_leaves_the_engine_running_and_a_lost_one_too(desk: Lasting) -> None:
    async def left() -> None:
        async with attached(desk.card):
            pass
        raw = await Raw.enter(desk.card)
        raw.close()
        async with attached(desk.card) as console:
            seq = console.desk.seq
            await until(lambda: console.desk.seq > seq)
            assert desk.engine.process.poll() is None
            assert console.desk.ended == ""

    asyncio.run(left())


def owned(tmp_path: Path, grace_s: float) -> ProcessHost:
    config = quick()
    config = replace(config, engine=replace(config.engine, console_grace_s=grace_s))
    return ProcessHost(StartOrder("simulated:7", config, 1.0, str(tmp_path)))


async def lose(host: ProcessHost) -> None:
    """The console that keeps the run dies: its end of the pair closes without a word."""
    assert host._channel is not None
    host._channel.close()
    for task in host._tasks:
        task.cancel()
    await asyncio.gather(*host._tasks, return_exceptions=True)


def sealed(runs: Path) -> str:
    [directory] = runs.iterdir()
    from catui.runtime.journal import JournalReader

    seal = JournalReader(directory).seal
    assert seal is not None
    return seal.reason


@pytest.mark.parametrize("when", ["before", "within the grace"])
def test_a_console_that_attaches_keeps_a_run_whose_owner_is_lost(when: str, runtime: Path, tmp_path: Path) -> None:
    async def kept() -> None:
        host = owned(tmp_path, 0.0 if when == "before" else 60.0)
        await host.start()
        await until(host.latest)
        [card] = engines()
        child = host._child
        assert child is not None
        guest = Console(card)
        if when == "before":
            await guest.start()
            await until(guest.latest)
        await lose(host)
        if when != "before":
            await guest.start()
        await until(lambda: guest.latest() and [v.name for v in guest.desk.consoles] == [guest.name])
        asked = await guest.send(Note("still here"))
        assert (await guest.answer(asked))[0]
        guest.vanish()  # lost in its turn: nobody keeps the run any more
        if when == "before":
            await until(lambda: child.poll() is not None)
        else:
            child.terminate()
            await until(lambda: child.poll() is not None)

    asyncio.run(kept())
    assert sealed(tmp_path) == ("console lost" if when == "before" else "SIGTERM")


def test_a_console_that_only_watches_does_not_keep_a_run(runtime: Path, tmp_path: Path) -> None:
    async def watched() -> None:
        host = owned(tmp_path, 0.0)
        await host.start()
        await until(host.latest)
        child = host._child
        assert child is not None
        async with attached(engines()[0], "watch") as guest:
            await lose(host)
            await until(lambda: guest.ended() is not None)
            assert (guest.ended(), guest.lost()) == (0, ())
        await until(lambda: child.poll() is not None)

    asyncio.run(watched())
    assert sealed(tmp_path) == "console lost"


def test_an_owner_may_leave_its_engine_running_and_come_back(runtime: Path, tmp_path: Path) -> None:
    async def detached() -> None:
        host = owned(tmp_path, 0.0)
        await host.start()
        await until(host.latest)
        child = host._child
        assert child is not None
        await host.close(stop=False)
        async with attached(the_engine(None)) as guest:
            seq = guest.desk.seq
            await until(lambda: guest.desk.seq > seq)
            assert child.poll() is None
            guest._write(Leave(stop=True))
            await until(lambda: guest.ended() is not None)
        await until(lambda: child.poll() is not None)
        assert engines() == ()

    asyncio.run(detached())
    assert sealed(tmp_path).startswith("stopped by ")


def test_what_a_dead_engine_left_is_removed_and_a_stopped_one_stays(runtime: Path) -> None:
    secured()
    dead = Card(pid=1, run="dead", directory="/runs/dead", source="simulated", badge="PAPER", started_ns=1)
    announce(dead)
    refused_socket(dead.file("sock"))
    dead.file("control").write_text("token")
    (runtime / "2.json").write_text("no card")
    assert engines() == ()
    assert sorted(file.name for file in runtime.iterdir()) == ["2.json"]
    with pytest.raises(UsageError, match="no engine runs"):
        the_engine(None)


def test_an_engine_is_named_by_its_run_its_directory_or_its_socket(runtime: Path, tmp_path: Path) -> None:
    async def named() -> None:
        start = Start("simulated:7", quick(), None, tmp_path)
        async with here(start) as (session, _, card, _):
            for text in (session.name, card.directory, str(card.file("sock"))):
                assert the_engine(text) == card
            with pytest.raises(UsageError, match=f"did you mean {session.name}"):
                the_engine(session.name[:-1])

    asyncio.run(named())


def test_two_engines_of_one_name_are_told_apart_by_their_directories(runtime: Path, tmp_path: Path) -> None:
    secured()
    held = []
    for number in (1, 2):
        card = Card(number, "same", f"/runs/{number}/same", "simulated", "PAPER", number)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(card.file("sock")))
        listening.listen()
        held.append(listening)
        announce(card)
    with pytest.raises(UsageError, match=r"name one of the engines that run:\n.*/runs/1/same\n.*/runs/2/same"):
        the_engine("same")
    assert the_engine("/runs/2/same").pid == 2
    for listening in held:
        listening.close()
    assert engines() == ()


def test_a_replay_takes_no_commands_and_ends_on_its_digest(runtime: Path, tmp_path: Path) -> None:
    async def replayed() -> tuple[str, str]:
        _, seal = await ran(tmp_path / "first", 5.0)
        [directory] = (tmp_path / "first").iterdir()
        again = Start(f"run:{directory}", quick(), None, tmp_path / "again")
        async with here(again) as (_, _, card, run):
            raw = await Raw.enter(card)
            running = asyncio.create_task(run())
            raw.say(Ask("raw-1", PauseStrategy("momentum")))
            assert await raw.denied() == Denied("raw-1", "a replay takes no commands")
            with pytest.raises(UsageError, match="is a replay, nothing trades there"):
                kill(card, "now", stop=False)
            assert kill_all("now", stop=False) == []
            raw.close()
            return seal.state_digest, (await running).state_digest

    first, second = asyncio.run(replayed())
    assert first == second


def test_a_runtime_directory_that_others_can_enter_is_refused_and_the_engine_runs_all_the_same(
    runtime: Path, tmp_path: Path
) -> None:
    secured().chmod(0o755)
    with pytest.raises(UsageError, match=f"others can enter it; chmod 700 {runtime}"):
        secured()

    async def alone() -> str:
        from catui.runtime.desk import new_session
        from catui.runtime.listen import attended

        session = await new_session(Start("simulated:7", quick(), None, tmp_path))
        said: list[str] = []
        async with attended(session, said.append):
            await session.run(2.0)
        session.engine.journal.close()
        return said[0]

    assert asyncio.run(alone()).startswith("nobody can attach: runtime directory")


def test_a_runtime_directory_with_too_long_a_path_gives_way_to_a_short_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    found = runtime_directory()
    assert str(os.getuid()) in str(found)
    assert len(str(found / "4194304.control")) < SOCKET_BYTES
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")
    assert runtime_directory() == found


def test_no_token_is_in_a_snapshot_or_in_the_journal(runtime: Path, tmp_path: Path) -> None:
    async def shown() -> tuple[list[bytes], bytes]:
        async with here(Start("simulated:7", quick(), None, tmp_path)) as (session, _, card, run):
            tokens = [card.file(kind).read_text().strip().encode() for kind in ("control", "watch")]
            raw = await Raw.enter(card, role="watch")
            running = asyncio.create_task(run(2.0))
            heard = await raw.hear()
            assert isinstance(heard, Published)
            seal = await running
            assert seal.events
            assert reader_of(session).seal == seal
            raw.close()
            return tokens, encode(heard)

    tokens, told = asyncio.run(shown())
    [run] = tmp_path.iterdir()
    told += b"".join(file.read_bytes() for file in run.iterdir())
    for token in tokens:
        assert len(token) >= 43  # 256 bits
        assert token not in told
