"""Themes: TOML files of colours by role -> the toolkit's theme for dialogs, and the palette of the panes.

    name, dark, inherits, colour_safe
    [base]        background foreground panel muted border accent warning error success
    [trading]     up down bid_bar ask_bar own last stale cursor changed
    [badge]       paper sim replay live halted reducing past       each [foreground, background]
    [ansi16]      role = one of the sixteen names                  optional
    [attributes]  role = words of bold dim underline reverse       optional

A colour is `#rrggbb`, or empty for the terminal's own. What a theme leaves out it has from the one it inherits.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import textual.theme
from msgspec import Struct
from msgspec.structs import replace
from rich.color import ANSI_COLOR_NAMES
from rich.style import Style

from catui.console.render.palette import Palette
from catui.errors import ConfigError
from catui.places import defaults_directory

BASE = ("background", "foreground", "panel", "muted", "border", "accent", "warning", "error", "success")
TRADING = ("up", "down", "bid_bar", "ask_bar", "own", "last", "stale", "cursor", "changed")
BADGES = ("paper", "sim", "replay", "live", "halted", "reducing", "past")
ROLES = (*BASE, *TRADING, *BADGES)
GROUNDS = ("bid_bar", "ask_bar", "cursor", "changed", "panel", "background")  # what lies behind text
TOP = {"name": str, "dark": bool, "inherits": str, "colour_safe": bool}
WORDS = ("bold", "dim", "underline", "reverse")
ANSI16 = tuple(name for name, place in ANSI_COLOR_NAMES.items() if place < 16)

COLOUR = re.compile(r"(#[0-9a-f]{6})?", re.ASCII)


class Theme(Struct, frozen=True):
    """A theme as it was read: colours by role, badges as (foreground, background).

    `colour_safe`: up and down are at least 40 apart (CIE76) to normal, protan, deutan and tritan eyes.
    """

    name: str
    dark: bool
    colour_safe: bool
    colours: dict[str, str]
    badges: dict[str, tuple[str, str]]
    ansi16: dict[str, str]
    attributes: dict[str, str]


def theme_dirs() -> tuple[Path, ...]:
    """Where themes are found: beside the package in a checkout, inside it in a wheel."""
    return (defaults_directory() / "themes",)


def load_themes(paths: Iterable[Path]) -> dict[str, Theme]:
    """All themes of the files and directories, by name, a later one in place of an earlier of its name.

    ConfigError: every fault of every file at once.
    """
    faults: list[str] = []
    read: dict[str, tuple[Path, dict[str, object]]] = {}
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            table = _read(file, faults)
            if table is not None:
                faults += _faults(file, table)
                read[str(table.get("name"))] = (file, table)
    if not faults:
        faults += [fault for name in read for fault in _incomplete(name, read)]
    if faults:
        raise ConfigError(tuple(faults))
    return {name: _theme(_inherited(name, read)) for name in read}


def _read(file: Path, faults: list[str]) -> dict[str, object] | None:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror}; mend its path or rights")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{file}: is no TOML: {error}; mend the line")
    return None


def _faults(file: Path, table: Mapping[str, object]) -> list[str]:
    """What is wrong with one file, taken alone."""
    faults = []
    sections = {"base": BASE, "trading": TRADING, "badge": BADGES, "ansi16": (*BASE, *TRADING), "attributes": ROLES}
    for key, value in table.items():
        if key in TOP:
            if type(value) is not TOP[key]:
                faults.append(f"{file}: {key} = {value!r}: is no {TOP[key].__name__}; write one")
        elif key not in sections:
            faults.append(f"{file}: {key} = {value!r}: is unknown; the sections are {', '.join(sections)}")
        elif not isinstance(value, dict):
            faults.append(f"{file}: {key} = {value!r}: is no section; write [{key}]")
        else:
            for role, entry in value.items():
                if role not in sections[key]:
                    faults.append(f"{file}: {key}.{role} = {entry!r}: is unknown; roles are {' '.join(sections[key])}")
                elif fault := _entry_fault(key, entry):
                    faults.append(f"{file}: {key}.{role} = {entry!r}: {fault}")
    if not table.get("name"):
        faults.append(f"{file}: name is missing; write name = {file.stem!r}")
    return faults


def _entry_fault(section: str, entry: object) -> str:
    match section, entry:
        case (("base" | "trading"), str(colour)) if COLOUR.fullmatch(colour):
            return ""
        case "badge", [str(front), str(back)] if COLOUR.fullmatch(front) and COLOUR.fullmatch(back):
            return ""
        case "ansi16", str(name) if name in ANSI16:
            return ""
        case "attributes", str(words) if all(word in WORDS for word in words.split()):
            return ""
        case "badge", _:
            return 'is no pair of colours; write ["#rrggbb", "#rrggbb"]'
        case "ansi16", _:
            return f"is none of the sixteen colours; write one of {' '.join(ANSI16)}"
        case "attributes", _:
            return f"is not made of {' '.join(WORDS)}"
        case _:
            return 'is no colour; write "#rrggbb" in lower case, or "" for the terminal\'s own'


Tables = dict[str, tuple[Path, dict[str, object]]]


def _incomplete(name: str, read: Tables) -> list[str]:
    """What is missing once everything inherited is counted."""
    file, seen, parent = read[name][0], {name}, str(read[name][1].get("inherits", ""))
    while parent:
        if parent not in read or parent in seen:
            fault = "is inherited in a circle" if parent in seen else "is no theme"
            return [f"{file}: inherits = {parent!r}: {fault}; known are {' '.join(sorted(read))}"]
        seen.add(parent)
        parent = str(read[parent][1].get("inherits", ""))
    table = _inherited(name, read)
    return [
        f"{file}: {section}.{role} is missing; write it, or inherit it"
        for section, roles in (("base", BASE), ("trading", TRADING), ("badge", BADGES))
        for role in roles
        if role not in _section(table, section)
    ]


def _section(table: Mapping[str, object], name: str) -> dict[str, object]:
    section = table.get(name, {})
    return section if isinstance(section, dict) else {}


def _inherited(name: str, read: Tables) -> dict[str, object]:
    """The theme's table laid over those it inherits from."""
    table = read[name][1]
    parent = str(table.get("inherits", ""))
    if not parent:
        return table
    below = _inherited(parent, read)
    merged: dict[str, object] = {**below, **table}
    for section in ("base", "trading", "badge", "attributes"):
        merged[section] = {**_section(below, section), **_section(table, section)}
    if "ansi16" not in table:  # another theme's sixteen colours would undo this one's
        own = {*_section(table, "base"), *_section(table, "trading")}
        merged["ansi16"] = {role: name for role, name in _section(below, "ansi16").items() if role not in own}
    return merged


