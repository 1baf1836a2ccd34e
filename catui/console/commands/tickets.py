"""The operator's orders in the console: the ticket, what the desk says of it while it is typed, and its sending."""

from typing import TYPE_CHECKING

from catui.console.keys.actions import Action, Context
from catui.console.render.number import instruments
from catui.console.screens.confirm import ConfirmScreen
from catui.console.screens.desk import DeskScreen
from catui.console.screens.dialog import Question
from catui.console.screens.override import OverrideScreen
from catui.console.screens.reload import ReloadScreen
from catui.console.screens.talk import Talk
from catui.console.screens.ticket import Decided, TicketScreen, Wish
from catui.console.screens.typed import TypedScreen
from catui.console.words.spoken import spoken, typed_words
from catui.console.words.terms import plain_number
from catui.domain.events import Flatten, OverrideLimit, ReloadConfig
from catui.domain.orders import TICKETS, Side
from catui.snapshot import OrderView, Snapshot

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

REASON = 3
SIDES = {"ticket": Side.BUY, "buy": Side.BUY, "sell": Side.SELL}


class Tickets:
    """One ticket at a time: it stays open until the desk has accepted what it sent."""

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._ticket: TicketScreen | None = None
        self._asked = 0
        self._wish: Wish | None = None
        self._is_placing = False

    def open(self, action: Action, context: Context) -> str:
        """Open the ticket of an action; one line, where there is none to open."""
        snapshot, known = context.snapshot, instruments(context.snapshot)
        order: OrderView | None = None
        if action.id == "amend":
            order = next((each for each in snapshot.orders if each.id == context.row), None)
            if order is None or order.purpose not in TICKETS or order.instrument not in known:
                return "only an order from a ticket can be amended; x cancels this one"
        key = order.instrument if order else snapshot.shown
        if action.id == "ticket" and context.pane == "positions" and context.row in known:
            key = context.row or key
        if key not in known:
            return "no instrument to trade yet"
        side = Side(order.side) if order else SIDES[action.id]
        ticks = order.price_ticks if order else context.price_ticks if context.pane == "book" else None
        step = known[key].tick_step
        text = ("bid" if side is Side.BUY else "ask") if ticks is None else ""
        text = text or plain_number((ticks or 0) * step, known[key].price_decimals)
        self._ticket = TicketScreen(snapshot, key, side, text, self._ask, self._place, order)
        self._app.open(self._ticket)
        return ""

    def frame(self) -> None:
        """Hand the desk's newest answer to whoever asked: a ticket, an override, an armed chord, a configuration."""
        ticket, told = self._ticket, self._app.source.previewed()
        top = self._app.screen
        if isinstance(top, OverrideScreen | DeskScreen | ReloadScreen):
            wish = top.wish()
            id = "" if wish is None else _id_of(wish)
            top.judged(told[1] if wish is not None and told is not None and told[0] == id else None)
            if wish is not None:
                self._app.source.preview(id, wish)
        if ticket is not None and ticket.is_attached and told is not None and told[0] == f"ticket-{self._asked}":
            ticket.judged(told[1])

    def _ask(self, wish: Wish) -> None:
        """The same wish is asked under the same id: its answer is only renewed."""
        if wish != self._wish:
            self._asked, self._wish = self._asked + 1, wish
        self._app.source.preview(f"ticket-{self._asked}", wish)

    def _place(self, ticket: TicketScreen, decided: Decided) -> None:
        snapshot = self._app.source.latest()
        if snapshot is not None and not self._is_placing:
            self._is_placing = True
            placing = self._placed(ticket, decided, snapshot, Talk(self._app))
            self._app.run_worker(placing, name="ticket", group="commands", exit_on_error=False)

    async def _placed(self, ticket: TicketScreen, decided: Decided, snapshot: Snapshot, talk: Talk) -> None:
        """Ask where it raises risk, then send; the ticket waits for the answer."""
        try:
            with talk:
                reason = await self._confirmed(ticket, decided, snapshot, talk)
            if reason is not None:
                expected = decided.expected
                ticket.sent_id = await self._app.commands.send(decided.command, reason, snapshot, expected=expected)
        finally:
            self._is_placing = False

    async def _confirmed(self, ticket: TicketScreen, decided: Decided, snapshot: Snapshot, talk: Talk) -> str | None:
        """The reason, empty where none is asked for; None: it shall not be sent."""
        command = decided.command
        leaves = decided.expected

        def lines(now: Snapshot) -> tuple[str, ...]:
            return (f"{spoken(command, now)}", *ticket.verdict())

        def stands(now: Snapshot) -> bool:
            order = next((each for each in now.orders if ticket.order and each.id == ticket.order.id), None)
            return ticket.stands(now) and (order is None or order.leaves_lots == leaves)

        if not ticket.is_raising(command):
            return ""
        question = Question(ticket.TITLE_TEXT, lines, stands)
        if snapshot.badge == "LIVE" and ticket.order is None:
            return await talk.ask(TypedScreen(question, typed_words(command, snapshot), REASON, snapshot))
        return "" if await talk.ask(ConfirmScreen(question, snapshot)) else None


def _id_of(wish: OverrideLimit | Flatten | ReloadConfig) -> str:
    """Under which id it is asked: the same one for the same wish."""
    if isinstance(wish, ReloadConfig):
        return f"reload-{wish.hash}"[:96]
    if isinstance(wish, Flatten):
        return f"flatten-{wish.instrument}"[:96]
    return f"override-{wish.check}-{wish.extra}-{wish.ttl_s}-{wish.budget}"[:96]
