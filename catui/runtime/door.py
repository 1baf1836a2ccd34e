"""The engine's door: who comes in, as what, and what each console may say there.

Every connection has a task of its own that reads at a person's pace: what comes faster waits in the peer's socket, so
that a thousand commands cost no more than fifty. What a console says is judged here by its role; its name stands on
every command, whatever it writes itself.
"""

import asyncio
import os
import re
from collections.abc import Callable, Coroutine
from typing import Any

from catui.places import cache_directory
from catui.runtime.channel import Channel
from catui.runtime.ownership import Ownership
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.relay import NICE, Relay
from catui.runtime.publish import Peer, Publisher
from catui.runtime.session import Session
from catui.runtime.tokens import Tokens
from catui.runtime.wire import (
    PROTOCOL,
    Ask,
    AskPast,
    BeginPast,
    Claim,
    Denied,
    Ended,
    EndPast,
    Hello,
    Leave,
    Look,
    Preview,
    Role,
    ToEngine,
    Welcome,
    WireError,
    decode_to_engine,
    encode,
)

MOST = 8  # consoles at once
KNOCKING = 16  # connections that have not said who they are
HELLO_S = 5.0  # for saying so
PACE_S = 1 / 50  # between two messages of one console
CLAIMS = 3  # wrong tokens of one console
LAST_S = 2.0  # for taking the last words
RESERVED = ("", "desk")  # `desk` is the engine itself

Admit = Callable[[Hello], Role | str]  # the role that is given, or why there is none


