"""Stopping another process's desk: over its socket, and where nobody answers there, by a kill file.

What counts is the answer: the command accepted, the desk HALTED, no order working. A desk that does not say so within
three seconds is left a kill file, and it is said that nothing has been verified.
"""

import asyncio
import os
from pathlib import Path

from msgspec import Struct

from catui.domain.events import Kill
from catui.errors import CatuiError, UsageError
from catui.runtime.attach import greet, local, login_name
from catui.runtime.channel import Channel
from catui.runtime.engines import Card, engines, the_engine
from catui.runtime.killfile import KillOrder, leave
from catui.runtime.wire import Ask, Ended, Hello, Leave, Published, decode_to_console, encode
from catui.snapshot import Snapshot

REPLAY = "REPLAY"
ANSWER_S = 3.0  # for the desk to be HALTED
CANCELLED_S = 3.0  # for every order to be gone then
ENDED_S = 15.0  # for the run to be sealed, where that was asked for


class Killed(Struct, frozen=True):
    """What became of it. `file` is the kill file, where there was no answer."""

    run: str
    halted: bool
    working: int | None = None  # orders that still work
    ended: bool = False
    file: str = ""
    why: str = ""  # there was no answer

    @property
    def is_done(self) -> bool:
        """Whether everything has been verified."""
        return self.halted and self.working == 0

    @property
    def words(self) -> str:
        """One line for people."""
        if not self.halted:
            return f"run {self.run}: {self.why}; kill file left: {self.file}; NOT VERIFIED, it may be trading"
        orders = "no order works" if self.working == 0 else f"orders that still work: {self.working}, being cancelled"
        return f"run {self.run}: HALTED, {orders}{'; the run has ended' if self.ended else ''}"


def kill_all(reason: str, stop: bool) -> list[Killed]:
    """Kill every engine of this user's that trades."""
    return [kill(card, reason, stop) for card in engines() if card.badge != REPLAY]


def kill_run(text: str | None, runs: Path, reason: str, stop: bool) -> Killed:
    """Kill the engine of a run; without a name the only one. One that listens nowhere is left a kill file.

    UsageError: there is no such engine and no such run, or it is not clear which is meant.
    """
    try:
        return kill(the_engine(text), reason, stop)
    except UsageError:
        for directory in (Path(text), runs / text) if text else ():
            if (directory / "journal.db").is_file():
                why = "no engine of yours listens for it"
                return by_file(directory.name, directory, reason, stop, why)
        raise


def kill(card: Card, reason: str, stop: bool) -> Killed:
    """Kill the engine of a card. UsageError: it is a replay."""
    if card.badge == REPLAY:
        raise UsageError(f"run {card.run}: is a replay, nothing trades there; end its process, pid {card.pid}")
    try:
        return asyncio.run(_over_the_socket(card, reason, stop))
    except (CatuiError, ConnectionError, TimeoutError) as error:
        return by_file(card.run, Path(card.directory), reason, stop, str(error) or f"no answer within {ANSWER_S:.0f} s")


def by_file(run: str, directory: Path, reason: str, stop: bool, why: str) -> Killed:
    """Leave the order in the run's directory. CatuiError: that cannot be done either."""
    try:
        file = leave(directory, KillOrder(login_name(), reason, stop))
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise CatuiError(f"run {run}: {why}; no kill file either: {directory}: {words}") from None
    return Killed(run, halted=False, file=str(file), why=why)


async def _over_the_socket(card: Card, reason: str, stop: bool) -> Killed:
    async with asyncio.timeout(ANSWER_S):
        channel = await local(card)()
    try:
        async with asyncio.timeout(ANSWER_S):
            welcome = await greet(channel, Hello(login_name(), "control"))
            id = f"{welcome.name}-{os.getpid()}-kill"
            await channel.send(encode(Ask(id, Kill(), reason)))
            snapshot = await _halted(channel, id)
        working = await _cancelled(channel, snapshot)
        ended = stop and await _stopped(channel)
        return Killed(card.run, halted=True, working=working, ended=ended)
    finally:
        channel.close()


async def _halted(channel: Channel, id: str) -> Snapshot:
    """The first snapshot in which the command stands as done."""
    while True:
        match await _heard(channel):
            case Published(snapshot=snapshot) if any(r.id == id and r.ok for r in snapshot.results):
                if snapshot.trading_state == "HALTED":
                    return snapshot
            case Ended(text=text):
                raise CatuiError(f"the engine ended: {text}")
            case _:
                pass


async def _cancelled(channel: Channel, snapshot: Snapshot) -> int:
    """How many orders work, once none does, or when that takes too long."""
    try:
        async with asyncio.timeout(CANCELLED_S):
            while snapshot.orders:
                match await _heard(channel):
                    case Published(snapshot=newer):
                        snapshot = newer
                    case _:
                        pass
    except TimeoutError:
        pass
    return len(snapshot.orders)


async def _stopped(channel: Channel) -> bool:
    """End the run, and wait until it has."""
    await channel.send(encode(Leave(stop=True)))
    try:
        async with asyncio.timeout(ENDED_S):
            while not isinstance(await _heard(channel), Ended):
                pass
    except TimeoutError:
        return False
    return True


async def _heard(channel: Channel) -> object:
    payload = await channel.receive()
    if payload is None:
        raise CatuiError("the engine hung up")
    return decode_to_console(payload)
