"""Features: what one instrument's observations say, one machine an instrument."""

from catui.features.stage import features

__all__ = ["features"]
