"""Risk: intents to verdicts; approved, shrunk or refused, never enlarged."""

from catui.risk.stage import preview, risk

__all__ = ["preview", "risk"]
