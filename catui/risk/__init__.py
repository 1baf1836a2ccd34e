"""Risk: intents to verdicts; approved, shrunk or refused, never enlarged."""

from catui.risk.limits import Cap, Check, Pass, Reading
from catui.risk.preview import Look, preview
from catui.risk.stage import GateState, risk

__all__ = ["Cap", "Check", "GateState", "Look", "Pass", "Reading", "preview", "risk"]
