"""Sources by name: `simulated[:seed]`, `tape:FILE`, `run:DIR`, `binance`.

Whatever the name, the desk meets a `Venue`: instruments, a stream of events, and a place to send requests to. Paper
money in every case: orders of a tape and of a real venue's data are filled by the paper venue inside the pipeline,
those of `simulated` by the embedded exchange.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from catui.config import Config
from catui.domain.events import Command, Event
from catui.domain.instrument import Instrument
from catui.domain.orders import Request
from catui.domain.settings import Desk
from catui.errors import UsageError
from catui.own import Own
from catui.runtime.journal import JournalReader
from catui.text import printable
from catui.venues.replay import paced
from catui.venues.secret import environment_secret
from catui.venues.simulated.launch import Launched, Wanted, launch, seed_of
from catui.venues.venue import Venue

KINDS = ("simulated", "tape", "run", "binance")
WARNING = (
    "binance: real market data, paper money. catui is for learning: no order of this version reaches a real venue. "
    "Never trust real money to code that you have not tested."
)


@dataclass
class Opened:
    """A source that is ready: its venue, and how the desk is to treat it."""

    source: str
    venue: Venue
    instruments: tuple[Instrument, ...]
    badge: Literal["PAPER", "SIM", "REPLAY", "LIVE"]
    execution: Literal["paper", "venue"]
    is_live: bool  # our clock runs: ticks, receive times, pacing
    is_lockstep: bool = False  # the source makes its next batch when the last one is stepped and answered
    is_replay: bool = False  # everything, commands included, comes from a journal
    desk: Desk | None = None  # of a replayed run, with the strategies that it has kept
    own: Own | None = None


async def open_source(
    text: str, config: Config, speed: float | None, skip_events: int = 0, launched: Launched | None = None
) -> Opened:
    """Open a source. `speed` is event time over wall time; None: as fast as possible.

    `skip_events` leaves out what a resumed run has had of a tape; `launched` is the exchange that was started for it.
    UsageError: an unknown name, with the nearest one.
    """
    kind, _, rest = text.partition(":")
    match kind:
        case "simulated":
            seed = seed_of(rest, config.simulated.seed)
            if speed is None:
                return await _open_script(text, seed, config)
            return await _open_simulated(text, launched or launch(Wanted(seed, config.simulated.symbols, speed)))
        case "tape":
            return _open_tape(text, Path(rest), speed, skip_events)
        case "run":
            return _open_run(text, Path(rest), speed)
        case "binance":
            return await _open_binance(text, config)
        case _:
            near = get_close_matches(kind, KINDS, n=1)
            mend = f"did you mean {near[0]}?" if near else "known are simulated[:seed], tape:FILE, run:DIR, binance"
            raise UsageError(f"--source {printable(text)}: unknown source; {mend}")


async def _open_script(text: str, seed: int, config: Config) -> Opened:
    from catui.venues.simulated.venue import ScriptedVenue

    venue = ScriptedVenue(seed, config.simulated.symbols, config.execution.latency_ms)
    instruments = await venue.instruments(config.simulated.symbols)
    return Opened(text, venue, instruments, "SIM", "venue", is_live=False, is_lockstep=True)


async def _open_simulated(text: str, launched: Launched) -> Opened:
    from catui.venues.simulated.venue import EmbeddedExchange

    ready = await launched.ready()
    venue = EmbeddedExchange(ready, launched)
    instruments = await venue.instruments(ready.symbols)
    return Opened(text, venue, instruments, "PAPER", "venue", is_live=True)


def _open_tape(text: str, path: Path, speed: float | None, skip_events: int) -> Opened:
    from catui.venues.replay import TapeVenue

    venue = TapeVenue(path, speed, skip_events)
    return Opened(text, venue, venue.tape_instruments, "PAPER", "paper", is_live=False)


def _open_run(text: str, path: Path, speed: float | None) -> Opened:
    reader = JournalReader(path)
    desk = reader.manifest.desk
    return Opened(
        text,
        RunVenue(reader, speed),
        desk.instruments,
        "REPLAY",
        desk.execution.mode,
        is_live=False,
        is_replay=True,
        desk=desk,
        own=reader.manifest.load_own(),
    )


async def _open_binance(text: str, config: Config) -> Opened:
    from catui.venues.binance.adapter import Binance

    if not config.desk.symbols:
        raise UsageError('--source binance: no symbols; write symbols = ["BTCUSDT"] under [desk] of config.toml')
    environment_secret("CATUI_BINANCE_SECRET")  # not needed for market data, and inherited by no child
    urls = config.binance
    venue = Binance(rest_url=urls.rest_url, stream_url=urls.stream_url, symbols=config.desk.symbols)
    instruments = await venue.instruments(config.desk.symbols)
    return Opened(text, venue, instruments, "PAPER", "paper", is_live=True)


class RunVenue:
    """The events of an earlier run, the operator's commands among them, from its journal."""

    name = "run"

    def __init__(self, reader: JournalReader, speed: float | None) -> None:
        self._reader = reader
        self._speed = speed

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        """Those that the run had."""
        return self._reader.manifest.desk.instruments

    async def events(self) -> AsyncIterator[list[Event]]:
        """The journal's inputs, in order, paced by their receive times."""
        async for batch in paced(self._reader.events(), self._speed):
            yield batch

    async def send(self, request: Request) -> None:
        """Nothing leaves a replay: the answers are in the journal."""

    def frames(self) -> dict[str, int]:
        """A journal holds events, no frames."""
        return {}

    async def close(self) -> None:
        self._reader.close()


def venue_events(reader: JournalReader) -> int:
    """How many events of a run came from its source: all but the operator's commands."""
    return sum(1 for event in reader.events() if not isinstance(event, Command))
