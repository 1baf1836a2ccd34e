"""`catui attach`: the screen of an engine that runs already."""

from pathlib import Path
from typing import Annotated

import typer

from catui.cli.options import ConfigFile, Json, Set

Run = Annotated[
    str | None,
    typer.Argument(metavar="RUN", help="The run's name, directory or socket; without it the only engine that runs."),
]


def attach(
    run: Run = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Look only: no command is possible.")] = False,
    config: ConfigFile = None,
    set_: Set = None,
    json: Json = False,
) -> None:
    """Show the desk of another process and steer it; q leaves it running. With --json: say which engines run.

    Example: catui attach --read-only
    """
    import msgspec

    from catui.config import load
    from catui.runtime.engines import engines, the_engine

    if json:
        running = engines()
        for card in running:
            typer.echo(msgspec.json.encode(card).decode())
        typer.echo(msgspec.json.encode({"summary": True, "engines": len(running)}).decode())
        return
    from catui.console.start import past_in, show
    from catui.runtime.attach import AttachHost, local

    settings = load(config, tuple(set_ or ()))
    engine = the_engine(run)
    host = AttachHost(local(engine), "watch" if read_only else "control")
    raise typer.Exit(show(host, settings, past_in(Path(engine.directory).parent)))
