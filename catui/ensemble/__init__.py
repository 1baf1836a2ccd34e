"""Ensemble: signals to one target an instrument, by weights that stay or learn."""

from catui.ensemble.history import History, history
from catui.ensemble.moments import Moments, correlation, correlations
from catui.ensemble.regime import Regime, name_of
from catui.ensemble.roster import roster
from catui.ensemble.stage import ensemble

__all__ = [
    "History",
    "Moments",
    "Regime",
    "correlation",
    "correlations",
    "ensemble",
    "history",
    "name_of",
    "roster",
]
