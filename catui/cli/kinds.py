"""The libraries on the command line: every kind, or one of them with its documentation, for people and for machines."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import msgspec
import typer

from catui.domain.kind import Kind
from catui.errors import UsageError
from catui.text import printable

Kinds = Mapping[str, Kind[..., Any]]


def show(kinds: Kinds, name: str | None, *, as_json: bool, what: str) -> None:
    """Print all kinds, or the one of that name with its documentation; `what` is what they are called.

    UsageError: no kind has that name; with the nearest that one has.
    """
    shown = list(kinds.values()) if name is None else [_named(kinds, name, what)]
    if as_json:
        for kind in shown:
            documented = {} if name is None else {"documentation": kind.documentation}
            typer.echo(msgspec.json.encode({**facts(kind), **documented}).decode())
        for_desk = {} if shown[0].is_feature else {"for_desk": sum(kind.is_for_desk for kind in shown)}
        typer.echo(msgspec.json.encode({"summary": True, what: len(shown), **for_desk}).decode())
        return
    typer.echo("\n\n".join("\n".join(_lines(kind)) for kind in shown))
    if name is not None:
        typer.echo(shown[0].documentation.partition("\n")[2].rstrip())


def facts(kind: Kind[..., Any]) -> dict[str, Any]:
    """A kind as data."""
    return {
        "name": kind.name,
        "text": kind.text,
        **({} if kind.is_feature else {"for_desk": kind.is_for_desk}),
        "input": type_text(kind.input),
        "output": type_text(kind.output),
        "warm_up_ticks": kind.warm_up_ticks({name: p.default for name, p in kind.parameters.items()}),
        "waits_for": kind.waits_for,
        "symmetries": sorted(kind.symmetries),
        "parameters": kind.parameters,
    }


def type_text(kind: object) -> str:
    """A type in the words of a signature.

    >>> type_text(tuple[float, float | None])
    '(float, float | None)'
    """
    args = getattr(kind, "__args__", ())
    if isinstance(kind, type) and not args:
        return kind.__name__
    if getattr(kind, "__origin__", None) is tuple:
        return f"({', '.join(map(type_text, args))})"
    return " | ".join("None" if one is type(None) else type_text(one) for one in args)


def speaks(kind: Kind[..., Any]) -> str:
    """From when on a kind says something, by its defaults."""
    first = kind.warm_up_ticks({name: about.default for name, about in kind.parameters.items()})
    return f"speaks from input {first} on{f', and waits for {kind.waits_for}' * bool(kind.waits_for)}"


def _named(kinds: Kinds, name: str, what: str) -> Kind[..., Any]:
    if name in kinds:
        return kinds[name]
    near = get_close_matches(name, kinds, n=1)
    mend = f"did you mean {near[0]}?" if near else f"`catui {what}` lists them"
    raise UsageError(f"{printable(name)}: is none of the {what}; {mend}")


def _lines(kind: Kind[..., Any]) -> list[str]:
    """A kind for people."""
    lines = [f"{kind.name}: {kind.text}"]
    width = max(map(len, kind.parameters), default=0)
    for name, about in kind.parameters.items():
        lines.append(f"    {name:<{width}} = {about.default:<6g} {about.range}{f'; {about.text}' * bool(about.text)}")
    lines.append(f"    {speaks(kind)}; {', '.join(sorted(kind.symmetries))}")
    types = f"takes {type_text(kind.input)}, gives {type_text(kind.output)}"
    if kind.is_feature:
        lines.append(f"    {types}")
    elif not kind.is_for_desk:
        lines.append(f"    not for the desk yet: {types}")
    return lines