def _theme(table: Mapping[str, object]) -> Theme:
    colours = {role: str(colour) for part in ("base", "trading") for role, colour in _section(table, part).items()}
    badges: dict[str, tuple[str, str]] = {}
    for role, pair in _section(table, "badge").items():
        if isinstance(pair, list):
            badges[role] = (str(pair[0]), str(pair[1]))
    return Theme(
        name=str(table["name"]),
        dark=table.get("dark", True) is True,
        colour_safe=table.get("colour_safe", True) is True,
        colours=colours,
        badges=badges,
        ansi16={role: str(name) for role, name in _section(table, "ansi16").items()},
        attributes={role: str(words) for role, words in _section(table, "attributes").items()},
    )


def palette(theme: Theme, is_ascii: bool = False, is_ansi16: bool = False) -> Palette:
    """The panes' ready styles. With `is_ansi16` the sixteen colours of the terminal, as the theme names them."""
    colours = {role: theme.ansi16.get(role, colour) if is_ansi16 else colour for role, colour in theme.colours.items()}
    text, background = colours["foreground"], "" if is_ansi16 else colours["background"]

    def style(role: str, front: str, back: str = background, *more: str) -> Style:
        words = [*theme.attributes.get(role, "").split(), *more, front, *(("on", back) if back else ())]
        return Style.parse(" ".join(word for word in words if word) or "none")

    fronts = {role: style(role, colours[role]) for role in ROLES if role in colours and role not in GROUNDS}
    return Palette(
        name=theme.name,
        is_ascii=is_ascii,
        text=fronts["foreground"],
        strong=style("foreground", text, background, "bold"),
        heading=style("foreground", text, background, "bold"),
        focus=style("accent", colours["accent"], background, "bold"),
        bid_bar=style("bid_bar", text, colours["bid_bar"]),
        ask_bar=style("ask_bar", text, colours["ask_bar"]),
        cursor=style("cursor", "", colours["cursor"]),
        changed=style("changed", "", colours["changed"]),
        bar=style("panel", "", "" if is_ansi16 else colours["panel"]),
        **{role: fronts[role] for role in ("muted", "border", "accent", "warning", "error", "success")},
        **{role: fronts[role] for role in ("up", "down", "own", "last", "stale")},
        **{role: style(role, front, back, "bold") for role, (front, back) in theme.badges.items()},
    )


def dimmed(bright: Palette) -> Palette:
    """The palette of a console whose engine is silent: everything muted but badges, warnings and errors."""
    muted = bright.muted
    roles = ("text", "strong", "heading", "accent", "success", "up", "down", "own", "last", "bid_bar", "ask_bar")
    return replace(bright, **dict.fromkeys(roles, muted))


def travelled(bright: Palette) -> Palette:
    """The palette of the past: every frame in its colour, so that no one takes an old picture for the desk."""
    return replace(bright, border=bright.past, heading=bright.past, focus=bright.past + Style(underline=True))


def textual_theme(theme: Theme) -> textual.theme.Theme:
    """The toolkit's theme, for dialogs; trading and badge colours as variables `$catui-up`, `$catui-live` and so on."""
    colours = {role: colour or "ansi_default" for role, colour in theme.colours.items()}
    return textual.theme.Theme(
        name=f"catui-{theme.name}",
        primary=colours["accent"],
        secondary=colours["up"],
        warning=colours["warning"],
        error=colours["error"],
        success=colours["success"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["panel"],
        panel=colours["panel"],
        dark=theme.dark,
        ansi=not theme.colours["background"],
        variables=theme_variables(theme),
    )


def theme_variables(theme: Theme) -> dict[str, str]:
    """The variables that dialogs' styles may use; give those of one theme as the app's defaults."""
    variables = {f"catui-{role.replace('_', '-')}": theme.colours[role] or "ansi_default" for role in TRADING}
    variables["catui-muted"] = theme.colours["muted"] or "ansi_default"
    variables["catui-border"] = theme.colours["border"] or "ansi_default"
    for role, (front, back) in theme.badges.items():
        variables[f"catui-{role}"] = front or "ansi_default"
        variables[f"catui-{role}-background"] = back or "ansi_default"
    return variables