class Door:
    """Takes connections in, until the run has ended. Nothing in the run ever waits for one."""

    def __init__(self, session: Session, tokens: Tokens | None, grace_s: float, lost: Callable[[], None]) -> None:
        self.publisher = Publisher(session)
        self._session = session
        self.tokens = tokens
        self._ownership = Ownership(grace_s, lost)
        self._knocking: list[Channel] = []  # the oldest first
        self._visits: set[asyncio.Task[None]] = set()

    def own(self, channel: Channel, name: str) -> None:
        """The console that started the run, on its own connection: it need not say who it is."""
        peer = Peer(self._free_name(name), "control")
        self._ownership.owner = peer
        self._begin(self._visit(channel, peer))

    def attend(self, channel: Channel, admit: Admit) -> "asyncio.Task[None]":
        """A connection, from its greeting to its end. `admit` knows what the way that it came by allows."""
        return self._begin(self._visit(channel, admit))

    def _begin(self, visit: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(visit)
        self._visits.add(task)
        task.add_done_callback(self._visits.discard)
        return task

    async def _visit(self, channel: Channel, who: Peer | Admit) -> None:
        try:
            found = who if isinstance(who, Peer) else await self._known(channel, who)
            if isinstance(found, Peer):
                await self._live(found, channel)
            else:
                async with asyncio.timeout(LAST_S):
                    await channel.send(encode(Denied("", found)))
        except (ConnectionError, TimeoutError):
            pass  # gone before it had its answer
        finally:
            channel.close()

    async def close(self, ended: Ended) -> None:
        """The run has ended: everybody is told, and has a moment to hear it."""
        self._ownership.end()
        self.publisher.end(ended)
        await asyncio.gather(*(peer.taken(LAST_S) for peer in self.publisher.peers))
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def _known(self, channel: Channel, admit: Admit) -> Peer | str:
        """Who it is, or why it may not come in."""
        self._knocking.append(channel)
        if len(self._knocking) > KNOCKING:
            self._knocking[0].close()
        try:
            async with asyncio.timeout(HELLO_S):
                payload = await channel.receive()
            hello = None if payload is None else decode_to_engine(payload)
        except (WireError, TimeoutError) as error:
            return str(error) or f"no greeting within {HELLO_S:.0f} s"
        finally:
            self._knocking.remove(channel)
        if not isinstance(hello, Hello):
            return "the first word must be a greeting"
        if hello.protocol != PROTOCOL:
            return f"this engine speaks protocol {PROTOCOL}, not {hello.protocol}; attach with its own version of catui"
        role = admit(hello)
        if role not in ("control", "watch"):
            return role
        if len(self.publisher.peers) >= MOST:
            return f"{MOST} consoles are attached; leave one first"
        return Peer(self._free_name(hello.name), "control" if role == "control" else "watch")

    async def _live(self, peer: Peer, channel: Channel) -> None:
        """A console inside: its words go out by one task, and come in by this one."""
        self.publisher.peers.append(peer)
        self._welcome(peer)
        pumping = asyncio.create_task(peer.pump(channel.send))
        relay = self._relay(peer)
        said_so = False
        try:
            said_so = await self._listen(peer, channel, relay)
        except WireError as error:
            peer.tell(Denied("", str(error)))
            await peer.taken(LAST_S)
        finally:
            self.publisher.peers.remove(peer)
            self._ownership.went(peer, said_so, self.publisher.peers)
            pumping.cancel()
            await relay.end()

    def _relay(self, peer: Peer) -> Relay:
        """The past of this run, for a console that cannot read it where it is written."""
        directory = self._session.engine.journal.directory
        return Relay(SeekerChild(directory, cache_directory() / "past", nice=NICE), peer.hand)

    async def _listen(self, peer: Peer, channel: Channel, relay: Relay) -> bool:
        """Hear a console out; whether it said goodbye."""
        claims = 0
        while (payload := await channel.receive()) is not None:
            message = decode_to_engine(payload)
            match message:
                case Leave(stop=False):
                    return True
                case BeginPast() | AskPast() | EndPast():
                    relay.want(message, may_keep=peer.role == "control")
                case Claim(token=token):
                    claims += 1
                    self._claim(peer, token if claims <= CLAIMS else None)
                case _:
                    self._do(peer, message)
            await asyncio.sleep(PACE_S)
        return False

    def _do(self, peer: Peer, message: ToEngine) -> None:
        match message:
            case Look(view=view):
                peer.look = view
            case Ask() | Preview() | Leave() if peer.role != "control":
                id = "" if isinstance(message, Leave) else message.id
                peer.tell(Denied(id, "this console may only watch"))
            case Ask(id=id) | Preview(id=id) if self._session.is_replay:
                peer.tell(Denied(id, "a replay takes no commands"))
            case Ask(id=id, action=action, reason=reason, seen_seq=seen, expected=expected):
                peer.is_owed = True
                self._session.command(action, peer.name, reason, seen, id, expected)
            case Preview():
                self.publisher.preview(peer, message)
            case Leave():
                is_owner = peer is self._ownership.owner
                self._session.stop("console left" if is_owner else f"stopped by {peer.name}")
            case _:
                peer.tell(Denied("", "said once already"))

    def _claim(self, peer: Peer, token: str | None) -> None:
        """Control by token; None is one too many."""
        if token is None:
            peer.tell(Denied("", f"{CLAIMS} wrong tokens: this console may only watch"))
        elif self.tokens is None or self.tokens.role_of(token) != "control":
            peer.tell(Denied("", "not the control token of this run"))
        else:
            peer.role = "control"
            self._welcome(peer)

    def _welcome(self, peer: Peer) -> None:
        run, directory = self._session, str(self._session.engine.journal.directory.absolute())
        peer.tell(Welcome(peer.name, peer.role, run.name, directory, run.source, os.getpid()))
        self._ownership.came(peer)

    def _free_name(self, wanted: str) -> str:
        """A name that nobody here has: letters, digits and `._@-`, with a number behind it if it is taken."""
        name = re.sub(r"[^A-Za-z0-9._@-]", "", wanted)[:24]
        name = f"{name or 'console'}" if name not in RESERVED else "console"
        taken = {peer.name for peer in self.publisher.peers}
        free = (f"{name}-{number}" if number > 1 else name for number in range(1, len(taken) + 2))
        return next(each for each in free if each not in taken)
