"""A secret signs and says nothing else, whoever asks."""

import copy
import hashlib
import hmac
import json
import pickle
import traceback

import msgspec
import pytest

from catui.venues.secret import Secret

CANARY = "canary-5f1d"


def test_it_signs_as_hmac_does_each_time_anew() -> None:
    secret = Secret(CANARY)
    for payload in ("a=1", "", "a=1"):
        assert secret.sign(payload) == hmac.new(CANARY.encode(), payload.encode(), hashlib.sha256).hexdigest()


def test_no_way_of_writing_shows_it() -> None:
    secret = Secret(CANARY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", f"{[secret]}", f"{secret:x}", "%s" % secret]  # noqa: UP031  # that way, too
    assert not [text for text in shown if CANARY in text]
    assert not hasattr(secret, "__dict__")


def test_it_cannot_be_copied_into_a_file() -> None:
    for write in (pickle.dumps, copy.deepcopy, json.dumps, msgspec.json.encode, msgspec.msgpack.encode):
        with pytest.raises(TypeError):
            write(Secret(CANARY))


def test_two_secrets_cannot_be_compared() -> None:
    assert Secret(CANARY) != Secret(CANARY)
    assert Secret(CANARY) != CANARY


def test_a_traceback_with_locals_does_not_show_it() -> None:
    secret = Secret(CANARY)
    try:
        secret.sign(5)  # type: ignore[arg-type]  # wrong on purpose
    except AttributeError as error:
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "Secret(...)" in told
    assert CANARY not in told.replace(f'CANARY = "{CANARY}"', "")
