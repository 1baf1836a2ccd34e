"""The laws as checks: each one a pure function that gives the smallest counter-example that it finds, or None.

    untouched(m, xs)            a step leaves the state and the input that it was given as they were
    repeatable(m, xs)           the same step, and the same run, twice is the same twice
    causal(m, xs, other)        an output does not depend on what comes after it
    replayed(m, xs)             a copy of the state goes on as the machine went on
    isolated(m, xs, other)      of two copies under `each`, interleaved, each says what it says alone
    silent_until(m, xs, n)      None before input n
    speaks_at(m, xs, n)         not None at input n
    finite(m, xs)               no NaN, no infinity, no exception
    within(m, xs, low, high)    numbers within bounds
    zero(m, xs)                 0, or None
    unchanged(m, pairs)         a change of the inputs changes no output
    negated(m, pairs)           a change of the inputs negates every output
    in_dialect(m, type, place)  it can be written as one flat text
    twin(m, reading, name, xs)  another reading gives the same outputs and state, to the bit

They take streams, and know nothing of what the streams are about. `core/purity.py` looks at the text of the steps.
A check that finds nothing has proved nothing: it has looked where mistakes are likely.
"""

from catui.core.check.draws import draws
from catui.core.check.example import Example, smallest
from catui.core.check.outputs import finite, negated, silent_until, speaks_at, unchanged, within, zero
from catui.core.check.readings import Reading, by_text, in_dialect, twin
from catui.core.check.streams import causal, isolated, repeatable, replayed, untouched

__all__ = [
    "Example",
    "Reading",
    "by_text",
    "causal",
    "draws",
    "finite",
    "in_dialect",
    "isolated",
    "negated",
    "repeatable",
    "replayed",
    "silent_until",
    "smallest",
    "speaks_at",
    "twin",
    "unchanged",
    "untouched",
    "within",
    "zero",
]
