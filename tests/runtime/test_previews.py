"""Previews over every way to an engine: answered, without a trace in the journal, at most thirty a second."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from attach_world import Raw, attached, here, runtime, until
from run_world import SIMULATED, quick

from catui.domain.events import CancelAll, Command, PauseAll, SubmitOrder
from catui.domain.orders import Side
from catui.preview import PreviewView
from catui.runtime.host import Host
from catui.runtime.inprocess import TaskHost, ThreadHost
from catui.runtime.journal import JournalReader
from catui.runtime.process import ProcessHost
from catui.runtime.publish import LEAST_S, Peer, Publisher
from catui.runtime.startorder import Start, StartOrder
from catui.runtime.wire import Preview, Previewed, ToConsole

__all__ = ["runtime"]  # a fixture

BTC = "simulated:BTCUSDT"


def hosts(runs: Path) -> dict[str, Host]:
    start = Start("simulated:7", quick(), 1.0, runs)
    order = StartOrder(start.source, start.config, start.speed, str(runs))
    return {"process": ProcessHost(order), "thread": ThreadHost(start), "task": TaskHost(start)}


def ticket(host: Host, lots: int = 1) -> SubmitOrder:
    snapshot = host.latest()
    assert snapshot is not None
    [market] = [each for each in snapshot.markets if each.instrument == BTC]
    assert market.bid_ticks is not None
    return SubmitOrder(BTC, Side.BUY, lots, market.bid_ticks - 100)


async def answer(host: Host, id: str) -> PreviewView:
    def found() -> PreviewView | None:
        told = host.previewed()
        return told[1] if told is not None and told[0] == id else None

    view = await until(found)
    assert isinstance(view, PreviewView)
    return view


def commands(runs: Path) -> list[Command]:
    [directory] = runs.iterdir()
    return [event for event in JournalReader(directory).events() if isinstance(event, Command)]


async def quoted(host: Host) -> None:
    """Wait for a book."""
    await until(lambda: (s := host.latest()) is not None and all(m.bid_ticks for m in s.markets))


@pytest.mark.parametrize("name", ["process", "thread", "task"])
def test_every_host_answers_and_nothing_of_it_is_journaled(name: str, tmp_path: Path) -> None:
    async def lived() -> tuple[PreviewView, PreviewView]:
        host = hosts(tmp_path)[name]
        assert host.previewed() is None
        await host.start()
        await quoted(host)
        host.preview("p-1", ticket(host, 10_000))
        good = await answer(host, "p-1")
        host.preview("p-2", SubmitOrder("nowhere:X", Side.BUY, -5, 0))
        bad = await answer(host, "p-2")
        await host.close()
        return good, bad

    good, bad = asyncio.run(lived())
    assert good.order is not None
    assert (good.ok, good.order.instrument, good.order.lots) == (True, BTC, 10_000)
    assert {"P12", "P16", "P18"} <= {check.check for check in good.order.checks}
    assert bad == PreviewView(bad.seq, False, "no instrument nowhere:X")
    assert [type(each.action) for each in commands(tmp_path) if each.author != "desk"] == []


def test_an_attached_console_is_answered_and_a_watching_one_is_not(runtime: Path, tmp_path: Path) -> None:
    async def lived() -> tuple[PreviewView, Any]:
        async with here(Start("simulated:7", quick(), 1.0, tmp_path)) as (session, _, card, run):
            running = asyncio.create_task(run())
            async with attached(card) as console:
                await quoted(console)
                console.preview("p-1", ticket(console))
                told = await answer(console, "p-1")
            raw = await Raw.enter(card, role="watch")
            raw.say(Preview("p-2", PauseAll()))
            denied = await raw.denied()
            raw.close()
            session.stop("the test is over")
            await running
            return told, denied

    told, denied = asyncio.run(lived())
    assert told.order is not None
    assert (denied.id, denied.text) == ("p-2", "this console may only watch")


class Asked:
    """A session that counts what it is asked."""

    def __init__(self) -> None:
        self.previews: list[Any] = []
        self.consoles: tuple[Any, ...] = ()
        self.on_urgent = lambda: None

    def preview(self, action: Any, author: str) -> PreviewView:
        self.previews.append((action, author))
        return PreviewView(len(self.previews), True, "")

    def snapshot(self, look: Any) -> Any:
        raise RuntimeError("not here")


def test_who_types_faster_than_thirty_a_second_has_only_the_last_one_answered() -> None:
    async def asked() -> tuple[list[Any], list[Any]]:
        session, peer = Asked(), Peer("ann", "control")
        told: list[ToConsole] = []
        publisher = Publisher(session)  # type: ignore[arg-type]  # as much of a session as it asks
        publisher.peers.append(peer)
        peer.tell = told.append  # type: ignore[method-assign, assignment]
        for n in range(50):
            publisher.preview(peer, Preview(f"p-{n}", CancelAll(str(n))))
        publisher.publish()
        publisher.publish()
        peer.answered_s -= LEAST_S  # a turn later
        publisher.preview(peer, Preview("p-50", CancelAll("50")))
        return session.previews, told

    previews, told = asyncio.run(asked())
    assert previews == [(CancelAll(n), "ann") for n in ("0", "49", "50")]
    assert [each.id for each in told if isinstance(each, Previewed)] == ["p-0", "p-49", "p-50"]


def test_a_fault_in_a_preview_is_an_answer(tmp_path: Path) -> None:
    async def failed() -> PreviewView:
        async with here(Start(SIMULATED, quick(), None, tmp_path)) as (session, _, _, _):
            session._previews = lambda *_: 1 // 0  # type: ignore[assignment]
            return session.preview(PauseAll(), "ann")

    view = asyncio.run(failed())
    assert (view.ok, view.text) == (False, "the preview failed: ZeroDivisionError: integer division or modulo by zero")
