"""The examination: what a desk needs of a machine, one finding each."""

import os
import platform
import shutil
import sqlite3
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct

from catui.config import load
from catui.errors import CatuiError
from catui.places import config_file, runs_directory

PACKAGES = ("textual", "rich", "websockets", "aiohttp", "msgspec", "numpy", "typer", "platformdirs")
LEAST_FREE = 500 * 1024 * 1024


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    mend: str = ""


def examine(config: Path | None = None) -> tuple[Finding, ...]:
    """Look at everything; nothing is changed but that the runs' directory is made."""
    return (_python(), *_packages(), _sqlite(), _configuration(config), *_disk(config), _clock(), *_terminal())


def _python() -> Finding:
    ok = sys.version_info >= (3, 11)
    return Finding("python", ok, platform.python_version(), "" if ok else "catui needs 3.11 or newer")


def _packages() -> tuple[Finding, ...]:
    findings = []
    for name in PACKAGES:
        try:
            findings.append(Finding(name, True, version(name)))
        except PackageNotFoundError:
            findings.append(Finding(name, False, "not installed", "make env"))
    return tuple(findings)


def _sqlite() -> Finding:
    ok = sqlite3.sqlite_version_info >= (3, 37)
    return Finding("sqlite", ok, sqlite3.sqlite_version, "" if ok else "the journal needs 3.37 or newer")


def _configuration(config: Path | None) -> Finding:
    file = config or config_file()
    try:
        load(config)
    except CatuiError as error:
        return Finding("config", False, str(error).splitlines()[0], "catui config check says all of it")
    return Finding("config", True, str(file) if file else "defaults")


def _disk(config: Path | None) -> tuple[Finding, ...]:
    try:
        runs = runs_directory(load(config).engine.runs_directory)
        runs.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(runs).free
    except (CatuiError, OSError) as error:
        return (Finding("runs", False, str(error), "choose another with engine.runs_directory"),)
    writable = os.access(runs, os.W_OK)
    space = Finding(
        "disk", free >= LEAST_FREE, f"{free / 1e9:,.1f} GB free", "" if free >= LEAST_FREE else "free space"
    )
    return (Finding("runs", writable, str(runs), "" if writable else "not writable: chmod u+w"), space)


def _clock() -> Finding:
    """Whether the monotone clock is fine enough for latencies."""
    steps = sorted(abs(time.monotonic_ns() - time.monotonic_ns()) for _ in range(101))
    return Finding("clock", steps[50] < 100_000, f"{steps[50]} ns between two readings")


def _terminal() -> tuple[Finding, ...]:
    if not sys.stdout.isatty():
        return (Finding("terminal", True, "none here: catui run works without"),)
    size = shutil.get_terminal_size()
    term, encoding = os.environ.get("TERM", ""), (sys.stdout.encoding or "").lower()
    colours = os.environ.get("COLORTERM", "") or ("256" if "256" in term else "16")
    can, fits = term not in ("", "dumb"), size.columns >= 60 and size.lines >= 15
    return (
        Finding(
            "terminal",
            can,
            f"{term or 'unknown'}, {colours} colours",
            "" if can else "set TERM to what it is, e.g. xterm-256color",
        ),
        Finding("size", fits, f"{size.columns}x{size.lines}", "" if fits else "at least 60x15"),
        Finding("encoding", "utf" in encoding, encoding, "" if "utf" in encoding else "set LC_ALL to a UTF-8 locale"),
    )
