"""Strategies: features to signals in [-1, 1], each in a cell of its own."""

from catui.strategies.isolation import Cell
from catui.strategies.stage import strategies

__all__ = ["Cell", "strategies"]
