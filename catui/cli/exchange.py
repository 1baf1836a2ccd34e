"""`catui exchange`: the embedded exchange as a server of its own."""

from typing import Annotated

import typer

from catui.cli.options import ConfigFile, Json, Set


def exchange(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0: any that is free.")] = 8765,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the market's script.")] = None,
    speed: Annotated[float, typer.Option(min=0.01, max=1000, help="Market time over wall time.")] = 1.0,
    config: ConfigFile = None,
    set_: Set = None,
    json: Json = False,
    until_eof: Annotated[bool, typer.Option("--until-eof", help="End when standard input ends.", hidden=True)] = False,
) -> None:
    """Serve a market with paper accounts, in the shape of Binance Spot, on the loopback interface.

    Example: catui exchange --port 0 --seed 7 --json
    """
    from catui.config import load
    from catui.venues.simulated.command import serve_command

    settings = load(config, tuple(set_ or ()))
    seed = settings.simulated.seed if seed is None else seed
    serve_command(port, seed, settings.simulated.symbols, speed, as_json=json, until_eof=until_eof)
