"""config.toml -> settings: every fault at once, each with its place, its value and the mend.

What a section may hold is said once, by the settings' types with their bounds; reading, `config schema` and the
defaults all come from there. A value is looked for in this order: `--set`, the file, the defaults. The file is
`--config F`, else `$CATUI_CONFIG`, else `config.toml` in the user's configuration directory, else none.

settings   the sections, with bounds and defaults
text       where each key stands in the file, what `--set` puts over it, and TOML again
checks     values against the sections' types
sense      what no type says: strategies, groups, own files
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from catui.config.checks import check
from catui.config.sense import check_sense, check_strategies, place_own_files
from catui.config.settings import DEFAULT_STRATEGIES, Config, ConsoleSettings, EngineSettings, LayoutSettings
from catui.config.text import lines_of, merge, read, toml
from catui.errors import ConfigError
from catui.places import config_file
from catui.strategies.registry import schema as strategy_schema

__all__ = ["Config", "ConsoleSettings", "EngineSettings", "LayoutSettings", "load", "schema", "show"]


def load(path: Path | None = None, sets: tuple[str, ...] = ()) -> Config:
    """The configuration of a start. ConfigError: all faults at once. UsageError: the named file is not there."""
    file = path or config_file()
    text = "" if file is None else read(file)
    place = "--set" if file is None else file.name
    faults: list[str] = []
    lines = lines_of(text, place, faults)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(tuple(faults) or (f"{place}: {error}; see `catui config schema`",)) from None
    for one in sets:
        merge(tree, one, lines, faults)
    check(tree, Config, (), lines, faults)
    place_own_files(tree.get("strategies"), file, lines)
    check_strategies(tree.get("strategies"), lines, faults)
    if faults:
        raise ConfigError(tuple(faults))
    config = msgspec.convert(tree, Config, strict=False)
    check_sense(config, lines, faults)
    if faults:
        raise ConfigError(tuple(faults))
    return config


def schema() -> dict[str, Any]:
    """The configuration as JSON Schema, with bounds, defaults and what each setting is for."""
    described = msgspec.json.schema(Config)
    described["$defs"]["Config"]["properties"]["strategies"]["additionalProperties"] = strategy_schema()
    return described


def show(config: Config) -> str:
    """The configuration as TOML that `load` reads back to an equal one."""
    tree = msgspec.to_builtins(config)
    tree["strategies"] = config.strategies or DEFAULT_STRATEGIES
    return "\n".join(toml(tree))
