"""`catui serve`: the console in a browser."""

from typing import Annotated

import typer

from catui.cli.attach import Run
from catui.cli.options import Json


def serve(
    run: Run = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0: any that is free.")] = 8000,
    json: Json = False,
) -> None:
    """Show a running desk in a browser of this machine; it may watch, and has control by the run's token only.

    Example: catui serve --port 0
    """
    import asyncio
    import secrets
    import sys

    import msgspec

    from catui.console.web.server import Site, page_files, serve
    from catui.runtime.engines import the_engine
    from catui.runtime.websocket import bound

    files = page_files()
    engine = the_engine(run)
    listening = bound("127.0.0.1", port, f"--port {port}")
    key = secrets.token_urlsafe(16)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/{key}/"
    control = str(engine.file("control"))

    def ready() -> None:
        if json:
            typer.echo(msgspec.json.encode({"serving": url, "run": engine.run, "control": control}).decode())
        else:
            typer.echo(f"run     {engine.run}\npage    {url}\ncontrol U in the page, then the token in {control}")
            typer.echo("whoever has the address may watch; Ctrl+C ends it, the engine goes on")
        sys.stdout.flush()

    argv = (sys.executable, "-m", "catui", "attach", engine.directory, "--read-only", "--in-browser")
    asyncio.run(serve(Site(argv, key, engine.run, files), listening, ready))
    if json:
        typer.echo(msgspec.json.encode({"summary": True, "run": engine.run}).decode())
