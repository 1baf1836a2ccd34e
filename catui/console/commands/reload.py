"""The configuration read again: the file's faults, what differs, and the command that takes over what can be."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from catui.config import Config
from catui.console.screens.reload import ReloadScreen
from catui.console.screens.talk import Talk
from catui.domain.differences import differences
from catui.domain.events import ReloadConfig
from catui.domain.settings import Settings
from catui.errors import ConfigError, UsageError
from catui.preview import ChangeView
from catui.snapshot import Snapshot

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

OF_DESK = (*Settings.__struct_fields__, "desk")
RESTART = "restart to take it over"


class ConfigFile(NamedTuple):
    """What this console was started with, and how to read it again."""

    started: Config
    read: Callable[[], Config]


class Reload:
    """What the app does about its configuration; without a file (None) nothing."""

    def __init__(self, app: "CatuiApp", file: ConfigFile | None) -> None:
        self._app = app
        self._file = file

    def open(self, snapshot: Snapshot) -> str:
        """Show what differs, and ask; one line where there is nothing to show."""
        if self._file is None:
            return "this console was started without a configuration"
        try:
            config = self._file.read()
        except ConfigError as error:
            for fault in error.faults:
                self._app.hear("warning", "console", fault)
            more = f" (and {len(error.faults) - 1} more, see the log)" if len(error.faults) > 1 else ""
            return f"nothing was taken over: {error.faults[0]}{more}"
        except UsageError as error:
            return f"nothing was taken over: {error}"
        wish = ReloadConfig(config.hash, config.of_desk)
        screen = ReloadScreen(wish, others(self._file.started, config))
        asking = self._asked(screen, wish, snapshot, Talk(self._app))
        self._app.run_worker(asking, name="reload", group="commands", exit_on_error=False)
        return ""

    async def _asked(self, screen: ReloadScreen, wish: ReloadConfig, snapshot: Snapshot, talk: Talk) -> None:
        with talk:
            is_yes = await talk.ask(screen)
        told = "" if screen.answer is None else screen.answer.text
        if is_yes:
            await self._app.commands.send(wish, "", snapshot, told)
        elif is_yes is None and told:
            self._app.say(told)
        else:
            self._app.say("nothing sent")


def others(started: Config, now: Config) -> tuple[ChangeView, ...]:
    """What differs outside of the desk's own settings: the engine's, the console's, the venues'."""
    found = [each for each in differences(started, now) if each.path[0] not in OF_DESK or each.path[1:] == ("symbols",)]
    return tuple(ChangeView(".".join(each.path), each.before, each.after, RESTART) for each in found)
