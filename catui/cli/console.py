"""`catui console`: the screen."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catui.cli.options import ConfigFile, Runs, Set, Source, speed_of
from catui.errors import UsageError
from catui.text import printable

if TYPE_CHECKING:
    from catui.console.words.when import When


def console(
    source: Source = "simulated",
    run: Annotated[Path | None, typer.Option(metavar="DIR", help="Look at a recorded run, without an engine.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="With --run, where to begin: 14:03:07, #1180233, -5m or start.")
    ] = None,
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
    from catui.runtime.startorder import Start

    sets = tuple(set_ or ())
    settings = load(config, sets)
    if run is not None:
        from catui.console.show import show_run

        raise typer.Exit(show_run(run, settings, None if at is None else moment(at)))
    if at is not None:
        raise UsageError(f"--at {printable(at)}: is for a recorded run; add --run DIR")
    pace = 1.0 if speed is None else speed_of(speed, source)
    raise typer.Exit(start_console(Start(source, settings, pace, runs), lambda: load(config, sets)))


def moment(text: str) -> "When":
    """The moment that `--at` means. UsageError: none."""
    from catui.console.words.when import read

    try:
        return read(text)
    except ValueError as error:
        raise UsageError(f"--at {printable(text)}: {error}") from None
