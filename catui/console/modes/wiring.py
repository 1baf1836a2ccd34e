"""The wiring in the console: the plan and the states come from the seeker, the readings from the snapshot shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from catui.console.modes.past import NOWHERE, PastMode
from catui.console.modes.travel import Travel
from catui.console.screens.fields import FieldsScreen
from catui.console.screens.wiring import WiringScreen
from catui.core.plan import EVERY_KEY
from catui.runtime.past.messages import Follow, Inspect, Inspected
from catui.snapshot import Snapshot

if TYPE_CHECKING:
    from catui.console.app import CatuiApp


FOLLOW_S = 1.0


class WiringMode:
    """What the app does about the wiring."""

    def __init__(self, app: "CatuiApp", past: PastMode) -> None:
        self._app = app
        self._past = past
        self._id = 0
        self._travel: Travel | None = None
        self._screen: WiringScreen | None = None
        self._fields: FieldsScreen | None = None
        self._path = ""  # what was asked about; empty: the plan
        self._is_waiting = False
        self._flow_id = 0  # of the last question about the wires, and when it was asked
        self._flow_s = float("-inf")

    def doings(self) -> dict[str, Callable[[], None]]:
        """What its keys do, by the action's id."""
        return {"wiring": lambda: self.show("")}

    def show(self, place: str) -> None:
        """Open the wiring, the cursor at a place as `places` names it."""
        travel, snapshot = self._past.way(), self._now()
        if travel is None or snapshot is None:
            self._app.say(NOWHERE)
            return
        for each in snapshot.instruments:
            place = place.replace(f"/{each.key}/", f"/{EVERY_KEY}/")
        self._travel, self._flow_s = travel, float("-inf")
        self._screen = WiringScreen(
            self._app.keys, snapshot, self._app.palette, place, self._inspect, self._app.commands.order
        )
        self._app.open(self._screen, self._left)
        self._ask("")

    def frame(self) -> None:
        """Hear what was asked for; show the newest readings."""
        if self._travel is None or self._screen is None:
            return
        found = self._travel.past.answers.inspected
        if self._is_waiting and found is not None and found.id == self._id:
            self._is_waiting = False
            self._take(found)
        elif self._is_waiting and self._travel.past.died:
            self._is_waiting = False
            self._tell(self._past.fault(self._travel))
        snapshot = self._now()
        if snapshot is not None and self._screen.is_mounted:
            self._screen.show(snapshot, self._app.palette)
            self._follow(self._travel, self._screen, snapshot)

    def _follow(self, travel: Travel, screen: WiringScreen, snapshot: Snapshot) -> None:
        """What flows over the wires: asked once a second, and only while they are looked at."""
        flowed = travel.past.answers.flowed
        if flowed is not None and flowed.id == self._flow_id:
            self._flow_id += 1
            screen.tell_flow(flowed)
        if self._app.now_s() - self._flow_s >= FOLLOW_S and travel.past.is_running:
            self._flow_s = self._app.now_s()
            travel.past.ask(Follow(self._flow_id, snapshot.seq, snapshot.shown))

    def _now(self) -> Snapshot | None:
        return self._past.snapshot() or self._app.source.latest()

    def _inspect(self, path: str) -> None:
        """Every value of a box, in a screen of its own."""
        snapshot = self._now()
        if snapshot is not None:
            self._fields = FieldsScreen(self._app.keys, self._app.palette, snapshot.seq)
            self._app.open(self._fields)
            self._ask(path)

    def _ask(self, path: str) -> None:
        snapshot, travel = self._now(), self._travel
        if snapshot is not None and travel is not None:
            self._path = path
            asking = self._question(travel, path, snapshot.seq)
            self._app.run_worker(asking, name="wiring", group="past", exit_on_error=False)

    async def _question(self, travel: Travel, path: str, seq: int) -> None:
        await self._past.ready(travel)
        self._id += 1
        self._is_waiting = True
        travel.past.ask(Inspect(self._id, path, seq))
        self._app.frame()

    def _take(self, found: Inspected) -> None:
        if found.fault or found.plan is None:
            self._tell(found.fault or "no named place")
        elif self._path and self._fields is not None:
            self._fields.show_values(self._path, found)
        elif self._screen is not None:
            self._screen.tell_plan(found.plan)

    def _tell(self, fault: str) -> None:
        screen = self._fields if self._path else self._screen
        if screen is not None:
            screen.tell(fault)

    def _left(self, _: bool | None) -> None:
        self._screen = self._fields = None
        self._is_waiting = False
