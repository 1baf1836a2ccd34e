"""`catui strategies`: the library."""

from typing import TYPE_CHECKING, Any

import typer

from catui.cli.options import Json

if TYPE_CHECKING:
    from catui.domain.kind import Kind


def strategies(json: Json = False) -> None:
    """List the kinds of strategies: parameters with bounds and units, warm-up, declared symmetries.

    Example: catui strategies --json
    """
    import msgspec

    from catui.strategies.registry import ALL

    if json:
        for kind in ALL:
            typer.echo(msgspec.json.encode(_facts(kind)).decode())
        summary = {"summary": True, "strategies": len(ALL), "for_desk": sum(kind.is_for_desk for kind in ALL)}
        typer.echo(msgspec.json.encode(summary).decode())
        return
    typer.echo("\n\n".join("\n".join(_lines(kind)) for kind in ALL))


def _facts(kind: "Kind[..., Any]") -> dict[str, Any]:
    """A kind as data."""
    return {
        "name": kind.name,
        "text": kind.text,
        "for_desk": kind.is_for_desk,
        "input": _type(kind.input),
        "output": _type(kind.output),
        "warm_up_ticks": kind.warm_up_ticks({name: p.default for name, p in kind.parameters.items()}),
        "symmetries": sorted(kind.symmetries),
        "parameters": kind.parameters,
    }


def _type(kind: object) -> str:
    """A type in the words of a signature."""
    args = getattr(kind, "__args__", ())
    if isinstance(kind, type) and not args:
        return kind.__name__
    if getattr(kind, "__origin__", None) is tuple:
        return f"({', '.join(map(_type, args))})"
    return " | ".join("None" if one is type(None) else _type(one) for one in args)


def _lines(kind: "Kind[..., Any]") -> list[str]:
    """A kind for people."""
    facts = _facts(kind)
    lines = [f"{kind.name}: {kind.text}"]
    width = max(map(len, kind.parameters), default=0)
    for name, about in kind.parameters.items():
        lines.append(f"    {name:<{width}} = {about.default:<6g} {about.range}{f'; {about.text}' * bool(about.text)}")
    lines.append(f"    speaks from input {facts['warm_up_ticks']} on; {', '.join(facts['symmetries'])}")
    if not kind.is_for_desk:
        lines.append(f"    not for the desk yet: takes {facts['input']}, gives {facts['output']}")
    return lines
