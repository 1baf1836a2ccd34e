"""Starting the console: is there a terminal, and where does the engine run.

The engine's process is started before the screen's code is read: reading is most of both their starts.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from catui.console.terminal import must_draw
from catui.errors import CatuiError
from catui.places import runs_directory
from catui.runtime.launch import Child, launch
from catui.runtime.startorder import Start, order_of

if TYPE_CHECKING:
    from catui.config import Config
    from catui.runtime.host import Host


def start_console(start: Start, reread: Callable[[], "Config"]) -> int:
    """Open the console on a source; the exit code. `reread` reads the configuration again.

    UsageError: there is no terminal to draw on.
    """
    must_draw()
    child = launch(order_of(start)) if start.config.console.host == "process" else None
    try:
        return _shown(start, child, reread)
    except CatuiError:  # before there was a screen: nobody will look at what was started
        if child is not None:
            child.process.terminate()
        raise


def _shown(start: Start, child: Child | None, reread: Callable[[], "Config"]) -> int:
    from catui.console.show import past_in, show

    if start.source.startswith("binance"):
        from catui.runtime.source import WARNING

        sys.stderr.write(f"{WARNING}\n")
    runs = start.runs or runs_directory(start.config.engine.runs_directory)
    return show(host_of(start, child), start.config, past_in(runs), reread=reread)


def host_of(start: Start, child: Child | None = None) -> "Host":
    """Where the engine runs, as the configuration says; `child` is one that is under way already."""
    if start.config.console.host == "process":
        from catui.runtime.process import ProcessHost

        return ProcessHost(order_of(start), child)
    from catui.runtime.inprocess import TaskHost, ThreadHost

    return ThreadHost(start) if start.config.console.host == "thread" else TaskHost(start)
