"""Where things are: the user's files by the platform's conventions, and the defaults that came with catui."""

import os
from pathlib import Path

import platformdirs

HERE = Path(__file__).parent


def defaults_directory() -> Path:
    """`config.toml` and `themes/` as delivered: inside the wheel, or the top of the checkout."""
    packed = HERE / "defaults"
    return packed if packed.is_dir() else HERE.parent


def config_directory() -> Path:
    """The user's configuration: `config.toml`, and `themes/` of their own."""
    return Path(platformdirs.user_config_dir("catui", appauthor=False))


def config_file() -> Path | None:
    """The configuration that a start without `--config` reads; None: the defaults."""
    if named := os.environ.get("CATUI_CONFIG"):
        return Path(named)
    file = config_directory() / "config.toml"
    return file if file.is_file() else None


def runs_directory(named: str = "") -> Path:
    """Where runs are kept, one directory each: where the configuration says, else the user's data directory."""
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("catui", appauthor=False)) / "runs"


def exports_directory() -> Path:
    """Where the console puts tables, pictures and the row that was copied last."""
    return Path(platformdirs.user_data_dir("catui", appauthor=False)) / "exports"


def layouts_file() -> Path:
    """The layouts that the console saves: beside the user's configuration."""
    return config_directory() / "layouts.toml"


def log_directory() -> Path:
    """Where logs go: never to the terminal."""
    return Path(platformdirs.user_log_dir("catui", appauthor=False))


def cache_directory() -> Path:
    """What can be made again: compiled machines."""
    return Path(platformdirs.user_cache_dir("catui", appauthor=False))


SOCKET_BYTES = 103  # of a local socket's path, at most, on the strictest system
NAME_BYTES = 24  # of a file in the runtime directory


def runtime_directory() -> Path:
    """Where the engines that run can be reached: gone after a restart, and this user's alone.

    `$XDG_RUNTIME_DIR/catui`, else `/run/user/UID/catui`; `/tmp/catui-UID` where there is neither, or where the path is
    too long for a local socket.
    """
    for told in (os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.getuid()}"):
        found = Path(told) / "catui"
        if Path(told).is_absolute() and Path(told).is_dir() and len(os.fsencode(found)) < SOCKET_BYTES - NAME_BYTES:
            return found
    return Path(f"/tmp/catui-{os.getuid()}")
