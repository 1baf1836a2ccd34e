"""User events: execution reports of the user stream, to reports of ours. No socket."""

import msgspec
from msgspec import Struct

from catui.domain.events import Report
from catui.domain.instrument import Instrument
from catui.domain.orders import Cause
from catui.errors import MessageError, VenueError
from catui.text import printable
from catui.venues.binance.messages import Fault, time_ns
from catui.venues.binance.rest import execution

CAUSES = {
    "NEW": Cause.ACCEPTED,
    "TRADE": Cause.FILL,
    "CANCELED": Cause.CANCELLED,
    "EXPIRED": Cause.EXPIRED,
    "TRADE_PREVENTION": Cause.EXPIRED,
    "REJECTED": Cause.REJECTED,
}
ENDS = ("serverShutdown", "eventStreamTerminated")


class ExecutionReport(Struct, frozen=True):
    """`c` is the id of this action; of a cancel the order's own id is in `C`."""

    e: str
    s: str = ""
    c: str = ""
    C: str = ""
    x: str = ""
    i: int = 0
    l: str = "0"
    L: str = "0"
    z: str = "0"
    n: str | None = "0"
    N: str | None = None
    t: int = -1
    m: bool = False
    r: str = "NONE"
    T: int | None = None


class Wrapped(Struct, frozen=True):
    """How the WebSocket API carries an event; its own answers have an id and a status instead."""

    event: ExecutionReport | None = None
    id: int | str | None = None
    status: int | None = None
    error: Fault | None = None


_decoder = msgspec.json.Decoder(Wrapped)


class UserCodec:
    """Frames of the user stream to reports. What is no execution report (balances) is counted and passed over."""

    def __init__(self, instruments: tuple[Instrument, ...]) -> None:
        self._instruments = {i.symbol: i for i in instruments}
        self.frames = self.reports = self.ignored = self.refused = 0
        self.is_subscribed = False

    def frame(self, text: str | bytes, ts_receive_ns: int) -> list[Report]:
        """The reports of one frame.

        MessageError: an execution report that cannot be read, so that the order must be asked. VenueError: the
        subscription is refused or ends, and what is told no more must be asked, too.
        """
        self.frames += 1
        try:
            whole = _decoder.decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            self.refused += 1
            raise MessageError(f"binance user stream: {printable(str(error), 120)}; message refused") from None
        self._answered(whole)
        told = whole.event
        if told is None or told.e != "executionReport" or told.x not in CAUSES or told.s not in self._instruments:
            self.ignored += 1
            return []
        report = self._report(told, self._instruments[told.s], ts_receive_ns)
        self.reports += 1
        return [report]

    def _answered(self, whole: Wrapped) -> None:
        """The venue's own words about the subscription."""
        if whole.error is not None or (whole.status or 200) != 200:
            self.ignored += 1
            fault = whole.error or Fault()
            raise VenueError(f"user stream refused: {whole.status or ''} {fault.code} {printable(fault.msg, 120)}")
        if whole.event is not None and whole.event.e in ENDS:
            self.ignored += 1
            raise VenueError(f"user stream: {printable(whole.event.e)}")
        if whole.id is not None:
            self.is_subscribed = True

    def _report(self, told: ExecutionReport, instrument: Instrument, now_ns: int) -> Report:
        cause = CAUSES[told.x]
        order_id = told.C if cause is Cause.CANCELLED and told.C else told.c
        fill = None
        if cause is Cause.FILL:
            fill = execution(instrument, told.t, told.L, told.l, told.n or "0", told.N or "", is_maker=told.m)
            if fill is None:
                self.refused += 1
                where = f"binance {instrument.symbol} execution {told.t}"
                raise MessageError(f"{where}: price {printable(told.L)} quantity {printable(told.l)}: cannot be read")
        return Report(
            order_id=printable(order_id, 40),
            ts_receive_ns=now_ns,
            ts_event_ns=time_ns(told.T),
            cause=cause,
            source="stream",
            venue_id=str(told.i),
            cum_lots=instrument.quantity_grid.count(told.z),
            execution=fill,
            code="" if told.r == "NONE" else printable(told.r, 40),
        )
