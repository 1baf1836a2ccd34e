"""Starting the console: is there a terminal, where does the engine run, and with what does it end."""

import asyncio
import os
import sys

from catui.config import Config
from catui.console.app import CatuiApp, run_console
from catui.console.terminal import is_ascii_only, terminal_faults, theme_for
from catui.errors import UsageError
from catui.places import config_directory
from catui.runtime.desk import Start
from catui.runtime.host import Host, ProcessHost, TaskHost, ThreadHost
from catui.runtime.source import WARNING
from catui.runtime.startorder import StartOrder


def start_console(start: Start) -> int:
    """Open the console on a source; the exit code. UsageError: there is no terminal to draw on."""
    if start.source.startswith("binance"):
        sys.stderr.write(f"{WARNING}\n")
    return show(host_of(start), start.config)


def show(host: Host, config: Config) -> int:
    """The console of an engine, wherever that runs; the exit code. UsageError: there is no terminal to draw on."""
    encoding = sys.stderr.encoding or ""
    fault = terminal_faults(sys.stdin.isatty(), sys.stderr.isatty(), os.environ.get("TERM", ""), encoding)
    if fault is not None:
        raise UsageError(fault)
    settings = config.console
    own_themes = config_directory() / "themes"
    app = CatuiApp(
        host,
        theme=theme_for(settings.theme, os.environ),
        theme_paths=(own_themes,) if own_themes.is_dir() else (),
        keys=config.keys,
        is_ascii=is_ascii_only(os.environ, encoding),
    )
    return asyncio.run(run_console(app, mouse=settings.mouse))


def host_of(start: Start) -> Host:
    """Where the engine runs, as the configuration says."""
    match start.config.console.host:
        case "process":
            runs = "" if start.runs is None else str(start.runs)
            return ProcessHost(StartOrder(start.source, start.config, start.speed, runs))
        case "thread":
            return ThreadHost(start)
        case "task":
            return TaskHost(start)
