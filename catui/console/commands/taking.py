"""What is taken from the screen: a row to the clipboard, a table or a picture to a file, a layout to the next start.

A clipboard over a terminal can fail in silence, so a copied row goes to a file too, and the answer names it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from catui.console.look.layouts import write
from catui.console.words.sheets import csv_text, row_text, stamp
from catui.errors import ConfigError

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

COPIED = "copied.txt"


class Taking:
    """Files go to `exports`, layouts to the file `layouts`."""

    def __init__(self, app: "CatuiApp", exports: Path, layouts: Path) -> None:
        self._app = app
        self._exports = exports
        self._layouts = layouts

    def doings(self) -> dict[str, Callable[[], None]]:
        """What its keys do, by the action's id."""
        return {
            "copy": self._copy,
            "export": self._export,
            "picture": self._picture,
            "layout": self._next_layout,
            "save_layout": self._save_layout,
        }

    def _copy(self) -> None:
        sheet, row = self._app.desk.sheet()
        if sheet is None or row is None:
            self._app.say("no row here to copy")
            return
        text = row_text(sheet, row)
        self._app.copy_to_clipboard(text)
        self._app.say(self._written(COPIED, f"{text}\n", "copied to the clipboard and to"))

    def _export(self) -> None:
        sheet, _ = self._app.desk.sheet()
        if sheet is None:
            self._app.say("no table here to write")
            return
        name = self._free(f"{self._app.desk.focused_pane}-{self._moment()}", ".csv")
        self._app.say(self._written(name, csv_text(sheet), f"{len(sheet.rows)} rows written to"))

    def _picture(self) -> None:
        name = self._free(f"screen-{self._moment()}", ".svg")
        svg = self._app.export_screenshot(title="catui")
        self._app.say(self._written(name, svg, "picture written to"))

    def _next_layout(self) -> None:
        self._app.say(f"layout {self._app.desk.next_layout()}")

    def _save_layout(self) -> None:
        name, tree = self._app.desk.kept_layout()
        try:
            write(self._layouts, name, tree)
        except (OSError, ConfigError) as error:
            self._app.say(f"layout {name} was not saved: {error}", is_warning=True)
        else:
            self._app.say(f"layout {name} saved to {self._layouts}; the console starts with it")

    def _moment(self) -> str:
        return stamp(self._app.desk.context().snapshot.now_ns)

    def _free(self, stem: str, ending: str) -> str:
        """A name that no file has yet: two of a second do not overwrite each other."""
        names = (f"{stem}{f'-{n}' if n > 1 else ''}{ending}" for n in range(1, 1000))
        return next((name for name in names if not (self._exports / name).exists()), f"{stem}{ending}")

    def _written(self, name: str, text: str, words: str) -> str:
        """Write a file for this user alone; one line: where it is, or why it is not."""
        file = self._exports / name
        try:
            self._exports.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.touch(mode=0o600)
            file.write_text(text, "utf-8")
        except OSError as error:
            return f"{name} was not written: {error}"
        return f"{words} {file}"
