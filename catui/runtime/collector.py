"""The garbage collector of an engine's process: what is there at the start is left alone, and young garbage waits.

A step makes many short-lived tuples and no cycles, so that collections find nothing and cost pauses. They stay on, as
the net under libraries; they only come seldom.
"""

import gc


def settle() -> None:
    """Collect once, freeze what is left, and raise the thresholds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
