"""What every test stands on: reproducible properties, and the real recordings."""

import gc
import os
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# One terminal for every picture: no animation, no colour or locale of whoever runs the tests.
for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_PRESS"):
    os.environ.pop(name, None)
os.environ["TERM"], os.environ["COLORTERM"] = "xterm-256color", "truecolor"
os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read when the toolkit is imported, which is below

plugin = import_module("pytest_textual_snapshot")
WholeDiff = plugin.SvgSnapshotDiff


def without_environment(**facts: object) -> object:
    """A difference for the report, which would print every variable of the environment."""
    return replace(WholeDiff(**facts), environment={})


vars(plugin)["SvgSnapshotDiff"] = without_environment

# The same examples at every run: a failure that is seen once is seen again. So no number is drawn because some module
# that another test has loaded mentions it.
providers = import_module("hypothesis.internal.conjecture.providers")
vars(providers)["_get_local_constants"] = lambda nothing=providers._local_constants: nothing
settings.register_profile(
    "catui",
    derandomize=True,
    deadline=None,
    max_examples=30,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("catui")


def pytest_collection_finish() -> None:
    """What collecting made stays: the collector need not look at five thousand tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: many tests wait for processes of their own to start."""
    return (os.cpu_count() or 1) + 1


ROOT = Path(__file__).resolve().parent.parent
Recording = Callable[[str], Path]


@pytest.fixture(scope="session")
def recording() -> Recording:
    """The path of a recording by its name in the data folder: `recording("binance/spot_btcusdt.jsonl.gz")`.

    The folder is CATUI_DATA, or shared/data beside the project. Without it a test is skipped; in CI it fails.
    """
    folder = Path(os.environ.get("CATUI_DATA") or ROOT.parent / "shared" / "data")

    def find(name: str) -> Path:
        path = folder / name
        if path.exists():
            return path
        missing = f"recording {name} is not in {folder.name}: set CATUI_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)

    return find
