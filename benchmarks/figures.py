"""One line a figure: what, how much, the target, whether it was met."""

import os
import sys
from pathlib import Path

CATUI = [sys.executable, "-m", "catui"]


def figure(name: str, value: float, unit: str, target: float | None = None, *, at_least: bool = False) -> bool:
    """Print a figure against its target; whether it was met (always, without one)."""
    met = target is None or (value >= target if at_least else value <= target)
    aim = (
        ""
        if target is None
        else f"  target {'>=' if at_least else '<='} {target:,.6g} {unit}  {'met' if met else 'MISSED'}"
    )
    print(f"{name:<52}{value:>14,.6g} {unit:<9}{aim}", flush=True)
    return met


def recording(name: str) -> Path | None:
    """A recording by its name below the data folder; None, with a line, where it is not there."""
    root = Path(os.environ.get("CATUI_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = root / name
    if path.is_file():
        return path
    print(f"{name}: not there, skipped; CATUI_DATA says where recordings are")
    return None
