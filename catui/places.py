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


def runs_directory() -> Path:
    """Where runs are kept: one directory each."""
    return Path(platformdirs.user_data_dir("catui", appauthor=False)) / "runs"


def log_directory() -> Path:
    """Where logs go: never to the terminal."""
    return Path(platformdirs.user_log_dir("catui", appauthor=False))


def cache_directory() -> Path:
    """What can be made again: compiled machines."""
    return Path(platformdirs.user_cache_dir("catui", appauthor=False))
