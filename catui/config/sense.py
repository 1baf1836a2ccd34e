"""What no type says: strategies that can be built, groups whose members there are, own files that are found."""

import re
from pathlib import Path
from typing import Any

from catui.config.checks import fault_line
from catui.config.settings import Config
from catui.config.text import Lines
from catui.domain.ensembles import faults
from catui.domain.settings import StrategySettings
from catui.errors import UsageError
from catui.own import is_own, own_kind, placed
from catui.strategies.registry import build
from catui.text import printable

NAME = r"[a-z][a-z0-9_]{0,23}"  # of a strategy, of a group


def place_own_files(tables: Any, file: Path | None, lines: Lines) -> None:
    """Own files by their absolute paths: what the file names is beside it, what `--set` names is beside the person."""
    for name, table in tables.items() if isinstance(tables, dict) else ():
        if isinstance(table, dict) and isinstance(table.get("kind"), str):
            is_set = file is None or lines["strategies", name, "kind"] == "--set"
            table["kind"] = placed(table["kind"], Path() if is_set or file is None else file.parent)


def check_strategies(tables: Any, lines: Lines, faults: list[str]) -> None:
    """Add the faults of strategies: names, parameters, kinds that are not there or do not build."""
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
            faults.append(fault_line(lines, path, table, "must be a section", f"write [strategies.{name}]"))
            continue
        parameters = {}
        for key, value in table.items():
            if key == "kind":
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                faults.append(fault_line(lines, (*path, key), value, "is no number", "write a number"))
            else:
                parameters[key] = float(value)
        try:
            settings = StrategySettings(name, str(table.get("kind", name)), parameters)
            _ = own_kind(settings) if is_own(settings.kind) else build(settings)
        except (ValueError, UsageError) as error:
            faults += [f"{lines[path]}: strategies.{name}: {line}" for line in str(error).splitlines()]


def check_sense(config: Config, lines: Lines, said: list[str]) -> None:
    """Add what is wrong between settings that are each right: groups, members, regimes."""
    names = tuple(s.name for s in config.desk_strategies)
    for name in config.ensembles:
        if not re.fullmatch(NAME, name):
            where = lines["ensembles", name]
            said.append(f"{where}: {printable(name)}: a group's name is a-z, 0-9 and _, at most 24 characters")
    for path, fault, mend, value in faults(config.ensemble, config.ensembles, config.regime, names):
        if value is not None:
            said.append(fault_line(lines, path, value, fault, mend))
        else:
            said.append(printable(f"{lines[path]}: {'.'.join(path)}: {fault}; {mend}", 400))
