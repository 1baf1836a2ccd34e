"""config.toml -> settings: every fault at once, each with its place, its value and the mend.

What a section may hold is said once, by the settings' types with their bounds; reading, `config schema` and the
defaults all come from there. A value is looked for in this order: `--set`, the file, the defaults. The file is
`--config F`, else `$CATUI_CONFIG`, else `config.toml` in the user's configuration directory, else none.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from hashlib import blake2b
from math import inf, isfinite
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field, inspect

from catui.domain.ensembles import EnsembleSettings, GroupSettings, RegimeSettings, faults
from catui.domain.settings import (
    Amount,
    ExecutionSettings,
    FeatureSettings,
    MonitoringSettings,
    PlanningSettings,
    RiskSettings,
    StrategySettings,
)
from catui.errors import ConfigError, UsageError
from catui.own import is_own, own_kind, placed
from catui.places import config_file
from catui.strategies.registry import build
from catui.strategies.registry import schema as strategy_schema
from catui.text import printable

NAME = r"[a-z][a-z0-9_]{0,23}"  # of a strategy, of a group
LISTED = {"symbols": "BTCUSDT", "members": "momentum", "rows": "book | chart"}
SECRET_WORDS = ("secret", "api_key", "apikey", "password", "token", "private")


class DeskSection(Struct, frozen=True, forbid_unknown_fields=True):
    """What the desk trades, and with how much paper money."""

    symbols: Annotated[tuple[str, ...], Meta(description="at live venues; empty: the source's own")] = ()
    start_equity_quote: Annotated[Amount, Meta(description="where profit and loss are counted from")] = "100000"


class EngineSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the engine keeps its record."""

    checkpoint_events: Annotated[int, Meta(ge=100, le=10_000_000, description="between two checkpoints")] = 5_000
    flush_ms: Annotated[int, Meta(ge=10, le=10_000, description="longest life of an open journal block")] = 250
    tick_ms: Annotated[int, Meta(ge=10, le=10_000, description="a Tick when nothing else came")] = 100
    on_console_lost: Annotated[
        Literal["stop", "continue"], Meta(description="when the console's end closes without a word")
    ] = "stop"
    console_grace_s: Annotated[float, Meta(ge=0, le=3600, description="before on_console_lost is done")] = 10.0
    runs_directory: Annotated[str, Meta(description="where runs are kept; empty: the user's data directory")] = ""


class ConsoleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen."""

    host: Annotated[
        Literal["process", "thread", "task"],
        Meta(description="where the engine runs: a child, a thread, the app's loop"),
    ] = "process"
    theme: Annotated[str, Meta(description="a file in themes/, without .toml")] = "dark"
    mouse: Annotated[bool, Meta(description="whether clicks and the wheel are obeyed")] = True
    bell: Annotated[bool, Meta(description="whether the terminal rings at a new alert of weight")] = True
    layout: Annotated[str, Meta(description="to start with; empty: the last one saved, else by size")] = ""


class LayoutSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One arrangement of panes. A row of the screen is `HEIGHT: PART | PART`, a part is a pane with its share of the
    width; `(A / B)` stands one under another, `(A | B)` side by side, `A+B` share a box."""

    rows: Annotated[tuple[str, ...], Meta(description="of the screen, from the top")] = ()


class SimulatedSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The embedded exchange."""

    seed: Annotated[int, Meta(ge=0, le=2**32 - 1, description="of the market's script")] = 7
    symbols: Annotated[tuple[str, ...], Meta(description="the markets that it opens")] = (
        "BTCUSDT",
        "ETHUSDT",
        "SOLUSDT",
    )


class BinanceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses of Binance Spot. Keys come from CATUI_BINANCE_KEY and CATUI_BINANCE_SECRET only."""

    rest_url: Annotated[str, Meta(description="listing, snapshots of books")] = "https://api.binance.com"
    stream_url: Annotated[str, Meta(description="market data")] = "wss://stream.binance.com:9443"
    ws_api_url: Annotated[str, Meta(description="orders and the account")] = "wss://ws-api.binance.com:443/ws-api/v3"


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of one start."""

    desk: DeskSection = DeskSection()
    features: FeatureSettings = FeatureSettings()
    strategies: dict[str, dict[str, Any]] = field(default_factory=dict)
    ensemble: EnsembleSettings = EnsembleSettings()
    ensembles: Annotated[dict[str, GroupSettings], Meta(description="groups of strategies, by name")] = field(
        default_factory=dict
    )
    regime: RegimeSettings = RegimeSettings()
    planning: PlanningSettings = PlanningSettings()
    risk: RiskSettings = RiskSettings()
    execution: ExecutionSettings = ExecutionSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    engine: EngineSettings = EngineSettings()
    console: ConsoleSettings = ConsoleSettings()
    layout: Annotated[dict[str, LayoutSettings], Meta(description="arrangements of panes, by name")] = field(
        default_factory=dict
    )
    keys: Annotated[dict[str, str], Meta(description="by action: its keys, comma separated")] = field(
        default_factory=dict
    )
    simulated: SimulatedSettings = SimulatedSettings()
    binance: BinanceSettings = BinanceSettings()

    @property
    def desk_strategies(self) -> tuple[StrategySettings, ...]:
        """The strategies in the file's order; momentum and mean reversion, where the file names none."""
        named = self.strategies or DEFAULT_STRATEGIES
        return tuple(
            StrategySettings(name, str(table.get("kind", name)), {k: float(v) for k, v in table.items() if k != "kind"})
            for name, table in named.items()
        )

    @property
    def hash(self) -> str:
        """BLAKE2b of all settings: two equal ones are the same configuration."""
        return blake2b(msgspec.json.encode(self, order="deterministic"), digest_size=16).hexdigest()


DEFAULT_STRATEGIES: dict[str, dict[str, Any]] = {
    "momentum": {"kind": "momentum"},
    "reversion": {"kind": "mean_reversion"},
}


def load(path: Path | None = None, sets: tuple[str, ...] = ()) -> Config:
    """The configuration of a start. ConfigError: all faults at once. UsageError: the named file is not there."""
    file = path or config_file()
    text = "" if file is None else _read(file)
    place = "--set" if file is None else file.name
    faults: list[str] = []
    lines = _lines(text, place, faults)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(tuple(faults) or (f"{place}: {error}; see `catui config schema`",)) from None
    for one in sets:
        _merge(tree, one, lines, faults)
    _check(tree, Config, (), lines, faults)
    _place_own_files(tree.get("strategies"), file, lines)
    _check_strategies(tree.get("strategies"), lines, faults)
    if faults:
        raise ConfigError(tuple(faults))
    config = msgspec.convert(tree, Config, strict=False)
    _check_sense(config, lines, faults)
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
    return "\n".join(_toml(tree))


