"""One terminal for every picture: no animation, no colour or locale of whoever runs the tests."""

import os
from dataclasses import replace
from importlib import import_module

for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_PRESS"):
    os.environ.pop(name, None)
os.environ["TERM"], os.environ["COLORTERM"] = "xterm-256color", "truecolor"
os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read when the toolkit is imported, which is below

plugin = import_module("pytest_textual_snapshot")

WholeDiff = plugin.SvgSnapshotDiff


def without_environment(**facts: object) -> object:
    """A difference for the report, which would print every variable of the environment."""
    return replace(WholeDiff(**facts), environment={})


vars(plugin)["SvgSnapshotDiff"] = without_environment
