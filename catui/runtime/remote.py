"""An engine at the other end of a channel: what its child, its local socket and its WebSocket have in common."""

import asyncio
import contextlib
from pathlib import Path
from secrets import token_hex

from msgspec.structs import replace

from catui.domain.events import Action
from catui.errors import UsageError
from catui.runtime.channel import Channel
from catui.runtime.killfile import KillOrder, leave
from catui.runtime.past.carried import Carried
from catui.runtime.slot import Slot
from catui.runtime.wire import (
    Ask,
    Claim,
    Denied,
    Ended,
    Look,
    PastEnded,
    PastTold,
    Preview,
    Previewed,
    Progress,
    Published,
    ToConsole,
    ToEngine,
    Welcome,
    decode_to_console,
    encode,
)
from catui.snapshot import ResultView, Snapshot, View

ANSWER_S = 5.0  # for a token to be judged
REFUSALS = 16  # of the engine's door that are kept


class Remote(Slot):
    """Reads what the engine says into the slot; writes without ever waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self._channel: Channel | None = None
        self._writing: set[asyncio.Task[None]] = set()
        self._welcome: Welcome | None = None
        self._refused: tuple[ResultView, ...] = ()
        self._heard = asyncio.Event()  # set by whatever answers a claim
        self._answer = ""
        self._mark = token_hex(3)  # no two consoles share it, whatever they are called and whoever runs them
        self._commands = 0
        self._carried: Carried | None = None

    def may_command(self) -> bool:
        """What the engine granted; before it spoke, nothing is lost by saying yes."""
        return self._welcome is None or self._welcome.role == "control"

    def set_view(self, view: View) -> None:
        """Tell the engine what is visible."""
        self._write(Look(view))

    def preview(self, id: str, action: Action) -> None:
        """Ask what would be said to a command; `previewed` will have the answer."""
        self._write(Preview(id, action))

    async def send(
        self, action: Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """Send a command; its id. UsageError: nobody is there, or this console may only watch."""
        if not self.may_command():
            raise UsageError("this console may only watch")
        self._commands += 1
        name = self._welcome.name if self._welcome is not None else "console"
        id = f"{name}-{self._mark}-{self._commands}"
        if not self._write(Ask(id, action, reason, seen_seq, expected)):
            raise UsageError("there is no connection to the engine")
        return id

    async def claim(self, token: str) -> str:
        """Ask for control; empty once it is given, else why not."""
        self._heard.clear()
        self._write(Claim(token))
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._heard.wait()
        except TimeoutError:
            return "the engine does not answer"
        return "" if self.may_command() else self._answer

    def write_kill_file(self) -> str:
        """Leave a kill order in the run's directory; the file. UsageError: the engine is not of this machine."""
        if self._welcome is None:
            raise UsageError("the engine has not said where its run is")
        order = KillOrder(self._welcome.name, "the engine was silent")
        return str(leave(Path(self._welcome.directory), order))

    def carried(self) -> Carried:
        """The way to a seeker beside the engine, over this connection; there is one."""
        self._carried = self._carried or Carried(self._write)
        return self._carried

    def _write(self, message: ToEngine) -> bool:
        """Hand over a message; False: nobody is there. One that finds nobody is no fault here: the reader says so."""
        if self._channel is None:
            return False
        task = asyncio.create_task(self._deliver(self._channel, message))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return True

    async def _deliver(self, channel: Channel, message: ToEngine) -> None:
        with contextlib.suppress(ConnectionError):
            await channel.send(encode(message))

    async def _read(self, channel: Channel) -> None:
        """Until the engine has nothing more to say. WireError: what it says is of another protocol."""
        try:
            while (payload := await channel.receive()) is not None:
                self._take(decode_to_console(payload))
        finally:
            if self._carried is not None:
                self._carried.end("the connection to the engine has ended")

    def _take(self, message: ToConsole) -> None:
        match message:
            case Published(snapshot=snapshot):
                self._show(self._with_refusals(snapshot))
            case Previewed(id=id, view=view):
                self._previewed = (id, view)
            case Progress(text=text):
                self._status = text
            case Welcome():
                self._welcome = message
                self._heard.set()
            case Denied(id="", text=text):
                self._answer = self._status = text
                self._heard.set()
            case Denied(id=id, text=text):
                self._refused = (*self._refused, ResultView(id, False, text))[-REFUSALS:]
                if self._latest is not None:
                    self._latest = self._with_refusals(self._latest)
            case PastTold() | PastEnded():
                if self._carried is not None:
                    self._carried.take(message)
            case Ended(exit_code=code, text=text):
                self._ended, self._status = code, text

    def _with_refusals(self, snapshot: Snapshot) -> Snapshot:
        """What the door refused stands among the desk's answers, for this console alone."""
        told = [each for each in self._refused if each not in snapshot.results]
        return replace(snapshot, results=(*snapshot.results, *told)) if told else snapshot
