"""`catui verify`: the laws, on any strategy or feature."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from catui.cli.options import Json

if TYPE_CHECKING:
    from catui.domain.kind import Kind


def verify(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE.py[:NAME] | MODULE[:NAME] | NAME", help="What to verify.", show_default=False),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything in the registries.")] = False,
    json: Json = False,
) -> None:
    """Hold a strategy or feature to the laws: causality, replay, isolation, warm-up, what it declares, equal readings.

    A law that is broken is shown with the smallest input on which it was seen to fail, and the exit code is 1.

    Example: catui verify my_idea.py
    """
    import msgspec

    from catui.errors import UsageError
    from catui.verify import verify as verdicts
    from catui.verify.laws import LAWS
    from catui.verify.report import facts, lines, sentence, summary

    if all_ == bool(targets):
        raise UsageError("name what to verify, e.g. FILE.py:NAME or momentum, or say --all; not both")
    found = []
    for verdict in verdicts(*kinds_of(targets)):
        found.append(verdict)
        if json:
            typer.echo(msgspec.json.encode(facts(verdict)).decode())
            continue
        if verdict.law == LAWS[0].name:
            typer.echo(verdict.kind)
        typer.echo("\n".join(lines(verdict)))
    typer.echo(msgspec.json.encode(summary(found)).decode() if json else sentence(found))
    raise typer.Exit(1 if any(verdict.status == "broken" for verdict in found) else 0)


def kinds_of(targets: list[str] | None) -> "tuple[Kind[..., Any], ...]":
    """The kinds that are named; without a name, every kind of the registries."""
    from catui.features import registry as features
    from catui.plugins import load_constructor, load_constructors
    from catui.strategies import registry as strategies

    if not targets:
        return (*features.ALL, *strategies.ALL)
    known = {**features.KINDS, **strategies.KINDS}
    named: list[Kind[..., Any]] = []
    for target in targets:
        if target in known:
            named.append(known[target])
        elif ":" in target:
            named.append(load_constructor(target))
        else:
            named.extend(load_constructors(target))
    return tuple(named)
