"""Showing the console: of an engine, or of a recorded run; and with what it ends."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from catui.config import Config
from catui.console.app import CatuiApp
from catui.console.commands.reload import ConfigFile
from catui.console.look.arrangement import AUTO, Arrangement
from catui.console.look.layouts import layouts, read
from catui.console.modes.past import OpenPast
from catui.console.source import Recorded
from catui.console.terminal import as_given, is_ascii_only, left_on_signals, must_draw, theme_for
from catui.console.words.when import When
from catui.errors import ConfigError
from catui.places import cache_directory, config_directory, layouts_file
from catui.runtime.attach import AttachHost
from catui.runtime.host import Host
from catui.runtime.journal import JournalReader
from catui.runtime.logbook import libraries_heard
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.client import SeekerClient
from catui.text import printable


def show_run(directory: Path, config: Config, at: When | None = None) -> int:
    """Open the console on a recorded run, without an engine, at its end or `at` a moment; the exit code.

    UsageError, IntegrityError: no such run, no journal that can be read, no terminal to draw on.
    """
    JournalReader(directory).close()
    directory = directory.resolve()
    return show(Recorded(directory.name), config, lambda _: past_in(directory.parent)(directory.name), at)


def show(
    source: Host,
    config: Config,
    open_past: OpenPast | None = None,
    at: When | None = None,
    *,
    can_branch: bool = True,
    in_browser: bool = False,
    reread: Callable[[], Config] | None = None,
) -> int:
    """The console of an engine, wherever that runs; the exit code. UsageError: there is no terminal to draw on.

    `can_branch`: the run's record is at hand, so that branches can be grown from it. `reread` reads the configuration
    again. `in_browser`: the terminal is that of a page, which can draw everything.
    """
    if not in_browser:
        must_draw()
    settings = config.console
    own_themes = config_directory() / "themes"
    app = CatuiApp(
        source,
        theme=theme_for(settings.theme, os.environ),
        theme_paths=(own_themes,) if own_themes.is_dir() else (),
        keys=config.keys,
        is_ascii=not in_browser and is_ascii_only(as_given(os.environ), sys.stderr.encoding or ""),
        bell=config.console.bell,
        open_past=open_past,
        at=at,
        can_branch=can_branch,
        arrangement=arrangement_of(config),
        config=None if reread is None else ConfigFile(config, reread),
    )
    code = asyncio.run(run_console(app, mouse=settings.mouse))
    if words := farewell(source):
        sys.stderr.write(f"{words}\n")
    return code


def farewell(source: Host) -> str:
    """What stays on the terminal: how the run has ended, or that it goes on; nothing of one that was only looked at."""
    if isinstance(source, Recorded):
        return ""
    if source.ended() is None:
        return "the engine goes on; catui attach comes back to it"
    return printable(source.status(), 400)


async def run_console(app: CatuiApp, mouse: bool = True) -> int:
    """Run until it is left; whatever happens, the source is closed. The exit code: 143 and 129 after a signal."""
    with left_on_signals(app.leave), libraries_heard(app.hear):
        try:
            await app.run_async(mouse=mouse)
        finally:
            await app.close_source()
    return 130 if app.return_code is None else app.return_code


def arrangement_of(config: Config) -> Arrangement:
    """The layouts: delivered, of the configuration, and saved by the console; it starts as the configuration says.

    ConfigError: every fault of the layouts, or a name that none of them has.
    """
    saved, start = read(layouts_file())
    written = {name: layout.rows for name, layout in config.layout.items()}
    trees = layouts({**written, **saved})
    wanted = config.console.layout
    if wanted not in ("", AUTO, *trees):
        known = " ".join((AUTO, *trees))
        raise ConfigError((f"console.layout = {wanted!r}: is no layout; known are {known}",))
    return Arrangement(trees, wanted or start)


def past_in(runs: Path) -> OpenPast:
    """The past of a run in this directory, by the run's name; the seeker's own states go to the user's cache."""
    return lambda run: SeekerClient(SeekerChild(runs / run, cache_directory() / "past"))


def past_over(host: AttachHost) -> OpenPast:
    """The past of the run that a console is attached to, read beside the engine and carried over its connection."""
    return lambda _: SeekerClient(host.carried())
