"""What is picked from a list: an instrument, or any action by its name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from catui.console.keys.actions import ACTIONS, BY_ID
from catui.console.screens.help import HelpScreen
from catui.console.screens.pick import PickScreen

if TYPE_CHECKING:
    from catui.console.app import CatuiApp


class Picking:
    """The lists of the console's own, and the page of its keys."""

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app

    def doings(self) -> dict[str, Callable[[], None]]:
        """By the action's id."""
        return {"instrument": self._instrument, "palette": self._action, "help": self._help}

    def _instrument(self) -> None:
        snapshot = self._app.past.snapshot() or self._app.source.latest()
        choices = [(each.key, f"{each.symbol}  {each.venue}") for each in (snapshot.instruments if snapshot else ())]
        self._app.open(PickScreen("Instrument", choices), self._picked_instrument)

    def _picked_instrument(self, key: str | None) -> None:
        if key is not None:
            self._app.desk.choose_instrument(key)

    def _action(self) -> None:
        here, is_past = self._app.desk.context().pane, self._app.past.is_on
        choices = [
            (action.id, f"{self._app.keys.label(action):<9} {action.text}")
            for action in ACTIONS
            if action.keys
            and action.id not in ("pane", "palette")
            and (not action.scope or here in action.scope)
            and (is_past or not action.is_of_past)
        ]
        self._app.open(PickScreen("Actions", choices), self._picked_action)

    def _picked_action(self, id: str | None) -> None:
        if id is not None:
            self._app.desk.act(BY_ID[id])
            self._app.on_desk_screen_changed()

    def _help(self) -> None:
        self._app.open(HelpScreen(self._app.keys, self._app.desk.context().pane))
