"""`catui kill`: stop another process's desk."""

from typing import Annotated

import typer

from catui.cli.attach import Run
from catui.cli.options import ConfigFile, Json


def kill(
    run: Run = None,
    every: Annotated[bool, typer.Option("--all", help="Every engine of yours that runs.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="End the run as well.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="For the record.")] = "catui kill",
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Halt a desk and cancel its orders, even when its screen is dead; exit code 1 unless that has been verified.

    Example: catui kill --stop
    """
    import msgspec

    from catui.config import load
    from catui.errors import UsageError
    from catui.places import runs_directory
    from catui.runtime.engines import engines, listed
    from catui.runtime.killing import kill_all, kill_run

    if every and run is not None:
        raise UsageError("--all and a run: give one of them")
    if every and not engines():
        raise UsageError(listed(()))
    runs = runs_directory(load(config).engine.runs_directory)
    done = kill_all(reason, stop) if every else [kill_run(run, runs, reason, stop)]
    for each in done:
        typer.echo(msgspec.json.encode(each).decode() if json else each.words)
    verified = sum(each.is_done for each in done)
    if json:
        typer.echo(msgspec.json.encode({"summary": True, "engines": len(done), "verified": verified}).decode())
    if verified < len(done):
        raise typer.Exit(1)
