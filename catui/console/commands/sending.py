"""From a key to a command and its answer: what may be sent from here, what is asked first, and what became of it."""

import asyncio
from typing import TYPE_CHECKING

from catui.console.commands.asking import Meant, ask, nothing_for
from catui.console.keys.actions import BY_ID, Action, Context, build
from catui.console.screens.talk import Talk
from catui.console.words.outbox import Outbox
from catui.console.words.spoken import limit_of, spoken
from catui.domain import events
from catui.snapshot import Snapshot

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

LOOK_S, LOOKS = 1 / 100, 100  # for the answer to a command: soon, and for a second


class Commands:
    """The one way to the engine. `has_clock` False: nothing is drawn by itself, for tests and pictures."""

    def __init__(self, app: "CatuiApp", outbox: Outbox, *, has_clock: bool) -> None:
        self._app = app
        self._outbox = outbox
        self._has_clock = has_clock

    def order(self, action: Action, context: Context) -> None:
        """Send what an action means here; dialogs come first where it raises risk."""
        app = self._app
        if refusal := app.past.refusal(action) or app.bond.refusal():
            self._asks_nothing(action)
            app.say(refusal, is_warning=not app.source.may_command())
            return
        if action.id == "kill" and app.bond.leave_kill_order():
            return
        if action.form in ("ticket", "reload"):
            opened = app.reload.open(context.snapshot) if action.form == "reload" else app.tickets.open(action, context)
            if opened:
                self._asks_nothing(action)
                app.say(opened)
            return
        while action.otherwise and build(action, context) is None:
            action = BY_ID[action.otherwise]
        if action.form or action.danger_in(context.snapshot) > 1:
            work = self._asked(action, context, Talk(app))
        elif (command := build(action, context)) is not None:
            work = self._meant(action, context, Meant(command))
        else:
            app.say(nothing_for(action, context))
            return
        app.run_worker(work, name=action.id, group="commands", exit_on_error=False)

    def note(self, text: str) -> None:
        """A bookmark in the journal of the live desk."""
        app = self._app
        if refusal := app.bond.refusal():
            app.say(refusal, is_warning=True)
            return
        noted = self.send(events.Note(text), "", app.desk.context().snapshot)
        app.run_worker(noted, name="note", group="commands", exit_on_error=False)

    async def send(
        self, command: events.Action, reason: str, seen: Snapshot, after: str = "", expected: int | None = None
    ) -> str:
        """Send a command and watch for its answer; its id, empty where it could not be sent."""
        app, words = self._app, spoken(command, seen)
        try:
            id = await app.source.send(command, reason, app.desk.seen_seq, expected)
        except Exception as error:  # whatever the way to the engine is made of, the person must hear of it
            app.say(f"NOT SENT: {words}: {type(error).__name__}: {error}", is_warning=True)
            return ""
        self._outbox.sent(id, words, after, app.now_s())
        if isinstance(command, events.Kill):
            app.kills.sent(id)
        app.frame()
        if self._has_clock:
            app.run_worker(self._answered(id), name="answer", group="answers", exit_on_error=False)
        return id

    def _asks_nothing(self, action: Action) -> None:
        """Whoever typed on behind a key that asks, in one piece, did not mean the desk."""
        if action.form or action.danger > 1:
            self._app.call_later(Talk(self._app).end)

    async def _asked(self, action: Action, context: Context, talk: Talk) -> None:
        with talk:
            meant = await ask(talk, action, context)
        if isinstance(meant, str):
            self._app.say(meant)
        else:
            await self._meant(action, context, meant)

    async def _meant(self, action: Action, context: Context, meant: Meant) -> None:
        inverse = BY_ID.get(action.inverse)
        after = f"{self._app.keys.label(inverse)}: {inverse.text}" if inverse else ""
        await self.send(meant.command, meant.reason, context.snapshot, after, _expected(meant.command, context))

    async def _answered(self, id: str) -> None:
        """An answer comes out of turn; so is it drawn, and not at the clock's next tick."""
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_S)
            latest = self._app.source.latest()
            if latest is not None and any(each.id == id for each in latest.results):
                self._app.frame()
                return


def _expected(command: events.Action, context: Context) -> int | None:
    """The number that a command was decided on: of an override, the limit in force."""
    if not isinstance(command, events.OverrideLimit):
        return None
    limit = limit_of(context.snapshot, command.check, command.scope)
    return None if limit is None else limit.limit
