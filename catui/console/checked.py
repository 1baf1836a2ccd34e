"""What of the configuration only the console can judge: keys and layouts."""

from collections.abc import Callable

from catui.config import Config
from catui.console.keys.keymap import keymap
from catui.console.look.layouts import layouts
from catui.errors import ConfigError


def faults(config: Config) -> tuple[str, ...]:
    """Every fault of `[keys]` and `[layout.NAME]` at once; none where all is well."""
    return (
        *_said(lambda: keymap(config.keys)),
        *_said(lambda: layouts({name: layout.rows for name, layout in config.layout.items()})),
    )


def _said(check: Callable[[], object]) -> tuple[str, ...]:
    try:
        check()
    except ConfigError as error:
        return tuple(error.faults)
    return ()
