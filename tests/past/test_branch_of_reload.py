"""A run whose limits were taken over anew: its record gives it again, and a branch of it begins with those limits."""

import asyncio
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from past_world import Recorded, answers, recorded

sys.path.insert(0, str(Path(__file__).parents[1] / "runtime"))
from run_world import quick, ran

from catui.core.places import state_at
from catui.domain.events import Command, ReloadConfig
from catui.domain.moment import Control
from catui.domain.orders import Resized
from catui.runtime import statecodec
from catui.runtime.past.branch import Branch
from catui.runtime.past.messages import Offered, Prepare
from catui.runtime.past.seeker import Seeker
from catui.runtime.past.whatif import Change

RELOADED = 150  # events before it
FORK = 400


def smaller() -> ReloadConfig:
    settings = quick().of_desk
    return ReloadConfig("hash", replace(settings, risk=replace(settings.risk, max_order_quote="300")))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"), keys=(smaller(),))


def test_the_new_limits_hold_from_the_reload_on(run: Recorded) -> None:
    [place] = [n for n, e in enumerate(run.events) if isinstance(e, Command) and isinstance(e.action, ReloadConfig)]
    assert place >= RELOADED
    most = run.reader.manifest.desk.money("300")
    cut = [
        seq
        for seq, (_, outputs) in enumerate(run.steps())
        for verdict in (outputs.verdicts if outputs is not None else ())
        if isinstance(verdict, Resized) and any(reason.limit == most for reason in verdict.reasons)
    ]
    assert cut
    assert min(cut) > place


def test_the_record_gives_the_run_again_without_the_file(run: Recorded, tmp_path: Path) -> None:
    seal = run.reader.seal
    assert seal is not None
    assert statecodec.digest(run.states[-1]) == seal.state_digest
    _, again = asyncio.run(ran(tmp_path / "again", None, f"run:{run.directory}"))
    assert again.state_digest == seal.state_digest


def test_a_branch_is_offered_the_limits_of_its_moment_and_changes_them(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path)
    [offered] = [each for each in answers(seeker, Prepare(1, FORK)) if isinstance(each, Offered)]
    limit = next(choice for choice in offered.choices if choice.path == ("risk", "max_order_quote"))
    assert limit.now == "300"
    origin = seeker._grower._origin
    assert origin is not None
    same = Branch(origin)
    assert statecodec.encode(same.states[1]) == statecodec.encode(same.states[0])
    other = Branch(origin, (Change(limit.path, "5000"),), offered.choices)
    standing: Control = state_at(run.machine, other.states[1], "desk/control")
    assert standing.limits is not None
    assert standing.limits.max_order_quote == "5000"
    seeker.close()
