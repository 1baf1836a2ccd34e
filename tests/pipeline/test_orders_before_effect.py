"""A venue that looks into the journal whenever it is asked for something: what it is asked for stands there already."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from desk_world import DESK, Happening, Watch
from msgspec.structs import replace

from catui.domain.events import CancelAll, Command, Event, Kill, Report
from catui.domain.instrument import Instrument
from catui.domain.orders import Cause, Execution, Request, Submit
from catui.domain.settings import ExecutionSettings
from catui.runtime.engine import Engine
from catui.runtime.journal import JournalReader, JournalWriter
from catui.runtime.manifest import Manifest, Seal
from catui.runtime.session import Session
from catui.runtime.source import Opened

AT_VENUE = replace(DESK, execution=ExecutionSettings(mode="venue"))


class Notary:
    """Tells its events one by one, and fills every order at its limit; what it found on each request it keeps."""

    name = "paper"

    def __init__(self, directory: Path, told: list[Event]) -> None:
        self.directory = directory
        self.told = told
        self.asked: list[Request] = []
        self.without_record: list[Request] = []
        self._now_ns = 0
        self._answers: list[Event] = []

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        return DESK.instruments

    async def events(self) -> AsyncIterator[list[Event]]:
        for event in self.told:
            self._now_ns = event.ts_receive_ns
            yield [event]
            while self._answers:
                answers, self._answers = self._answers, []
                yield answers

    async def send(self, request: Request) -> None:
        self.asked.append(request)
        order = request.order
        reader = JournalReader(self.directory)
        kept = {found.id: (seq, found) for seq, found in reader.orders()}
        seq, found = kept.get(order.id, (0, None))
        if found is None or found.intent != order.intent or not seq <= reader.verify()[1]:
            self.without_record.append(request)
        reader.close()
        if isinstance(request, Submit):
            self._fill(request)

    def _fill(self, submit: Submit) -> None:
        order, now = submit.order, self._now_ns
        price, fill_id = order.intent.limit_ticks, f"fill of {order.id}"
        fill = Execution(fill_id, price, order.lots, 0, 8, "USDT", False)
        self._answers += [
            Report(order.id, now, None, Cause.BYTES_LEFT, "socket"),
            Report(order.id, now, None, Cause.ACCEPTED, "reply", venue_id="1", cum_lots=0),
            Report(order.id, now, None, Cause.FILL, "stream", cum_lots=order.lots, execution=fill),
        ]

    def frames(self) -> dict[str, int]:
        return {}

    async def close(self) -> None:
        pass


def a_day_at(directory: Path, told: list[Event], kind: type[Notary] = Notary) -> tuple[Notary, Seal]:
    journal = JournalWriter.create(directory, Manifest("r", AT_VENUE, "notary", "SIM", 1, "0", "3", "c", "h"))
    venue = kind(directory, told)
    opened = Opened("notary", venue, DESK.instruments, "SIM", "venue", is_live=False, is_lockstep=True)
    seal = asyncio.run(Session(Engine(AT_VENUE, journal), opened, run="r").run())
    journal.close()
    return venue, seal


def quotes(count: int) -> list[Event]:
    watch = Watch()
    return [
        watch.event(Happening("quote", step=9 if i % 4 < 2 else -9, wait_ms=300, lots=50_000)) for i in range(count)
    ]


def test_every_order_stands_in_the_journal_with_its_cause_before_the_venue_hears_of_it(tmp_path: Path) -> None:
    venue, seal = a_day_at(tmp_path / "r", quotes(40))
    submitted = [request.order for request in venue.asked if isinstance(request, Submit)]
    assert len(submitted) >= 5
    assert venue.without_record == []
    reader = JournalReader(tmp_path / "r")
    committed = list(reader.orders())
    events = list(reader.events())
    reader.close()
    assert [order for _, order in committed] == submitted  # nothing is recorded that was not sent, and none twice
    assert len(events) == seal.events
    for seq, order in committed:
        assert (order.seq, order.created_ns) == (seq, events[seq - 1].ts_receive_ns)


def test_the_journal_alone_gives_the_same_orders_and_the_sealed_state(tmp_path: Path) -> None:
    _, seal = a_day_at(tmp_path / "r", quotes(30))
    reader = JournalReader(tmp_path / "r")
    watch = Watch(AT_VENUE)
    for event in reader.events():
        watch.step(event)
    assert [order for outputs in watch.outputs for order in outputs.orders] == [order for _, order in reader.orders()]
    assert watch.fills >= 5
    assert watch.state_digest() == seal.state_digest
    reader.close()


class InOneBatch(Notary):
    """Tells everything at once, so that an order meets what came behind its cause before it can be sent."""

    async def events(self) -> AsyncIterator[list[Event]]:
        self._now_ns = self.told[-1].ts_receive_ns
        yield self.told
        while self._answers:
            answers, self._answers = self._answers, []
            yield answers


def test_an_order_that_was_cancelled_before_it_could_be_sent_is_not_sent(tmp_path: Path) -> None:
    told = quotes(12)
    stop = Command("c", "operator", told[-1].ts_receive_ns, CancelAll(), "not now")
    venue, seal = a_day_at(tmp_path / "r", [*told, stop], InOneBatch)
    reader = JournalReader(tmp_path / "r")
    approved = [order.id for _, order in reader.orders()]
    withheld = {event.order_id: event.text for event in reader.events() if isinstance(event, Report)}
    reader.close()
    assert approved
    assert not [request for request in venue.asked if isinstance(request, Submit)]
    assert withheld == dict.fromkeys(approved, "cancelled before sending")
    watch = Watch(AT_VENUE)
    for event in JournalReader(tmp_path / "r").events():
        watch.step(event)
    assert [anomaly for outputs in watch.outputs for anomaly in outputs.anomalies] == []
    assert watch.state_digest() == seal.state_digest


def test_after_a_kill_the_venue_hears_of_no_order(tmp_path: Path) -> None:
    told = quotes(30)
    kill = Command("k", "operator", told[9].ts_receive_ns, Kill(), "enough")
    venue, _ = a_day_at(tmp_path / "r", [*told[:10], kill, *told[10:]])
    before = [request.order.created_ns for request in venue.asked if isinstance(request, Submit)]
    assert before
    assert max(before) <= kill.ts_receive_ns
