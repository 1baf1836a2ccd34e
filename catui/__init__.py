"""catui: control, market, features, strategies, ensemble, planning, risk, orders, execution, positions; fed back."""

__version__ = "0.1.0"
