"""The past of targets: how the weights went, and where an exposure turned. Nothing here decides anything."""

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.signals import Target

POINTS = 64
TURNS = 64
FIRST_INTERVAL_S = 1.0
TURN = 0.2  # exposure from which a target is long, or short; between the two it stays what it was

Targets = tuple[tuple[str, Target], ...]
Turn = tuple[float, int]  # time_s, +1 long or -1 short


class History(Struct, frozen=True, gc=False):
    """One instrument. The weights' curve has at most 64 points: when it is full, every second one goes and the interval
    doubles. `turns` are the last ones, oldest first."""

    weights: tuple[tuple[float, ...], ...] = ()  # oldest first, each in the desk's order
    last_s: float = float("-inf")
    interval_s: float = FIRST_INTERVAL_S
    side: int = 0
    turns: tuple[Turn, ...] = ()


def history() -> Machine[dict[str, History], Targets, Targets]:
    """Targets pass unchanged; the state is every instrument's history.

    Law: it means what `identity` means. For who looks at a machine from outside, at its place in the tree.
    """

    def step(held: dict[str, History], targets: Targets) -> tuple[dict[str, History], Targets]:
        for key, target in targets:
            before = held.get(key, NONE)
            exposure, time_s = target.exposure, target.features.time_s
            side = 1 if exposure >= TURN else -1 if exposure <= -TURN else before.side
            if side != before.side or time_s - before.last_s >= before.interval_s:
                held = {**held, key: _remembered(before, target, side)}
        return held, targets

    return atom({}, step)


NONE = History()


def _remembered(before: History, target: Target, side: int) -> History:
    time_s, turns = target.features.time_s, before.turns
    if side != before.side:
        turns = (*turns, (time_s, side))[-TURNS:]
    if time_s - before.last_s < before.interval_s:
        return History(before.weights, before.last_s, before.interval_s, side, turns)
    weights = (*before.weights, target.weights)
    if len(weights) <= POINTS:
        return History(weights, time_s, before.interval_s, side, turns)
    return History(weights[::2], time_s, before.interval_s * 2, side, turns)
