"""Ensemble: signals to one target an instrument, by weights that stay or learn."""

from catui.ensemble.stage import ensemble

__all__ = ["ensemble"]
