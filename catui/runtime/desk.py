"""Setting up a run: source, desk, manifest, journal, engine, session."""

import contextlib
import os
import platform
import re
import secrets
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from msgspec.structs import asdict, replace

import catui
from catui.config import Config
from catui.domain.settings import Desk
from catui.errors import UsageError
from catui.own import Own, load_own
from catui.places import HERE, runs_directory
from catui.runtime.engine import Engine, recover
from catui.runtime.journal import JournalReader, JournalWriter, TakenError
from catui.runtime.manifest import Manifest
from catui.runtime.session import Session
from catui.runtime.source import Opened, open_source, venue_events
from catui.runtime.startorder import Start
from catui.venues.wallclock import now_ns

PURE = ("core", "domain", "control", "market", "features", "strategies", "ensemble", "planning", "risk", "orders",
        "execution", "positions", "monitoring", "pipeline.py")  # fmt: skip


async def new_session(start: Start) -> Session:
    """A new run, ready to go. UsageError, ConfigError: one clear line why it cannot be."""
    opened = await open_source(start.source, start.config, start.speed, launched=start.launched)
    try:
        desk = opened.desk or _desk(start.config, opened, run_id=secrets.randbits(32) if opened.is_live else 1)
        own = opened.own or load_own(desk.strategies)
        journal = _new_journal(start, lambda name: _manifest(start, opened, desk, own, name))
    except BaseException:
        await opened.venue.close()
        raise
    return _session(start, opened, Engine(desk, journal, start.config.engine.checkpoint_events, own=own))


async def resume_session(directory: Path, config: Config, speed: float | None) -> Session:
    """A killed run, brought back by replay to the state it had; it goes on REDUCING until a person says ACTIVE.

    What was asked of a venue and never answered is UNKNOWN; what worked at an embedded exchange ended with it.
    """
    reader = JournalReader(directory)
    manifest = reader.manifest
    if manifest.source.startswith("run:"):
        raise UsageError(f"run {directory.name}: is itself a replay; start it again with --source {manifest.source}")
    own = manifest.load_own()
    journal = JournalWriter.reopen(directory)
    skip = venue_events(reader)
    start = Start(manifest.source, config, speed)
    opened = await open_source(manifest.source, config, speed, skip_events=skip)
    engine = Engine(manifest.desk, journal, config.engine.checkpoint_events, own=own)
    engine.state, _, engine.last_ns = recover(reader, engine.machine)
    reader.close()
    session = _session(start, opened, engine, directory.name)
    now = now_ns() if opened.is_live else engine.last_ns
    session.recover(now)
    return session


def _session(start: Start, opened: Opened, engine: Engine, run: str = "") -> Session:
    settings = start.config.engine
    name = run or engine.journal.directory.name
    return Session(engine, opened, run=name, flush_ms=settings.flush_ms, tick_ms=settings.tick_ms)


def _desk(config: Config, opened: Opened, run_id: int) -> Desk:
    settings = replace(config.of_desk, execution=replace(config.execution, mode=opened.execution))
    return Desk(run_id=run_id, instruments=opened.instruments, **asdict(settings))


def _manifest(start: Start, opened: Opened, desk: Desk, own: Own, name: str) -> Manifest:
    return Manifest(
        run=name,
        desk=desk,
        source=start.source,
        badge=opened.badge,
        created_ns=now_ns(),
        version=catui.__version__,
        python=platform.python_version(),
        code_hash=code_hash(),
        config_hash=start.config.hash,
        own=own.files,
    )


def code_hash() -> str:
    """BLAKE2b over the text of the pure core: what decides which state the same events give."""
    hasher = blake2b(digest_size=16)
    for part in PURE:
        for file in sorted([HERE / part] if part.endswith(".py") else (HERE / part).rglob("*.py")):
            hasher.update(f"{file.relative_to(HERE).as_posix()}\0".encode())
            hasher.update(file.read_bytes())
    return hasher.hexdigest()


def _new_journal(start: Start, manifest: Callable[[str], Manifest]) -> JournalWriter:
    """A run under a name that sorts by time and says the source: 20261123T140307Z-simulated, -2 behind it if taken.

    Whoever makes the directory has the name: two that start in one second get two.
    """
    os.umask(0o077)
    runs = start.runs or runs_directory(start.config.engine.runs_directory)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = f"{stamp}-{re.sub(r'[^a-z]', '', start.source.partition(':')[0])[:16]}"
    for number in range(1, 1000):
        directory = runs / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(TakenError):
            return JournalWriter.create(directory, manifest(directory.name))
    raise UsageError(f"run directory {runs / name}: a thousand runs started in this second; try again")
