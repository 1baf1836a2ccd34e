"""Sliding windows: what the last so many inputs come to, at every tick; None until the window is full."""

from catui.core.window.extremes import maximum, minimum
from catui.core.window.moments import deviation, mean, variance, zscore

__all__ = ["deviation", "maximum", "mean", "minimum", "variance", "zscore"]
