"""The files that `catui new strategy` writes, with `my_idea` for the name."""

import ast
import builtins
from keyword import iskeyword

STRATEGY = '''"""My idea: say in one line what is traded here, and why it should work."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import SIGNAL_SYMMETRIES, strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features


class State(Struct, frozen=True, gc=False):
    """All that is remembered from one quote to the next: numbers only."""

    mean: float
    quotes: float


# Beside the constructor: the parameter that says how many quotes pass before it speaks, and the symmetries that
# `catui verify` shall hold it to: "odd", "scale_free", "time_free", "flat", "bounded". Here: all of them.
@strategy(warm_up="half_life_ticks", symmetries=SIGNAL_SYMMETRIES)
def my_idea(
    half_life_ticks: Annotated[float, Bounds(1, 1e6, "ticks", "of the mean return")] = 20.0,
    gain: Annotated[float, Bounds(0.01, 100, "", "of the mean return, in volatilities")] = 1.0,
) -> Machine[State, Features, float | None]:
    """With the mean of the last returns, in units of how much they usually move.

        m_t = m_{t-1} + (1 - 0.5 ** (1 / half_life_ticks)) (r_t - m_{t-1})
        signal = gain m_t / volatility within [-1, 1],  0 where the volatility is 0

    Warm-up: `half_life_ticks` quotes, and the volatility's own. Laws: odd under mirrored returns, blind to the scale
    of prices, independent of absolute time, bounded by 1, 0 on a constant price.
    ValueError: a parameter not above 0.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    above_zero("gain", gain)
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)  # whatever depends on parameters only is computed once, here

    # The step: the state and what is known after one quote -> the next state and the signal. It is plain Python in a
    # small dialect, which is also run flat (live) and compiled (in backtests), to the same bits:
    #   assignments, if and else, loops over tuples of known length, + - * / and comparisons, functions of math;
    #   no ** and no sum(), no lists and dicts, no clock and no chance; write 0.0 where a float is meant.
    def step(s: State, x: Features) -> tuple[State, float | None]:
        mean = s.mean + move * (x.log_return - s.mean)
        quotes = s.quotes + 1.0
        if x.volatility is None:  # still warming up
            return State(mean, quotes), None
        raw = gain * mean / x.volatility if x.volatility > 0.0 else 0.0  # never divide by what can be 0
        signal = 1.0 if raw > 1.0 else (-1.0 if raw < -1.0 else raw)
        return State(mean, quotes), (signal if quotes >= half_life_ticks else None)

    return atom(State(0.0, 0.0), step)
'''

TEST = '''"""What my_idea keeps: every law that `catui verify` holds it to, and facts of its own."""

from pathlib import Path

import pytest

from catui.core.machine import run
from catui.domain.signals import Features
from catui.plugins import construct, load_constructor
from catui.verify import Verdict, laws_of, lines, verify

KIND = load_constructor(f"{Path(__file__).with_name('my_idea.py')}:my_idea")


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {verdict.law: verdict for verdict in verify(KIND)}


@pytest.mark.parametrize("law", laws_of(KIND))
def test_it_keeps_the_law(law: str, verdicts: dict[str, Verdict]) -> None:
    assert verdicts[law].status != "broken", "\\n".join(lines(verdicts[law]))


# A law can hold on both sides of a mistake: say at least once, in numbers worked out on paper, what it should do.
def quote(log_return: float) -> Features:
    """A quote in a market that usually moves by 10 bps a quote."""
    return Features(
        time_s=0.0, mid=100.0, microprice=100.0, spread_bps=1.0, log_return=log_return, volatility=0.001,
        imbalance=0.0, depth_imbalance=0.0, order_flow=0.0, trade_flow=0.0,
    )  # fmt: skip


def test_by_hand() -> None:
    # half-life 1: half of the way at every quote; means 0.0005, -0.00025, 0.003875, over a volatility of 0.001
    signals = run(construct(KIND, {"half_life_ticks": 1.0}), [quote(0.001), quote(-0.001), quote(0.008)])
    assert signals == pytest.approx([0.5, -0.25, 1.0])
'''


def refusal(name: str) -> str | None:
    """Why a strategy cannot have this name; None: it can."""
    from catui.text import printable

    if not name.isidentifier() or iskeyword(name) or not name.isascii() or name.startswith("_"):
        return f"{printable(name)}: is no name for a strategy; use a-z, 0-9 and _, a letter first"
    if name in _taken() or hasattr(builtins, name):
        return f"{name}: is a name that the file itself needs; choose another"
    return None


def _taken() -> set[str]:
    """Every other name that the template uses."""
    nodes = list(ast.walk(ast.parse(STRATEGY)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)} | {"State", "msgspec", "catui"}
    used |= {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return used | {a.arg for node in nodes if isinstance(node, ast.arguments) for a in node.args}
