"""Runs for the tests of the runtime: quick strategies, an exchange in simulated time, a place for the records."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from catui.config import Config, load
from catui.domain.events import Action, Event
from catui.domain.reports import Outputs
from catui.domain.settings import FeatureSettings, PlanningSettings
from catui.runtime.desk import new_session
from catui.runtime.journal import JournalReader
from catui.runtime.manifest import Seal
from catui.runtime.session import Session
from catui.runtime.startorder import Start

SIMULATED = "simulated:7"


def quick() -> Config:
    """The defaults, with strategies that speak within seconds and orders at every turn."""
    config = load(None)
    return replace(
        config,
        strategies={
            "momentum": {"fast_half_life_ticks": 3.0, "slow_half_life_ticks": 9.0},
            "reversion": {"kind": "mean_reversion", "half_life_ticks": 6.0, "full_z": 1.0},
        },
        features=FeatureSettings(volatility_half_life_ticks=5.0, flow_half_life_s=2.0, warm_up_ticks=3),
        planning=PlanningSettings(min_change=0.05, style="cross"),
        engine=replace(config.engine, checkpoint_events=500, console_grace_s=0.0),
    )


async def ran(
    runs: Path, duration_s: float | None = 20.0, source: str = SIMULATED, keys: Sequence[Action] = ()
) -> tuple[Session, Seal]:
    """A run as fast as it goes, with somebody who presses a key every 150 events."""
    session = await new_session(Start(source, quick(), None, runs))
    press(session, keys)
    try:
        seal = await session.run(duration_s)
    finally:
        session.engine.journal.close()
    return session, seal


def press(session: Session, keys: Sequence[Action]) -> None:
    """Put a command into the queue behind every 150th event."""
    waiting, step = list(keys), session.engine.process

    def watched(event: Event) -> Outputs:
        outputs = step(event)
        if waiting and session.engine.journal.seq % 150 == 0:
            session.command(waiting.pop(0), "operator", "because it is a test")
        return outputs

    session.engine.process = watched  # type: ignore[method-assign]  # the one place that every event passes


def reader_of(session: Session) -> JournalReader:
    return JournalReader(session.engine.journal.directory)
