"""State comes back from bytes as it was, types included, and equal states are equal bytes."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.domain.moment import Market, Standing, StrategyState
from catui.domain.orders import Leg, Side
from catui.domain.reports import Account, Positions
from catui.errors import IntegrityError
from catui.runtime import statecodec

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.binary(max_size=8)
    | st.sampled_from([Side.BUY, StrategyState.DRAIN])
    | st.builds(Leg, st.just("momentum"), st.integers(-9, 9))
    | st.builds(Account, lots=st.integers(), fifo=st.tuples(st.tuples(st.integers(), st.integers())))
    | st.builds(Standing, since_ns=st.integers(0, 2**60))
)
states = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
        | st.frozensets(st.integers(0, 99), max_size=4)
    ),
    max_leaves=12,
)


@given(states)
def test_a_state_comes_back_as_it_was(state: object) -> None:
    back = statecodec.decode(statecodec.encode(state))
    assert back == state
    assert statecodec.encode(back) == statecodec.encode(state)  # types too: True is not 1, a list is no tuple


@given(st.lists(states, max_size=4), st.data())
def test_what_was_written_before_changes_no_byte(several: list[object], data: st.DataObject) -> None:
    encoder = statecodec.Encoder()
    for _ in range(3):
        state = [data.draw(st.sampled_from(several)) for _ in range(2)] if several else []
        assert encoder.encode(state) == statecodec.encode(state)


def test_a_dict_that_has_changed_inside_of_a_frozen_value_is_written_as_it_is_now() -> None:
    encoder, table = statecodec.Encoder(), Positions(desk={"v:S": Account(lots=1)})
    encoder.encode(table)
    table.desk["v:S"] = Account(lots=2)
    assert statecodec.decode(encoder.encode(table)) == table


def test_dicts_keep_their_order_because_it_is_part_of_the_state() -> None:
    assert statecodec.digest({"a": 1, "b": 2}) != statecodec.digest({"b": 2, "a": 1})


def test_what_is_equal_is_written_once_whether_or_not_it_is_the_same_object() -> None:
    def standing() -> Standing:
        return Standing(since_ns=7, author="ann" * 100)

    one = standing()
    shared, equal = [one] * 50, [standing() for _ in range(50)]
    assert statecodec.encode(shared) == statecodec.encode(equal)
    assert len(statecodec.encode(equal)) < 2 * len(statecodec.encode([one])) + 50 * 10
    back = statecodec.decode(statecodec.encode(equal))
    assert all(each is back[0] for each in back)


def test_a_value_that_is_no_state_is_named() -> None:
    with pytest.raises(TypeError, match="object is no value of a state"):
        statecodec.encode((1, object()))


@pytest.mark.parametrize("kind", ["os:system", "catui.runtime.engine:recover", "catui.domain.orders:nothing"])
def test_only_value_classes_of_catui_are_looked_up(kind: str) -> None:
    import msgspec

    with pytest.raises(IntegrityError):
        statecodec.decode(msgspec.msgpack.encode([[["s", kind, 1]], ["r", 0]]))


def test_the_digest_does_not_depend_on_the_hash_seed() -> None:
    program = (
        "from catui.runtime.statecodec import digest\n"
        "from catui.domain.moment import Market\n"
        "print(digest((frozenset({'x', 'y', 'zz'}), {'a': Market('v:S')})))"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "12345")
    }
    assert len(outs) == 1
    assert outs == {statecodec.digest((frozenset({"x", "y", "zz"}), {"a": Market("v:S")})) + "\n"}
