"""`catui record`: a venue's words to a tape."""

from pathlib import Path
from typing import Annotated

import typer

from catui.cli.options import ConfigFile, Json, Set, Source, duration_s


def record(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The tape to write, NAME.jsonl.gz.")],
    source: Source = "simulated",
    duration: Annotated[str | None, typer.Option(metavar="TIME", help="Stop after so much time: 60s, 1h.")] = None,
    config: ConfigFile = None,
    set_: Set = None,
    json: Json = False,
) -> None:
    """Record what a venue sends, word for word, until the time is over or Ctrl+C.

    Example: catui record --source simulated --duration 60s --out day.jsonl.gz
    """
    import msgspec

    from catui.config import load
    from catui.runtime.recorder import record as recorded

    settings = load(config, tuple(set_ or ()))
    records = recorded(source, settings, out, duration_s(duration))
    if json:
        typer.echo(msgspec.json.encode({"summary": True, "file": str(out), "records": records}).decode())
    else:
        typer.echo(f"{out}: {records:,} records")
