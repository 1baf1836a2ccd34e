"""`catui new`: a file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from catui.cli.options import Json

app = typer.Typer(help="Begin a file of your own.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Begin a file of your own."""


@app.command()
def strategy(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    directory: Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where to write it.")] = Path(),
    json: Json = False,
) -> None:
    """Write a strategy that works, and its tests beside it, to be changed into your own.

    Example: catui new strategy my_idea --dir strategies
    """
    import msgspec

    from catui.cli.new_files import STRATEGY, TEST, refusal
    from catui.errors import UsageError

    if fault := refusal(name):
        raise UsageError(fault)
    files = {directory / f"{name}.py": STRATEGY, directory / f"test_{name}.py": TEST}
    for file in files:
        if file.exists():
            raise UsageError(f"{file}: is there already; choose another name, or --dir")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            file.write_text(text.replace("my_idea", name), "utf-8")
    except OSError as error:
        raise UsageError(f"{directory}: cannot be written to: {error}") from None
    made, tests = files
    if json:
        facts = {"summary": True, "file": str(made), "tests": str(tests), "constructor": f"{made}:{name}"}
        typer.echo(msgspec.json.encode(facts).decode())
        return
    typer.echo(f"{made}\n{tests}\nnext:\n  python -m pytest {tests}\n  catui verify {made}:{name}")
    typer.echo(f"  catui run --set strategies.{name[:24].lower()}.kind={made}:{name} --speed max --duration 60s")
