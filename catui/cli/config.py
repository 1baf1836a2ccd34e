"""`catui config`: check it, show it, describe it."""

import typer

from catui.cli.options import ConfigFile, Json, Set

app = typer.Typer(help="Check, show and describe the configuration.", no_args_is_help=True)


@app.command()
def check(config: ConfigFile = None, set_: Set = None, json: Json = False) -> None:
    """Say everything that is wrong with the configuration, or that nothing is.

    Example: catui config check --config config.toml
    """
    import msgspec

    from catui.config import load
    from catui.places import config_file

    settings = load(config, tuple(set_ or ()))
    file = config or config_file()
    if json:
        summary = {"summary": True, "file": None if file is None else str(file), "ok": True, "hash": settings.hash}
        typer.echo(msgspec.json.encode(summary).decode())
        return
    typer.echo(f"{file or 'defaults'}: ok")


@app.command()
def show(config: ConfigFile = None, set_: Set = None) -> None:
    """Show the settings in force, as TOML that can be read back.

    Example: catui config show > config.toml
    """
    from catui.config import load
    from catui.config import show as toml

    typer.echo(toml(load(config, tuple(set_ or ()))))


@app.command()
def schema() -> None:
    """Describe every setting as JSON Schema: type, bounds, default, what it is for.

    Example: catui config schema
    """
    import msgspec

    from catui.config import schema as described

    typer.echo(msgspec.json.format(msgspec.json.encode(described())).decode())
