"""`catui console`: the screen."""

from pathlib import Path
from typing import Annotated

import typer

from catui.cli.options import ConfigFile, Runs, Set, Source, speed_of


def console(
    source: Source = "simulated",
    run: Annotated[Path | None, typer.Option(metavar="DIR", help="Show a run, the same as --source run:DIR.")] = None,
    speed: Annotated[str | None, typer.Option(metavar="SPEED", help="max, or times real time.")] = None,
    config: ConfigFile = None,
    set_: Set = None,
    runs: Runs = None,
) -> None:
    """Open the console; q leaves, ? helps. Paper money, on the embedded exchange unless you say otherwise.

    Example: catui console --source simulated:7
    """
    from catui.config import load
    from catui.console.start import start_console
    from catui.runtime.desk import Start

    settings = load(config, tuple(set_ or ()))
    source = f"run:{run}" if run is not None else source
    pace = 1.0 if speed is None else speed_of(speed, source)
    raise typer.Exit(start_console(Start(source, settings, pace, runs)))
