"""Client order ids: recognisable without a journal, made without a clock and without chance.

The text of a UUID of version 8 (RFC 9562), lower case, from the most significant bit on:

    desk 16 | run 32 | version 4 (= 8) | owner 12 | variant 2 (= 0b10) | sequence 30 | check 32

`check` is keyed BLAKE2s of the 96 bits before it, so that a foreign id is not taken for one of ours.
"""

import re
from hashlib import blake2s
from typing import NamedTuple

DESK_TAG = 0xCA71
MAX_RUN = 2**32 - 1
MAX_OWNER = 2**12 - 1
MAX_SEQUENCE = 2**30 - 1

_KEY = b"catui client order id"
_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


class Identity(NamedTuple):
    """What an order id says: the run, the owner's index on the desk, the number of the order in the run."""

    run_id: int
    owner: int
    sequence: int


def order_id(identity: Identity) -> str:
    """The id's text. ValueError: a part outside its bits. Law: `parse(order_id(x)) == x`; distinct parts, distinct ids.

    >>> order_id(Identity(run_id=1, owner=0, sequence=0))[:23]
    'ca710000-0001-8000-8000'
    """
    run_id, owner, sequence = identity
    if not 0 <= run_id <= MAX_RUN or not 0 <= owner <= MAX_OWNER or not 0 <= sequence <= MAX_SEQUENCE:
        raise ValueError(f"an order id holds 32 bits of run, 12 of owner and 30 of sequence, got {identity}")
    head = (DESK_TAG << 80) | (run_id << 48) | (8 << 44) | (owner << 32) | (0b10 << 30) | sequence
    body = head.to_bytes(12)
    text = (body + _check(body)).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def parse(text: str) -> Identity | None:
    """What the id says; None where it is not one of ours: other text, another tag, or a check that fails."""
    if not _TEXT.fullmatch(text):
        return None
    whole = bytes.fromhex(text.replace("-", ""))
    body, check = whole[:12], whole[12:]
    head = int.from_bytes(body)
    if head >> 80 != DESK_TAG or check != _check(body):
        return None
    return Identity((head >> 48) & MAX_RUN, (head >> 32) & MAX_OWNER, head & MAX_SEQUENCE)


def owners(strategies: tuple[str, ...]) -> dict[str, int]:
    """The index of every owner of a desk: the ensemble 0, the operator 1, then the strategies in their order."""
    return {"ensemble": 0, "manual": 1} | {name: index for index, name in enumerate(strategies, start=2)}


def _check(body: bytes) -> bytes:
    return blake2s(body, digest_size=4, key=_KEY).digest()
