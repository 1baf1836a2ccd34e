"""Strategies: features to signals in [-1, 1], each guarded."""

from catui.strategies.stage import strategies

__all__ = ["strategies"]
