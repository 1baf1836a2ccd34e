"""`catui run`: the desk without a screen."""

from pathlib import Path
from typing import Annotated

import typer

from catui.cli.options import ConfigFile, Json, Runs, Set, Source, WithoutTls, duration_s, speed_of


def run(
    source: Source = "simulated",
    duration: Annotated[str | None, typer.Option(metavar="TIME", help="End after so much event time: 8s, 5m.")] = None,
    speed: Annotated[str | None, typer.Option(metavar="SPEED", help="max, or times real time.")] = None,
    config: ConfigFile = None,
    set_: Set = None,
    runs: Runs = None,
    resume: Annotated[Path | None, typer.Option(metavar="DIR", help="Take up a run that was killed.")] = None,
    listen: Annotated[
        str | None, typer.Option(metavar="URL", help="Let consoles of other machines in by token: ws://127.0.0.1:9000.")
    ] = None,
    without_tls: WithoutTls = False,
    json: Json = False,
) -> None:
    """Run the desk headless: the same pipeline, the same journal, the same bytes out.

    Example: catui run --source simulated:7 --duration 60s --json
    """
    from catui.config import load
    from catui.runtime.headless import headless
    from catui.runtime.startorder import Start
    from catui.runtime.websocket import TUNNEL, address, bound

    settings = load(config, tuple(set_ or ()))
    start = Start(source, settings, speed_of(speed, source), runs)
    web = None if listen is None else bound(*address(listen, without_tls))
    if web is not None and without_tls:
        typer.echo(f"--listen {listen}: {TUNNEL}", err=True)
    raise typer.Exit(headless(start, duration_s(duration), resume, as_json=json, web=web))
