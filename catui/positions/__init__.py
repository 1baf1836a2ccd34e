"""Positions: fills booked exactly, per strategy and for the desk, and marked to the market."""

from catui.positions.stage import positions

__all__ = ["positions"]
