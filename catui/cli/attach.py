"""`catui attach`: the screen of an engine that runs already."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from catui.cli.options import ConfigFile, Json, Set, WithoutTls

Run = Annotated[
    str | None,
    typer.Argument(metavar="RUN", help="The run's name, directory or socket; without it the only engine that runs."),
]
Place = Annotated[
    str | None,
    typer.Argument(metavar="RUN", help="As --json says them, or ws://HOST:PORT; without it the only engine that runs."),
]


def attach(
    run: Place = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Look only: no command is possible.")] = False,
    token_file: Annotated[Path | None, typer.Option(metavar="FILE", help="The token that an address asks for.")] = None,
    without_tls: WithoutTls = False,
    in_browser: Annotated[bool, typer.Option("--in-browser", help="As a tab of catui serve.", hidden=True)] = False,
    config: ConfigFile = None,
    set_: Set = None,
    json: Json = False,
) -> None:
    """Show the desk of another process and steer it; q leaves it running. With --json: say which engines run.

    Example: catui attach --read-only
    """
    import msgspec

    from catui.config import load
    from catui.errors import UsageError
    from catui.runtime.engines import engines, the_engine

    if json:
        running = engines()
        for card in running:
            typer.echo(msgspec.json.encode(card).decode())
        typer.echo(msgspec.json.encode({"summary": True, "engines": len(running)}).decode())
        return
    from catui.console.show import past_in, past_over, show
    from catui.runtime.attach import AttachHost, local
    from catui.runtime.tokens import read_token
    from catui.runtime.websocket import remote

    sets = tuple(set_ or ())
    settings = load(config, sets)
    role: Literal["watch", "control"] = "watch" if read_only else "control"
    if run is not None and run.startswith(("ws://", "wss://")):
        if token_file is None:
            raise UsageError(f"{run}: asks for a token; give its file by --token-file, the engine says where it is")
        read_token(token_file)
        host = AttachHost(remote(run, without_tls), role, lambda: read_token(token_file), is_here=False)
        raise typer.Exit(show(host, settings, past_over(host), can_branch=False))
    engine = the_engine(run)
    past = past_in(Path(engine.directory).parent)
    host = AttachHost(local(engine), role)
    raise typer.Exit(show(host, settings, past, in_browser=in_browser, reread=lambda: load(config, sets)))
