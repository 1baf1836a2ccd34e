"""Pages read off the code: the wiring in architecture.md, settings.md, keys.md, strategies.md. Run: `make docs`."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catui.config import load, schema
from catui.console.keys import docs, keymap
from catui.core.wiring import outline
from catui.domain.kind import Kind
from catui.domain.settings import Desk
from catui.pipeline import pipeline
from catui.places import defaults_directory
from catui.runtime.source import open_source
from catui.strategies.registry import ALL, DESK_KINDS

HERE = Path(__file__).parent
BEGIN, END = "<!-- wiring: begin -->\n", "<!-- wiring: end -->\n"

SETTINGS = """# Settings

Read off the code by `make docs`; `catui config schema` says the same as JSON Schema.

A value is looked for in this order: `--set section.key=value`, the file, the default. The file is the one of
`--config`, else the one that `CATUI_CONFIG` names, else `config.toml` where `catui locate` says, else none: every
setting has a default. To begin a file of your own: `catui config show > config.toml`. `catui config check` says all
that is wrong with one at once, each fault with its line and what mends it.

Every name says its unit: `_bps` is a hundredth of a percent, `_quote` an amount of the quote currency, written as text
so that no digit of it is lost. Secrets are no settings: they come from the environment.
"""

STRATEGIES = """
## [strategies.NAME]

One section a strategy; `kind` says which, and its parameters stand beside it. The name is yours: a-z, 0-9 and _. A file
that names no strategy has one of kind `momentum` and one, named `reversion`, of kind `mean_reversion`.
[strategies.md](strategies.md) says what each does.
"""

STRATEGY_LIBRARY = """# Strategies

Read off the code by `make docs`; `catui strategies` says the same, `catui strategies --json` to programs.

A strategy is a machine from the features of one instrument to a signal in [-1, 1]: the share of a full position that it
wants, None while it warms up. One is put on the desk by a section of the configuration, see [settings.md](settings.md):

```toml
[strategies.slow_trend]
kind = "time_series_momentum"
half_life_ticks = 2000
```

## One of your own

```sh
catui new strategy my_idea                    # my_idea.py, which works, and test_my_idea.py: change them into yours
python -m pytest test_my_idea.py              # the facts that you write down of it
catui verify my_idea.py:my_idea               # its laws: no look-ahead, replay, symmetries, one text
catui run --set strategies.idea.kind=my_idea.py:my_idea --speed max --duration 60s
catui console --set strategies.idea.kind=my_idea.py:my_idea
```

In a configuration it is `kind = "my_idea.py:my_idea"`, from the configuration's folder on, or
`kind = "package.module:my_idea"`, with parameters beside it as for any other kind; `catui config check` says all that
is wrong with one, by its file and line. A file is run as it is, with all your rights.

A run keeps the text of every such file in its record, and is replayed and taken up from that copy, whatever has become
of the file. Of modules that the file imports nothing is kept. A module of a package is kept by its hash, and a replay
is refused where it has changed.

A step that goes wrong on the desk (it raises, or gives what is no number in [-1, 1]) stops that strategy alone, with
an alert; the others go on.

## What is declared

What a strategy declares of itself is tested: `odd`, mirrored returns and swapped sides of the book give the negative
signal; `scale_free`, it is blind to the scale of prices; `time_free`, a shift of time changes nothing; `flat`, the
signal is 0 on a constant price; `bounded`, it is within [-1, 1].
"""

KEYS = """# Keys

Read off the table of actions by `make docs`; in the console `?` shows the same, with your own keys.

What lowers risk works at one key, at once; what raises it asks first. A key of a pane works while that pane has the
focus. Two keys with a blank between are a chord: the second within a second and a half of the first. `LIVE` is a desk
whose orders reach a venue that takes real money.

An action takes other keys by its id, more than one apart by commas; the four of the emergency row can be moved, but not
taken away:

```toml
[keys]
halt = "f8,f12"
flatten = "f x"
```

