"""Arbitrary machines: random trees of every combinator over random finite tables, on the inputs 0 to 6.

A property over these is a property of the combinators: no machine here was written with a law in mind.
"""

from typing import Any

from hypothesis import strategies as st

from catui.core.machine import Machine, atom, delay, each, feedback, identity, lift, many, named, resume, scan

SIZE = 7  # inputs and outputs are 0 to 6

Simple = Machine[Any, int, int]
Pair = tuple[int, int]
Paired = Machine[Any, Pair, Pair]

letters = st.integers(0, SIZE - 1)
words = st.lists(letters, max_size=12)
pairs = st.lists(st.tuples(letters, letters), max_size=12)
keyed_words = st.lists(st.tuples(st.sampled_from("xyz"), letters), max_size=16)
functions = st.lists(letters, min_size=SIZE, max_size=SIZE).map(lambda table: lambda x: table[x])


@st.composite
def tables(draw: st.DrawFn) -> Simple:
    """Any Mealy machine of up to four states."""
    count = draw(st.integers(1, 4))
    cell = st.tuples(st.integers(0, count - 1), letters)
    rows = draw(st.lists(st.lists(cell, min_size=SIZE, max_size=SIZE), min_size=count, max_size=count))
    return atom(0, lambda s, x: rows[s][x])


def _both(x: int) -> Pair:
    return x, (3 * x + 1) % SIZE


def _sum(pair: Pair) -> int:
    return (pair[0] + 2 * pair[1]) % SIZE


def _advanced(machine: Simple, seen: list[int]) -> Simple:
    return resume(machine, scan(machine, seen)[0])


def _by_parity(machine: Simple) -> Simple:
    keyed: Machine[Any, tuple[int, int], tuple[int, int]] = each(machine)
    return keyed.premap(_with_parity).map(lambda pair: pair[1])


def _with_parity(x: int) -> Pair:
    return x % 2, x


def _grown(smaller: st.SearchStrategy[Simple]) -> st.SearchStrategy[Simple]:
    two = st.tuples(smaller, smaller)
    return st.one_of(
        two.map(lambda fg: fg[0] >> fg[1]),
        two.map(lambda fg: (fg[0] * fg[1]).premap(_both).map(_sum)),
        two.map(lambda fg: (fg[0] & fg[1]).map(_sum)),
        st.tuples(letters, two).map(lambda c: feedback(c[0], lift(_mixed) >> (c[1][0] * c[1][1]))),
        smaller.map(_by_parity),
        smaller.map(lambda f: many(f).premap(lambda x: (x,) * (x % 3)).map(lambda ys: (len(ys) + sum(ys)) % SIZE)),
        smaller.map(lambda f: named("inner", f)),
        st.tuples(smaller, words).map(lambda c: _advanced(*c)),
    )


def _mixed(pair: Pair) -> Pair:
    a, c = pair
    return (a + c) % SIZE, (a + 3 * c + 2) % SIZE


leaves = st.one_of(tables(), letters.map(delay), functions.map(lift), st.just(identity))
machines: st.SearchStrategy[Simple] = st.recursive(leaves, _grown, max_leaves=5)


@st.composite
def bodies(draw: st.DrawFn) -> Paired:
    """Any machine on pairs, both outputs of which depend on both inputs and on the past of both."""
    before, after = draw(machines), draw(machines)
    return lift(_mixed) >> (before * after) >> lift(_mixed) >> (draw(machines) * draw(machines))
