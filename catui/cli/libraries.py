"""`catui strategies`, `catui features`: the libraries."""

from typing import Annotated

import typer

from catui.cli.options import Json

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them, with its documentation.")]
NameOrFile = Annotated[
    str | None,
    typer.Argument(metavar="[NAME | FILE.py[:NAME]]", help="One of them, with its documentation; those of a file."),
]


def strategies(name: NameOrFile = None, json: Json = False) -> None:
    """List the kinds of strategies: parameters with bounds and units, warm-up, declared symmetries.

    Example: catui strategies momentum
    """
    from catui.cli.kinds import show
    from catui.plugins import is_file, load_constructor, load_constructors
    from catui.strategies.registry import KINDS

    if name is not None and ":" in name:
        kind = load_constructor(name)
        show({kind.name: kind}, kind.name, as_json=json, what="strategies")
    elif name is not None and is_file(name):
        show({kind.name: kind for kind in load_constructors(name)}, None, as_json=json, what="strategies")
    else:
        show(KINDS, name, as_json=json, what="strategies")


def features(name: Name = None, json: Json = False) -> None:
    """List the kinds of features: what they take and give, parameters with bounds and units, warm-up, symmetries.

    Example: catui features rsi
    """
    from catui.cli.kinds import show
    from catui.features.registry import KINDS

    show(KINDS, name, as_json=json, what="features")
