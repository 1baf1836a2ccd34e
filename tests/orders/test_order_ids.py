"""Client order ids: ours are recognised, others are not, and no two are alike."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.orders.ids import Identity, order_id, owners, parse

identities = st.builds(
    Identity, st.integers(0, 2**32 - 1), owner=st.integers(0, 2**12 - 1), sequence=st.integers(0, 2**30 - 1)
)


@given(identities)
def test_an_id_says_what_it_was_made_of(identity: Identity) -> None:
    assert parse(order_id(identity)) == identity


@given(identities, identities)
def test_two_orders_have_two_ids(a: Identity, b: Identity) -> None:
    assert (order_id(a) == order_id(b)) == (a == b)


@given(identities)
def test_an_id_is_lower_case_uuid_text_of_version_8(identity: Identity) -> None:
    text = order_id(identity)
    assert re.fullmatch(r"[0-9a-f-]{36}", text)
    assert str(UUID(text)) == text
    assert UUID(text).version == 8
    assert UUID(text).variant == "specified in RFC 4122"


@given(identities, st.integers(0, 35), st.sampled_from("0123456789abcdef"))
def test_an_id_with_another_digit_is_not_ours(identity: Identity, place: int, digit: str) -> None:
    text = order_id(identity)
    other = text[:place] + digit + text[place + 1 :]
    assert parse(other) == (identity if other == text else None)


@pytest.mark.parametrize(
    "text", ["", "x-1", "00000000-0000-8000-8000-000000000000", "CA710000-0001-8000-8000-000000000000"]
)
def test_foreign_text_is_not_ours(text: str) -> None:
    assert parse(text) is None


def test_owners_have_stable_places() -> None:
    assert owners(("up", "down")) == {"ensemble": 0, "manual": 1, "up": 2, "down": 3}


@pytest.mark.parametrize(
    "identity", [Identity(2**32, 0, 0), Identity(0, 2**12, 0), Identity(0, 0, 2**30), Identity(-1, 0, 0)]
)
def test_parts_beyond_their_bits_are_refused(identity: Identity) -> None:
    with pytest.raises(ValueError, match="32 bits of run"):
        order_id(identity)
