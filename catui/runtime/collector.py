"""The garbage collector of an engine's process: what is there at the start is left alone, and young garbage waits.

A step makes many short-lived tuples and no cycles, so that collections find nothing and cost pauses. They stay on, as
the net under libraries; they only come seldom.
"""

import gc


def settle(young: int = 50_000) -> None:
    """Collect once, freeze what is left, and let `young` new objects come together before they are looked at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(young, 20, 50)
