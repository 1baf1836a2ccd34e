"""`catui tape`: what a recording holds."""

from pathlib import Path
from typing import Annotated

import typer

from catui.cli.options import Json

app = typer.Typer(help="Look into recordings.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Look into recordings."""


@app.command()
def info(file: Annotated[Path, typer.Argument(metavar="FILE")], json: Json = False) -> None:
    """Say what a recording holds: records, channels, span, what became of every frame, and where it is damaged.

    Example: catui tape info day.jsonl.gz --json
    """
    import msgspec

    from catui.venues.tape import info as described

    found = described(file)
    if json:
        typer.echo(msgspec.json.encode({"summary": True, **msgspec.to_builtins(found)}).decode())
    else:
        typer.echo(f"{found.file}: {found.venue}, {', '.join(found.symbols)}, {found.span_s:,.1f} s")
        for title, counts in (("records", found.records), ("channels", found.channels), ("frames", found.frames)):
            shown = "  ".join(f"{name} {count:,}" for name, count in counts.items() if count)
            typer.echo(f"  {title:<9} {shown or 'none'}")
        for fault in (found.damage, found.first_refusal):
            if fault:
                typer.echo(f"  fault     {fault}")
    if found.damage:
        raise typer.Exit(4)
