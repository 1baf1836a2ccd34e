"""Planning: what is wanted, minus what is held, as orders."""

from catui.planning.replacing import Replacing
from catui.planning.target import planning
from catui.planning.wanted import wanted

__all__ = ["Replacing", "planning", "wanted"]
