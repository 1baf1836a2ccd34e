"""`catui config`: check it, show it, describe it."""

import typer

from catui.cli.options import ConfigFile, Json, Set

app = typer.Typer(help="Check, show and describe the configuration.", no_args_is_help=True)


@app.command()
def check(config: ConfigFile = None, set_: Set = None, json: Json = False) -> None:
    """Say everything that is wrong with the configuration, or that nothing is.

    Example: catui config check --config config.toml
    """
    from catui.config import load
    from catui.console.checked import faults
    from catui.errors import ConfigError
    from catui.places import config_file

    file = config or config_file()
    try:
        settings = load(config, tuple(set_ or ()))
        if said := faults(settings):
            raise ConfigError(said)
    except ConfigError as error:
        if json:
            _summarise({"file": str(file or ""), "ok": False, "faults": error.faults})
            raise typer.Exit(error.exit_code) from None
        raise
    if json:
        _summarise({"file": str(file or ""), "ok": True, "faults": (), "hash": settings.hash})
        return
    typer.echo(f"{file or 'defaults'}: ok")


@app.command()
def show(config: ConfigFile = None, set_: Set = None, json: Json = False) -> None:
    """Show the settings in force, as TOML that can be read back.

    Example: catui config show > config.toml
    """
    from catui.config import load
    from catui.config import show as toml

    settings = load(config, tuple(set_ or ()))
    if json:
        _summarise({"hash": settings.hash, "settings": settings})
        return
    typer.echo(toml(settings))


@app.command()
def schema(json: Json = False) -> None:
    """Describe every setting as JSON Schema: type, bounds, default, what it is for.

    Example: catui config schema
    """
    import msgspec

    from catui.config import schema as described

    if json:
        _summarise({"schema": described()})
        return
    typer.echo(msgspec.json.format(msgspec.json.encode(described())).decode())


def _summarise(facts: dict[str, object]) -> None:
    """The one line that `--json` gives."""
    import msgspec

    typer.echo(msgspec.json.encode({"summary": True, **facts}).decode())
