"""Every registered kind keeps every law: by its defaults, at the corners of its bounds, in every reading."""

from typing import Any

import pytest

from catui.domain.kind import Kind
from catui.features.registry import ALL as FEATURES
from catui.strategies.registry import ALL as STRATEGIES
from catui.verify import verify
from catui.verify.report import lines

ALL = (*FEATURES, *STRATEGIES)
SLICE = 7


@pytest.mark.parametrize("kinds", [ALL[i : i + SLICE] for i in range(0, len(ALL), SLICE)], ids=lambda of: of[0].name)
def test_every_kind_of_the_library_keeps_every_law(kinds: tuple[Kind[..., Any], ...]) -> None:
    found = list(verify(*kinds))
    assert not [line for verdict in found if verdict.status != "kept" for line in lines(verdict)]
    laws = {kind.name: {verdict.law for verdict in found if verdict.kind == kind.name} for kind in kinds}
    assert all(len(of) >= 11 and kind.symmetries <= of for kind, of in zip(kinds, laws.values(), strict=True))
