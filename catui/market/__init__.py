"""Market: events folded into every instrument's latest state, and observations for the signal path."""

from catui.market.stage import MarketState, market

__all__ = ["MarketState", "market"]
