"""Risk: intents to verdicts; approved, shrunk or refused, never enlarged."""

from catui.risk.counters import Counters
from catui.risk.preview import Look, preview
from catui.risk.stage import GateState, risk

__all__ = ["Counters", "GateState", "Look", "preview", "risk"]