"""


def wiring() -> str:
    """The wiring of the delivered desk on the embedded exchange."""
    config = load(defaults_directory() / "config.toml")
    opened = asyncio.run(open_source("simulated", config, None))
    return outline(pipeline(Desk(run_id=1, instruments=opened.instruments, strategies=config.desk_strategies)))


def architecture(text: str) -> str:
    """The page with the wiring between its marks as it is now."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"architecture.md must hold {BEGIN.strip()} and {END.strip()}, a line each")
    return f"{before}{begin}\n```text\n{wiring()}\n```\n\n{end}{after}"


def settings() -> str:
    """Section by section: every setting with its default, what may stand there, and what it is for."""
    defined = schema()["$defs"]
    text = SETTINGS
    for name, section in defined["Config"]["properties"].items():
        if "$ref" in section:
            described = defined[section["$ref"].rpartition("/")[2]]
            text += (
                f"\n## [{name}]\n\n{described['description']}\n\n" + "\n".join(_rows(described["properties"])) + "\n"
            )
        elif name == "strategies":
            text += STRATEGIES + "".join(_kinds())
        else:
            text += f"\n## [{name}]\n\n{section['description']}: [keys.md](keys.md) has the actions.\n"
    return text


def _rows(properties: Mapping[str, Any]) -> Iterator[str]:
    yield "| setting | default | may be | what it is for |\n|---|---|---|---|"
    for name, about in properties.items():
        default = json.dumps(about["default"], ensure_ascii=False)
        yield f"| `{name}` | `{default}` | {_may_be(about)} | {about.get('description', '')} |"


def _may_be(about: Mapping[str, Any]) -> str:
    match about:
        case {"enum": values}:
            return " or ".join(f'`"{value}"`' for value in values)
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"type": "array"}:
            return "list of texts"
        case {"type": "object"}:
            return "section: name = number"
        case {"type": "string", "pattern": _}:
            return "decimal text"
        case {"type": "string"}:
            return "text"
        case {"type": "integer" | "number" as kind}:
            low = _plain(about["minimum"]) if "minimum" in about else f"above {_plain(about['exclusiveMinimum'])}"
            return f"{low} to {_plain(about['maximum'])}{', whole' if kind == 'integer' else ''}"
        case _:
            raise ValueError(f"a setting of a kind that no page can show yet: {about}")


def _kinds() -> Iterator[str]:
    for name, kind in DESK_KINDS.items():
        yield f'\n### kind = "{name}"\n\n{kind.text}\n\n'
        yield from _parameters(kind)


def _parameters(kind: Kind[..., Any]) -> Iterator[str]:
    if not kind.parameters:
        yield "No parameters.\n"
        return
    yield "| parameter | default | may be | what it is for |\n|---|---|---|---|\n"
    for parameter, about in kind.parameters.items():
        bounds = f"{_plain(about.low)} to {_plain(about.high)}{', whole' if about.is_whole else ''} {about.unit}"
        yield f"| `{parameter}` | `{_plain(about.default)}` | {bounds.rstrip()} | {about.text} |\n"


def strategies() -> str:
    """Kind by kind: what it does, by which formula, and what it declares of itself."""
    return STRATEGY_LIBRARY + "".join([part for kind in ALL for part in _described(kind)])


def _described(kind: Kind[..., Any]) -> Iterator[str]:
    first, _, rest = kind.documentation.partition("\n\n")
    yield f"\n## {kind.name}\n\n{first}\n"
    if not kind.is_for_desk:
        yield "\nNot for the desk yet: it needs more than the features of one instrument.\n"
    default = kind.warm_up_ticks({name: about.default for name, about in kind.parameters.items()})
    yield f"\nSpeaks from input {default} on, by its defaults. Declared: "
    yield f"{', '.join(sorted(kind.symmetries)) or 'no symmetry'}.\n\n"
    yield from _parameters(kind)
    yield f"\n```text\n{rest}\n```\n"


def _plain(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def pages() -> dict[Path, str]:
    """Every page with the text that it must have."""
    written = HERE / "architecture.md"
    return {
        written: architecture(written.read_text("utf-8")),
        HERE / "settings.md": settings(),
        HERE / "keys.md": KEYS + docs(keymap({})),
        HERE / "strategies.md": strategies(),
    }


def main() -> None:
    """Write every page."""
    for page, text in pages().items():
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
