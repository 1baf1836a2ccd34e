"""A session: one run of the desk, from its source to its seal.

    venue events --+
    commands ------+--> one queue, one order --> engine --> requests --> venue
    ticks ---------+                               |
                                                snapshot, when asked

What decides is in the engine; here are the queue, the clock's ticks, the sending, and the clean end: no new orders,
every order cancelled, the journal sealed.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from time import perf_counter_ns
from typing import Any

import msgspec

from catui.domain.events import (
    Action,
    BookSnapshot,
    CancelAll,
    Command,
    Event,
    FeedState,
    FeedStatus,
    Kill,
    Note,
    Quarantine,
    Quote,
    Report,
    SetTradingState,
    Tick,
    TradingState,
)
from catui.domain.orders import Cause, Order, Request, Status, Submit
from catui.domain.reports import Outputs
from catui.errors import CatuiError
from catui.preview import PreviewView
from catui.preview.answers import previews
from catui.runtime.engine import Engine
from catui.runtime.inbox import Inbox
from catui.runtime.journal import JournalError
from catui.runtime.killfile import KillFile
from catui.runtime.logbook import Logbook
from catui.runtime.manifest import Seal
from catui.runtime.measures import Measures
from catui.runtime.source import Opened
from catui.runtime.tally import Tally
from catui.snapshot import ConsoleView, Snapshot, View
from catui.snapshot.parts import parts_of
from catui.snapshot.whole import Shown, view
from catui.text import printable
from catui.venues.wallclock import now_ns

PRICES = (Quote, BookSnapshot)
MEASURED_OF = 8  # where no clock runs, every eighth step is measured, from its hand-over
LOOK_EVENTS = 256  # between two looks for strategies that were stopped
NOTE = 300  # longest note, in characters
WIND_DOWN_S = 5.0  # how long a clean end waits for the venue to answer the cancels
WIND_DOWN_TICKS = 500  # of 10 ms of replayed time, where no clock runs


class Session:
    """One run. `run()` goes on until the source ends, `stop` is called, or `duration_s` of event time has passed."""

    def __init__(self, engine: Engine, opened: Opened, *, run: str, flush_ms: int = 250, tick_ms: int = 100) -> None:
        self.engine = engine
        self.tally = Tally(opened.source)
        self.logbook = Logbook(engine.desk)
        self.on_urgent: Callable[[], None] = lambda: (
            None
        )  # a command answered, the first prices: a snapshot out of turn
        self.consoles: tuple[ConsoleView, ...] = ()  # that are attached
        self._opened = opened
        self.name, self.source, self.badge, self.is_replay = run, opened.source, opened.badge, opened.is_replay
        self._flush_ms, self._tick_ms = flush_ms, tick_ms
        self._inbox = Inbox()
        self._sending: set[asyncio.Task[None]] = set()
        self._measures = Measures(self.tally, is_live=opened.is_live, is_replay=opened.is_replay)
        self._stop_reason: str | None = None
        self._is_at_end = self._is_noted = self._has_prices = False
        self._previews = previews(engine.desk, engine.machine)
        self._kill_file = KillFile(engine.journal.directory)
        self._end_behind = ""  # the command after which the run is to end
        self._results: list[Any] = []
        self._next_command = 0
        self.ended = ""
        self.fault_code = 1

    # --- what a host asks -------------------------------------------------------------------------------------------

    def command(
        self,
        action: Action,
        author: str,
        reason: str = "",
        seen_seq: int | None = None,
        id: str = "",
        expected: int | None = None,
    ) -> str:
        """Put an operator's command into the one queue; its id. It is journaled like any other input."""
        self._next_command += 1
        id = id or f"{author}-{self._next_command}"
        self._inbox.put([Command(id, author, self._now(), action, reason, seen_seq, expected)])
        return id

    def preview(self, action: Action, author: str) -> PreviewView:
        """What would be said to a command now: outside of queue and journal; a fault in it is an answer too."""
        now = max(self.engine.last_ns, self._now())
        try:
            return self._previews(self.engine.state, Command("preview", author, now, action))
        except Exception as error:  # what trades must not end by what is asked
            text = f"the preview failed: {printable(f'{type(error).__name__}: {error}', 120)}"
            return PreviewView(self.engine.journal.seq, False, text)

    def stop(self, reason: str) -> None:
        """End cleanly: no new orders, cancel, seal."""
        if self._stop_reason is None:
            self._stop_reason = reason
            self._inbox.put([])

    @property
    def is_stopping(self) -> bool:
        """Whether the end has begun."""
        return self._stop_reason is not None

    def say(self, level: str, topic: str, text: str) -> None:
        """A line for the log, at the desk's time; from any thread."""
        self.logbook.add(self._now(), level, topic, text)

    def frames(self) -> dict[str, int]:
        """What became of every frame that the source received; empty where a source has no frames."""
        return self._opened.venue.frames()

    def snapshot(self, look: View) -> Snapshot:
        """The desk as it is now, as much of it as `look` asks for."""
        engine = self.engine
        shown = Shown(
            run=self.name,
            source=self.source,
            badge=self.badge,
            now_ns=max(engine.last_ns, self._now()),
            results=tuple(self._results),
            health=self._measures.health(self._now(), len(self._inbox), engine.journal.commit_ms),
            ended=self.ended,
            consoles=self.consoles,
            log=self.logbook.behind(look.log_after),
        )
        return view(engine.desk, parts_of(engine.machine, engine.state), look, shown)

    def recover(self, now: int) -> None:
        """Take up a killed run: nothing new until a person says so, and evidence for every order that worked.

        An embedded exchange ends with its run, and its orders with it; at a venue what has no answer is UNKNOWN, which
        the order table asks about. On paper the orders are in the state itself and go on.
        """
        batch: list[Event] = []
        if self._opened.execution == "venue":
            is_embedded = self._opened.source.startswith("simulated")
            cause, text = (
                (Cause.CANCELLED, "the embedded exchange ended with the run")
                if is_embedded
                else (Cause.NO_ANSWER, "the run was killed")
            )
            for order in self.engine.orders().working.values():
                sent = Report(order.id, now, None, Cause.BYTES_LEFT, "recovery")
                batch += [sent] if order.status is Status.INTENDED else []
                batch.append(Report(order.id, now, None, cause, "recovery", text=text))
        # The evidence first: REDUCING cancels what opens, and an order that is taken for unsent would lose its record.
        # A desk that was halted stays so: no crash may loosen what a person or a monitor has stopped.
        if self._trading_state() is TradingState.ACTIVE:
            reducing = SetTradingState(TradingState.REDUCING)
            batch.append(Command("resume-1", "desk", now, reducing, "resumed after a crash; R makes it ACTIVE"))
        self._inbox.put(batch)

    # --- the run ----------------------------------------------------------------------------------------------------

    async def run(self, duration_s: float | None = None) -> Seal:
        """Go until the end; the seal of the run. JournalError: the journal failed, and the run is not sealed."""
        self.say("info", "engine", f"run {self.name} begins: {self._opened.source}")
        feeders = [asyncio.create_task(self._feed())]
        if not self._opened.is_replay:
            feeders.append(asyncio.create_task(self._every(self._tick_ms, self._look_for_kill)))
        if self._opened.is_live:
            feeders.append(asyncio.create_task(self._every(self._tick_ms, self._tick)))
            feeders.append(asyncio.create_task(self._every(self._flush_ms, self._flush)))
        try:
            reason = await self._loop(duration_s)
            if not self._opened.is_replay:
                await self._wind_down(reason)
            self.ended = reason
            return self.engine.journal.seal(reason, self.engine.state_digest())
        except JournalError as error:
            self.ended = str(error)
            await self._cancel_without_journal()
            raise
        finally:
            self.say("info", "engine", f"run {self.name} ends: {self.ended or 'by a fault'}")
            for task in feeders:
                task.cancel()
            await asyncio.gather(*feeders, return_exceptions=True)
            await self._opened.venue.close()

    async def _loop(self, duration_s: float | None) -> str:
        first_ns: int | None = None
        while True:
            batch = await self._inbox.take()
            for event in batch:
                self._process(event)
            if batch and not self._is_noted and not self._opened.is_replay:
                self._note()
            if not self._has_prices and any(isinstance(event, PRICES) for event in batch):
                self._has_prices = True
                self.on_urgent()
            if self._stop_reason is not None and not (self._is_at_end and len(self._inbox)):
                return self._stop_reason
            if batch and duration_s is not None:
                first_ns = batch[0].ts_receive_ns if first_ns is None else first_ns
                if self.engine.last_ns - first_ns >= duration_s * 1e9:
                    return "duration"
            if not len(self._inbox):
                await asyncio.sleep(0)

    def _process(self, event: Event) -> Outputs:
        if event.ts_receive_ns < self.engine.last_ns and not self._opened.is_replay:
            event = msgspec.structs.replace(event, ts_receive_ns=self.engine.last_ns)
        if self._opened.is_live:
            outputs = self.engine.process(event)
            self.tally.latency.add(now_ns() - event.ts_receive_ns)
        elif self.tally.events % MEASURED_OF:
            outputs = self.engine.process(event)
        else:
            began = perf_counter_ns()
            outputs = self.engine.process(event)
            self.tally.latency.add(perf_counter_ns() - began)
        self.tally.count(outputs)
        self.logbook.observe(event, outputs, self.engine.orders())
        if outputs.requests and not self._opened.is_replay:
            for request in outputs.requests:
                self._send(request)
        if self.engine.journal.seq % LOOK_EVENTS == 0 and not self._opened.is_replay:
            self._quarantine()
        if outputs.results:
            self._results = [*self._results, *outputs.results][-16:]
            self.on_urgent()
            if self._end_behind in [result.id for result in outputs.results]:
                self.stop("killed")
        return outputs

    def _quarantine(self) -> None:
        """A strategy that was stopped in its cell is stopped on the whole desk, by a command like any other."""
        for name, error in self.engine.stopped().items():
            self._inbox.put([self._word(Quarantine(name, printable(error, 200)), "it failed")])

    def _note(self) -> None:
        """What a person should know of this run stands in its record, behind the first events."""
        self._is_noted = True
        notes = [Note(printable(text, NOTE), is_alert=True) for text in self.engine.notes]
        self._inbox.put([self._word(note, "how it runs") for note in notes])

    def _word(self, action: Action, reason: str) -> Command:
        """A command of the desk itself."""
        self._next_command += 1
        return Command(f"desk-{self._next_command}", "desk", self._now(), action, reason)

    def _send(self, request: Request) -> None:
        self._measures.decided(request)
        task = asyncio.create_task(self._deliver(request))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, request: Request) -> None:
        """Hand a request to the venue; a new order meets the desk as it is now once more, right before its bytes."""
        why = self._withheld(request.order) if isinstance(request, Submit) else ""
        if why:
            withheld = Report(request.order.id, self._now(), None, Cause.NOTHING_LEFT, "socket", text=why)
            self._measures.heard([withheld])
            self._inbox.put([withheld])
        else:
            await self._opened.venue.send(request)

    def _withheld(self, order: Order) -> str:
        """Why a new order is not sent: the steps since it was approved may have halted the desk, or cancelled it."""
        if self._trading_state() is TradingState.HALTED:
            return "halted before sending"
        return "" if order.id in self.engine.orders().working else "cancelled before sending"

    def _trading_state(self) -> TradingState:
        return self.engine.control().trading_state

    async def _feed(self) -> None:
        try:
            async for batch in self._opened.venue.events():
                self._measures.heard(batch)  # by their own stamps: the queue may make them later
                left = [event for event in batch if _is_of_bytes(event)] if self._opened.is_live else []
                self._inbox.put_first(left)  # before anything that waits may take it for unsent
                await self._inbox.offer([event for event in batch if not _is_of_bytes(event)] if left else batch)
                if self._opened.is_lockstep:
                    await self._inbox.emptied()
                    await asyncio.gather(*self._sending)
            self._end("source ended")
        except CatuiError as error:
            self.tally.fault, self.fault_code = str(error), error.exit_code
            self._end(f"source failed: {error}")
        except Exception as error:  # a codec's or socket's bug: the desk ends cleanly and says so
            self.tally.fault = f"{type(error).__name__}: {error}"
            self._inbox.put([FeedStatus(self._opened.source, self._now(), FeedState.DOWN, self.tally.fault)])
            self._end(f"source failed: {self.tally.fault}")

    def _end(self, reason: str) -> None:
        """The source has no more: what waits is still stepped."""
        self._is_at_end = True
        self.stop(reason)

    async def _every(self, period_ms: int, do: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(period_ms / 1000)
            do()

    def _tick(self) -> None:
        self._inbox.put([Tick(self._now())])

    def _look_for_kill(self) -> None:
        order = self._kill_file.take()
        if order is not None:
            id = self.command(Kill(), printable(order.author, 64), printable(order.reason, 200) or "kill file")
            self._end_behind = id if order.stop else ""

    def _flush(self) -> None:
        # A failure here must end the run, and the loop is where it ends: its next append meets the same disk.
        with contextlib.suppress(JournalError):
            self.engine.journal.flush()

    def _now(self) -> int:
        return now_ns() if self._opened.is_live else self.engine.last_ns

    # --- the end ----------------------------------------------------------------------------------------------------

    async def _wind_down(self, reason: str) -> None:
        """REDUCING, cancel everything, and wait until nothing works."""
        state = self.engine.control().trading_state
        if state is TradingState.ACTIVE:
            self._process(Command("end-1", "desk", self._now(), SetTradingState(TradingState.REDUCING), reason))
        self._process(Command("end-2", "desk", self._now(), CancelAll(), reason))
        if self._opened.is_live:
            await self._until(lambda: not self.engine.orders().working)
        else:
            for _ in range(WIND_DOWN_TICKS):
                if not self.engine.orders().working:
                    break
                self._process(Tick(self.engine.last_ns + 10_000_000))
        working = len(self.engine.orders().working)
        text = f"ended: {reason}" + (f"; {working} orders without an answer" if working else "")
        self._process(Command("end-3", "desk", self._now(), Note(text), reason))

    async def _until(self, done: Callable[[], bool]) -> None:
        deadline = now_ns() + int(WIND_DOWN_S * 1e9)
        while not done() and now_ns() < deadline:
            try:
                batch = await asyncio.wait_for(self._inbox.take(), 0.1)
            except TimeoutError:
                batch = [Tick(self._now())]
            for event in batch:
                self._process(event)

    async def _cancel_without_journal(self) -> None:
        """The one exception: a cancel may leave before its record is durable."""
        if self._opened.is_replay:
            return
        sends: list[Awaitable[None]] = [
            self._opened.venue.send(request) for request in self.engine.cancels_of_everything()
        ]
        await asyncio.gather(*sends, return_exceptions=True)


def _is_of_bytes(event: Event) -> bool:
    return type(event) is Report and event.cause is Cause.BYTES_LEFT
