"""A secret: it can sign, and nothing can open it, not even by accident in a log, a traceback or a dump."""

import hashlib
import hmac
import os
from typing import NoReturn


class Secret:
    """A venue's API secret. `repr`, `str`, `format`, pickle and `==` never show what it is."""

    __slots__ = ("_keyed",)

    def __init__(self, text: str) -> None:
        self._keyed = hmac.new(text.encode(), digestmod=hashlib.sha256)  # holds the key's hash state, not the key

    def sign(self, payload: str) -> str:
        """HMAC SHA-256 over exactly these bytes, in hex."""
        signing = self._keyed.copy()
        signing.update(payload.encode())
        return signing.hexdigest()

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


def environment_secret(name: str) -> str | None:
    """A secret from the environment, taken out of it so that no child inherits it."""
    return os.environ.pop(name, None)
