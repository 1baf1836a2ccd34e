"""Orders: verdicts become orders, reports move them through their life, fills are shared over the legs."""

from catui.orders.handling import orders

__all__ = ["orders"]
