"""`catui strategies`, `catui features`: the libraries."""

from typing import Annotated

import typer

from catui.cli.options import Json

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them, with its documentation.")]


def strategies(name: Name = None, json: Json = False) -> None:
    """List the kinds of strategies: parameters with bounds and units, warm-up, declared symmetries.

    Example: catui strategies momentum
    """
    from catui.cli.kinds import show
    from catui.strategies.registry import KINDS

    show(KINDS, name, as_json=json, what="strategies")


def features(name: Name = None, json: Json = False) -> None:
    """List the kinds of features: what they take and give, parameters with bounds and units, warm-up, symmetries.

    Example: catui features rsi
    """
    from catui.cli.kinds import show
    from catui.features.registry import KINDS

    show(KINDS, name, as_json=json, what="features")
