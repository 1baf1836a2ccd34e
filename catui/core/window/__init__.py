"""Sliding windows: what the last so many inputs come to, at every tick; None until the window is full."""

from catui.core.window.exponential import ew_variance, ewma, ewma_by_time
from catui.core.window.extremes import maximum, minimum
from catui.core.window.lines import correlation, slope
from catui.core.window.moments import deviation, mean, variance, zscore
from catui.core.window.order import median, quantile, rank

__all__ = [
    "correlation",
    "deviation",
    "ew_variance",
    "ewma",
    "ewma_by_time",
    "maximum",
    "mean",
    "median",
    "minimum",
    "quantile",
    "rank",
    "slope",
    "variance",
    "zscore",
]
