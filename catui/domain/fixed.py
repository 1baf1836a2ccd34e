"""The checks that nobody can override, and why: what no person's word makes right."""

FIXED: dict[str, tuple[str, str]] = {
    "P01": ("TRADING_STATE", "the way out of HALTED is to activate the desk"),
    "P02": ("STRATEGY_STATE", "the way out of a stop is to resume the strategy"),
    "P03": ("WARMING_UP", "what a feature has not seen yet, nobody knows"),
    "P08": ("GRID", "the venue takes no other prices and quantities"),
    "P09": ("MINIMUM", "the venue takes no smaller order"),
    "P11": ("BOOK_INVALID", "a broken book has no price to trust"),
    "P23": ("REDUCE_ONLY", "the way out of REDUCING is to activate the desk"),
    "P27": ("SELF_TRADE", "an order must not meet one of our own"),
    "P31": ("DUPLICATE", "the same order at once is a fault of whoever sends it"),
    "P32": ("ORDER_RATE", "who sends faster than the venue allows is shut out"),
    "P36": ("OVERRIDE", "the bound of overrides is not theirs to widen"),
}
