"""Why in the console: what is pointed at, the question to the seeker, and where a node of the answer leads."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from catui.console.keys.actions import Context
from catui.console.modes.past import NOWHERE, PastMode
from catui.console.modes.travel import Travel
from catui.console.modes.wiring import WiringMode
from catui.console.panes.orders import FILLS, REFUSED
from catui.console.screens.why import Chosen, WhyScreen
from catui.runtime.past.messages import Explain
from catui.why import Subject

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

NOTHING = "point at an order, a fill, a refusal, an alert, a position or a strategy"


class WhyMode:
    """What the app does about causes."""

    def __init__(self, app: "CatuiApp", past: PastMode, wiring: WiringMode) -> None:
        self._app = app
        self._past = past
        self._wiring = wiring
        self._id = 0
        self._asked: tuple[Travel, WhyScreen] | None = None

    def doings(self) -> dict[str, Callable[[], None]]:
        """What its keys do, by the action's id."""
        return {"why": self._ask}

    def frame(self) -> None:
        """Hear the answer."""
        if self._asked is None:
            return
        travel, screen = self._asked
        told = travel.past.answers.explained
        if told is not None and told.id == self._id:
            self._asked = None
            if told.root is not None:
                screen.tell_root(told.root)
            else:
                screen.tell(told.fault)
        elif travel.past.died:
            self._asked = None
            screen.tell(self._past.fault(travel))

    def _ask(self) -> None:
        context = self._app.desk.context()
        subject, travel = subject_of(context), self._past.way()
        if subject is None or travel is None:
            self._app.say(NOTHING if subject is None else NOWHERE)
            return
        screen = WhyScreen(self._app.keys, self._app.palette, context.snapshot.seq)
        self._app.open(screen, self._chosen)
        asking = self._question(travel, screen, subject, context.snapshot.seq)
        self._app.run_worker(asking, name="why", group="past", exit_on_error=False)

    async def _question(self, travel: Travel, screen: WhyScreen, subject: Subject, seq: int) -> None:
        await self._past.ready(travel)
        self._id += 1
        self._asked = travel, screen
        travel.past.ask(Explain(self._id, subject, seq))
        self._app.frame()

    def _chosen(self, chosen: Chosen | None) -> None:
        self._asked = None
        if chosen is not None and chosen.what == "wiring":
            self._wiring.show(chosen.node.place)
        elif chosen is not None:
            self._past.visit(chosen.node.seq)


def subject_of(context: Context) -> Subject | None:
    """What the cursor points at; None where that comes from nothing of ours."""
    snapshot, row = context.snapshot, context.row
    match context.pane:
        case "book":
            here = (
                o for o in snapshot.orders if o.instrument == snapshot.shown and o.price_ticks == context.price_ticks
            )
            order = next(here, None)
            return Subject("order", order.id) if order is not None else None
        case "trades":
            return _own_trade(context)
        case "strategies":
            return Subject("target", snapshot.shown) if row is not None else None
        case "orders" if row is not None:
            return Subject("fill" if context.tab == FILLS else "refusal" if context.tab == REFUSED else "order", row)
        case "alerts" if row is not None:
            return Subject("alert", row)
        case "positions" if row is not None:
            return Subject("position", row)
        case _:
            return None


def _own_trade(context: Context) -> Subject | None:
    """A fill of ours on the tape, among the last fills."""
    for fill in context.snapshot.fills:
        row = f"{fill.ts_ns} {fill.price_ticks} {fill.lots} {fill.side}"
        if fill.instrument == context.snapshot.shown and row == context.row:
            return Subject("fill", f"{fill.order_id} {fill.ts_ns} {fill.price_ticks} {fill.lots}")
    return None
