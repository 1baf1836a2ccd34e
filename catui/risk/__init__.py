"""Risk: intents to verdicts; approved, shrunk or refused, never enlarged."""

from catui.risk.stage import risk

__all__ = ["risk"]
