"""`catui locate`: where things are."""

import typer

from catui.cli.options import ConfigFile, Json


def locate(config: ConfigFile = None, json: Json = False) -> None:
    """Show where configuration, runs, exported files, logs, running engines and defaults are.

    Example: catui locate --json
    """
    import msgspec

    from catui.config import load
    from catui.places import (
        cache_directory,
        config_directory,
        config_file,
        defaults_directory,
        exports_directory,
        layouts_file,
        log_directory,
        runs_directory,
        runtime_directory,
    )

    found = {
        "config": str(config or config_file() or config_directory() / "config.toml"),
        "config_exists": (config or config_file()) is not None,
        "themes": str(config_directory() / "themes"),
        "runs": str(runs_directory(load(config).engine.runs_directory)),
        "layouts": str(layouts_file()),
        "exports": str(exports_directory()),
        "logs": str(log_directory()),
        "cache": str(cache_directory()),
        "engines": str(runtime_directory()),
        "defaults": str(defaults_directory()),
    }
    if json:
        typer.echo(msgspec.json.encode({"summary": True, **found}).decode())
        return
    for name, place in found.items():
        if name != "config_exists":
            note = "  (not there: defaults)" if name == "config" and not found["config_exists"] else ""
            typer.echo(f"{name:<10}{place}{note}")
