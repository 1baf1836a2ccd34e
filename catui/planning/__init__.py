"""Planning: what is wanted, minus what is held, as orders."""

from catui.planning.target import planning

__all__ = ["planning"]