class _Lines:
    """Where each key stands, as `PLACE:LINE`."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.of: dict[tuple[str, ...], str] = {}

    def __getitem__(self, path: tuple[str, ...]) -> str:
        while path:
            if path in self.of:
                return self.of[path]
            path = path[:-1]
        return self.place


_SECTION = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


def _lines(text: str, place: str, faults: list[str]) -> _Lines:
    lines = _Lines(place)
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _SECTION.match(line):
            section = tuple(part.strip(" \"'") for part in found[1].split("."))
            lines.of.setdefault(section, f"{place}:{number}")
        elif found := _KEY.match(line):
            path = (*section, *(part.strip("\"'") for part in found[1].split(".")))
            if path in lines.of:
                earlier = lines.of[path].rpartition(":")[2]
                faults.append(f'{place}:{number}: key "{path[-1]}": given in line {earlier} too; keep one')
            lines.of.setdefault(path, f"{place}:{number}")
    return lines


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise UsageError(f"{file}: not found; to write one: catui config show > {file}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from None


def _merge(tree: dict[str, Any], one: str, lines: _Lines, faults: list[str]) -> None:
    name, equals, text = one.partition("=")
    path = tuple(part.strip() for part in name.split("."))
    if not equals or len(path) < 2:
        faults.append(f"--set {printable(one)}: is not section.key=value; e.g. --set risk.order_burst=10")
        return
    try:
        value = tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        value = text  # a bare word is text
    at = tree
    for part in path[:-1]:
        at = at.setdefault(part, {})
        if not isinstance(at, dict):
            faults.append(f"--set {printable(one)}: {part} is no section")
            return
    at[path[-1]] = value
    lines.of[path] = "--set"


def _check(
    tree: Mapping[str, Any], kind: type[Struct], path: tuple[str, ...], lines: _Lines, faults: list[str]
) -> None:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    fields = {f.name: f for f in described.fields}
    for name, value in tree.items():
        here = (*path, name)
        if any(word in name.lower() for word in SECRET_WORDS):
            faults.append(
                f"{lines[here]}: {'.'.join(here)}: secrets come from the environment (CATUI_BINANCE_SECRET) only; "
                "delete the line and revoke that key"
            )
        elif name not in fields:
            near = get_close_matches(name, fields, n=1)
            mend = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(fields))}"
            faults.append(f"{lines[here]}: {printable('.'.join(here))}: unknown; {mend}")
        else:
            _check_value(value, fields[name].type, here, lines, faults)


def _check_value(value: Any, kind: inspect.Type, path: tuple[str, ...], lines: _Lines, faults: list[str]) -> None:
    unit = ""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.StructType):
        if isinstance(value, dict):
            _check(value, kind.cls, path, lines, faults)
        else:
            faults.append(_fault(lines, path, value, "must be a section", f"write [{'.'.join(path)}]"))
        return
    unit = _unit(path[-1])
    match kind:
        case inspect.IntType() | inspect.FloatType():
            fault = _number_fault(value, kind, unit)
        case inspect.BoolType():
            fault = None if isinstance(value, bool) else ("must be true or false", f"write {path[-1]} = true")
        case inspect.StrType(pattern=pattern):
            fault = _text_fault(value, pattern)
        case inspect.LiteralType(values=values):
            near = get_close_matches(str(value), [str(v) for v in values], n=1)
            choices = " or ".join(str(v) for v in values)
            fault = None if value in values else (f"must be {choices}", f'write "{near[0] if near else values[0]}"')
        case inspect.VarTupleType():
            is_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
            fault = None if is_texts else ("must be a list of texts", f'write {path[-1]} = ["{LISTED[path[-1]]}"]')
        case inspect.DictType(value_type=inner) if isinstance(value, dict) and not isinstance(inner, inspect.DictType):
            for name, one in value.items():
                _check_value(one, inner, (*path, name), lines, faults)
            return
        case _:
            fault = None if isinstance(value, dict) else ("must be a section", f"write [{'.'.join(path)}]")
    if fault is not None:
        faults.append(_fault(lines, path, value, *fault))


def _number_fault(value: Any, kind: "inspect.IntType | inspect.FloatType", unit: str) -> tuple[str, str] | None:
    if isinstance(value, str):
        is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)
        return "is text", f"write {_nearest(float(value), kind)}" if is_number else "write a number"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is no number", "write a number"
    if isinstance(kind, inspect.IntType) and not isinstance(value, int):
        return "must be a whole number", f"write {_nearest(value, kind)}"
    low, high = _bounds(kind)
    if (value >= low if kind.ge is not None else value > low) and value <= high:
        return None
    bounds = f"must be {'above ' if kind.ge is None else ''}{_plain(low)} to {_plain(high)}{unit}"
    if unit == " s" and 1000 <= value <= 1000 * high:
        return f"{bounds}, longer than any wait here", f"did you mean {_plain(value / 1000)}?"
    return bounds, f"write {_nearest(value, kind)}"


def _bounds(kind: "inspect.IntType | inspect.FloatType") -> tuple[float, float]:
    low = kind.ge if kind.ge is not None else kind.gt
    return -inf if low is None else low, inf if kind.le is None else kind.le


def _nearest(value: float, kind: "inspect.IntType | inspect.FloatType") -> str:
    """What is allowed and nearest to a value; no number is nearest to an open bound."""
    low, high = _bounds(kind)
    if kind.ge is None and not value > low:
        return f"a number above {_plain(low)}"
    if not low <= value <= high:
        value = high if value > high else low
    return _plain(round(value) if isinstance(kind, inspect.IntType) else value)


def _text_fault(value: Any, pattern: str | None) -> tuple[str, str] | None:
    if not isinstance(value, str):
        mend = f'write "{value}"' if isinstance(value, int | float) and not isinstance(value, bool) else "write text"
        return "must be text", mend
    if pattern is not None and not re.fullmatch(pattern, value):
        return "must be a plain decimal amount of quote currency, not negative", 'write e.g. "10000"'
    return None


def _fault(lines: _Lines, path: tuple[str, ...], value: Any, fault: str, mend: str) -> str:
    shown = f'"{printable(value)}"' if isinstance(value, str) else printable(str(value))
    return f"{lines[path]}: {'.'.join(path)} = {shown}: {fault}; {mend}"


def _place_own_files(tables: Any, file: Path | None, lines: _Lines) -> None:
    """Own files by their absolute paths: what the file names is beside it, what `--set` names is beside the person."""
    for name, table in tables.items() if isinstance(tables, dict) else ():
        if isinstance(table, dict) and isinstance(table.get("kind"), str):
            is_set = file is None or lines["strategies", name, "kind"] == "--set"
            table["kind"] = placed(table["kind"], Path() if is_set or file is None else file.parent)


def _check_strategies(tables: Any, lines: _Lines, faults: list[str]) -> None:
    if not isinstance(tables, dict):
        return
    for name, table in tables.items():
        path = ("strategies", name)
        if not re.fullmatch(NAME, name):
            faults.append(
                f"{lines[path]}: {printable(name)}: a strategy's name is a-z, 0-9 and _, at most 24 characters"
            )
            continue
        if not isinstance(table, dict):
            faults.append(_fault(lines, path, table, "must be a section", f"write [strategies.{name}]"))
            continue
        parameters = {}
        for key, value in table.items():
            if key == "kind":
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                faults.append(_fault(lines, (*path, key), value, "is no number", "write a number"))
            else:
                parameters[key] = float(value)
        try:
            settings = StrategySettings(name, str(table.get("kind", name)), parameters)
            _ = own_kind(settings) if is_own(settings.kind) else build(settings)
        except (ValueError, UsageError) as error:
            faults += [f"{lines[path]}: strategies.{name}: {line}" for line in str(error).splitlines()]


def _check_sense(config: Config, lines: _Lines, said: list[str]) -> None:
    names = tuple(s.name for s in config.desk_strategies)
    for name in config.ensembles:
        if not re.fullmatch(NAME, name):
            where = lines["ensembles", name]
            said.append(f"{where}: {printable(name)}: a group's name is a-z, 0-9 and _, at most 24 characters")
    for path, fault, mend, value in faults(config.ensemble, config.ensembles, config.regime, names):
        if value is not None:
            said.append(_fault(lines, path, value, fault, mend))
        else:
            said.append(printable(f"{lines[path]}: {'.'.join(path)}: {fault}; {mend}", 400))


def _unit(name: str) -> str:
    if name.endswith("_per_s"):
        return " per s"
    for ending in ("bps", "ms", "_s", "_ticks", "_quote"):
        if name.endswith(ending):
            return " " + ending.strip("_")
    return ""


def _plain(number: float) -> str:
    return str(int(number)) if isfinite(number) and number == int(number) else f"{number:g}"


def _toml(tree: Mapping[str, Any], path: str = "") -> Iterator[str]:
    tables = {name: value for name, value in tree.items() if isinstance(value, dict)}
    plain = {name: value for name, value in tree.items() if name not in tables}
    if path and (plain or not tables):
        yield f"[{path}]"
    for name, value in plain.items():
        yield f"{name} = {msgspec.json.encode(value).decode()}"
    if plain or (path and not tables):
        yield ""
    for name, table in tables.items():
        yield from _toml(table, f"{path}.{name}" if path else name)


def environment_secret(name: str) -> str | None:
    """A secret from the environment, taken out of it so that no child inherits it."""
    return os.environ.pop(name, None)
