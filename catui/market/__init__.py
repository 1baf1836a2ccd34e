"""Market: events folded into every instrument's latest state, and observations for the signal path."""

from catui.market.stage import market

__all__ = ["market"]
