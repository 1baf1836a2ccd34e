"""Pages read off the code: architecture (its wiring), settings, keys, strategies, features, ensemble; `make docs`."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from textwrap import dedent
from typing import Any

from catui.cli.kinds import speaks, type_text
from catui.config import load, schema
from catui.console.keys.keymap import docs, keymap
from catui.console.look.layout import LEAST
from catui.console.look.layouts import BUILT_IN
from catui.core.wiring import outline
from catui.domain.kind import Kind
from catui.domain.settings import Desk
from catui.ensemble import exponentiated_gradient, follow_the_leader, hedge, inverse_volatility, moments, regime
from catui.features.registry import ALL as FEATURES
from catui.pipeline import pipeline
from catui.places import defaults_directory
from catui.runtime.source import open_source
from catui.strategies.registry import ALL, DESK_KINDS

HERE = Path(__file__).parent
METHODS = {
    "multiplicative": hedge,
    "exponentiated_gradient": exponentiated_gradient,
    "follow_the_leader": follow_the_leader,
    "inverse_volatility": inverse_volatility,
}

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

ENSEMBLES = """The group is then one member of `[ensemble]`, by its name, beside the strategies that are in none. The
name is yours: a-z, 0-9 and _, and no strategy's.

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
is wrong with one, by its file and line. A file is run as it is, with all your rights. Any feature of
[features.md](features.md) can be a part of it.

A run keeps the text of every such file in its record, and is replayed and taken up from that copy, whatever has become
of the file. Of modules that the file imports nothing is kept. A module of a package is kept by its hash, and a replay
is refused where it has changed.

A step only computes: one that reads a clock, draws by chance, prints, keeps a global or changes its state or its input
in place is refused before anything starts, by its statement.

A step that goes wrong on the desk stops that strategy alone, with an alert that names file and line; the others go on.
It goes wrong if it raises, gives what is neither None nor a number in [-1, 1], keeps a state that could be changed in
place, such as a list, or has computed for a second and not ended.

A step outside of the dialect of the flat text (loops of no known length, lists, calls of other libraries) runs too,
called from the text that all others are in: the same signals, slower, and not in a compiled backtest. The start of a
run says which, with the statement and what to write instead, on the screen, in the log and in its record.

## What is declared

What a strategy declares of itself is tested: `odd`, mirrored returns and swapped sides of the book give the negative
signal; `scale_free`, it is blind to the scale of prices; `time_free`, a shift of time changes nothing; `flat`, the
signal is 0 on a constant price; `bounded`, it is within [-1, 1].
"""

FEATURE_LIBRARY = """# Features

Read off the code by `make docs`; `catui features` says the same, `catui features NAME` of one, `--json` to programs.

A feature is a machine that says one thing about a market: from observations, prints, levels or bars, or from any
stream of numbers. What it takes is kept small, so that features fit together and fit what you have.

| takes | what that is |
|---|---|
| `float` | a price, a return, a signed size: what the feature says it wants |
| `Observation` | a quote or a trade, with the touch and the depth of five levels |
| `Levels` | the five best levels of both sides: `catui.market.levels` makes them of a held book |
| `Deal` | a trade with the mid that it met: price, signed size, mid |
| `Bar` | open, high, low, close, volume: `catui.market.bars` makes them of prints, by number, time or volume |

A bar is told at its close and never before, so a feature of bars cannot look ahead. Where nothing was printed there is
no bar: after a silence the next one follows the last one.

## In a strategy of your own

The desk's strategies see `Features`, a record of a few of these; a strategy in a file of your own takes whatever else
it needs from the library, as parts of itself. `premap` feeds a part, `&` sets two side by side, `optional` leaves one
out while what it stands on is still warming up:

```python
>>> from catui.core.machine import Machine, lift, optional, run
>>> from catui.domain.signals import Features
>>> from catui.features.macd import macd
>>> from catui.features.wilder import rsi

>>> def mid(x: Features) -> float:
...     return x.mid

>>> def against(parts):
...     strength, trend = parts
...     if strength is None or trend is None:
...         return None
...     is_falling = trend.histogram < 0.0
...     return (50.0 - strength) / 50.0 if is_falling else 0.0

>>> contrarian = (rsi(5) & macd(3, 6, 2)).premap(mid) >> lift(against)
>>> quotes = [Features(0.0, mid, mid, 1.0, 0.0, None, 0.0, 0.0, None, None) for mid in (9, 9, 8, 9, 8, 8, 7, 6)]
>>> [None if signal is None else round(signal, 3) for signal in run(contrarian, quotes)]
[None, None, None, None, None, None, 0.529, 0.656]

```

It is one machine: it replays, it is fused into one text with the rest of the desk, and `catui verify` holds it to the
laws. Bars of a stream of prints, and a feature of them, are joined likewise:

```python
>>> from catui.domain.signals import Print
>>> from catui.features.wilder import atr
>>> from catui.market.bars import time_bars
>>> range_of_minutes = time_bars(60.0) >> optional(atr(2))
>>> prints = [Print(t, p, 1.0) for t, p in ((5, 10.0), (50, 12.0), (65, 11.0), (130, 15.0), (190, 14.0))]
>>> run(range_of_minutes, prints)
[None, None, None, 1.5, 2.75]

```

Strategies under `catui/strategies` do not do this: the stages of the desk know nothing of each other.

## What is declared

What a feature declares of itself is tested. `odd`: mirrored returns and swapped sides of the book give the negative;
`even`: they change nothing; `scale_free`: it is blind to the scale of prices and sizes; `time_free`: a shift of time
changes nothing; `flat`: 0 on a constant price; `bounded`: within [-1, 1]. Of plain numbers, to mirror is to negate.

Every one says None until its warm-up is over; what it may wait for longer is said with it. Every one is finite on every
market: empty sides, no spread, jumps, equal times and gaps included.
"""

ENSEMBLE = """# The ensemble

Read off the code by `make docs`.

Every strategy says a signal for an instrument; the ensemble blends those that take part into one target, as a convex
combination: `exposure = sum_i w_i s_i`, with weights that are never negative and sum to 1. So it is never further than
the furthest of its members, does what all of them want where they agree, and does not see their order. Who is paused,
quarantined or still warming up has weight 0, and the others go on as if it were not there; a strategy that drains only
comes nearer to 0. Every instrument has weights of its own.

Where the weights come from says `ensemble.method`. A member's gain over a quote is what its signal earned over the
quote's return, less the cost of turning the signal over:

```text
g_i = s_i r - cost_bps 1e-4 |change of s_i|
```

A weight that is set by hand holds at once, the others share the rest as before, and learning goes on from there. The
numbers of a method are arguments of the compiled text: changing one, or pausing a member, compiles nothing.

## Groups

Strategies can be blended in groups first, each by a method and numbers of its own; a group is then one member of the
ensemble, beside the strategies that are in none:

```toml
[ensembles.trend]
members = ["momentum", "breakout"]
method = "inverse_volatility"

[ensemble.weights]
trend = 0.6
reversion = 0.4
```

A group learns from the returns of its members; the ensemble above learns from the returns of the groups' blends. What a
strategy has of all is the weight of its group times its weight in the group: that is what the console shows, and what a
hand sets. With fixed weights, nested is the same as flat with the products.

## Methods

### fixed

The weights of `[ensemble.weights]`, equal ones without; they stay until a hand sets them.

### equal

1 / N for every member that takes part; it takes no weights.
Source: DeMiguel, Garlappi, Uppal, *Optimal versus naive diversification* (2009).
"""

REGIMES = """
```toml
[regime]
measure = "variance_ratio"

[regime.members]
momentum = "trend"
reversion = "range"
```

The console shows the regime of the shown instrument in the title of the strategies, and who is left out as GATED.
"""

CORRELATIONS = """The console shows them under the strategies where there is room: in the wide layout, and with that
pane zoomed.

"""

LAYOUT = f"""A share that is not written is 1. The panes are
{", ".join(f"`{name}`" for name in LEAST)};
what has no room on a small terminal is left out, the book and the positions never. `v` in the console goes from one
layout to the next: the one for the size of the terminal, those of this file, and
{" and ".join(f"`{name}`" for name in BUILT_IN)}, which come with it. `V` saves the one in use in
`layouts.toml`, beside this file.

```toml
[layout.scalping]
rows = ["5: (book 2 / trades 1) 2 | (chart 3 / positions 1) 3", "2: orders 3 | alerts+health+log 2"]
```

"""


def wiring() -> str:
    """The wiring of the delivered desk on the embedded exchange."""
    config = load(defaults_directory() / "config.toml")
    opened = asyncio.run(open_source("simulated", config, None))
    return outline(pipeline(Desk(run_id=1, instruments=opened.instruments, strategies=config.desk_strategies)))


def between(page: Path, what: str, text: str) -> str:
    """The page, with the text between its marks as it is now. ValueError: it has no such marks."""
    begin, end = f"<!-- {what}: begin -->\n", f"<!-- {what}: end -->\n"
    before, opened, rest = page.read_text("utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (opened and closed):
        raise ValueError(f"{page.name} must hold {begin.strip()} and {end.strip()}, a line each")
    return f"{before}{begin}\n{text}\n{end}{after}"


def settings() -> str:
    """Section by section: every setting with its default, what may stand there, and what it is for."""
    defined = schema()["$defs"]
    text = SETTINGS
    for name, section in defined["Config"]["properties"].items():
        if "$ref" in section:
            described = defined[section["$ref"].rpartition("/")[2]]
            text += f"\n## [{name}]\n\n{cleandoc(described['description'])}\n\n"
            text += "\n".join(_rows(described["properties"])) + "\n"
        elif name == "ensembles":
            described = defined[section["additionalProperties"]["$ref"].rpartition("/")[2]]
            text += f"\n## [ensembles.NAME]\n\n{described['description']}\n\n" + ENSEMBLES
            text += "\n".join(_rows(described["properties"])) + "\n"
        elif name == "layout":
            described = defined[section["additionalProperties"]["$ref"].rpartition("/")[2]]
            text += f"\n## [layout.NAME]\n\n{cleandoc(described['description'])}\n\n" + LAYOUT
            text += "\n".join(_rows(described["properties"])) + "\n"
        elif name == "strategies":
            text += STRATEGIES + "".join(_kinds())
        else:
            text += f"\n## [{name}]\n\n{section['description']}: [console.md](console.md#keys) has the actions.\n"
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
        case {"type": "object", "additionalProperties": {"type": "string"}}:
            return "section: name = text"
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


def features() -> str:
    """Likewise of features."""
    return FEATURE_LIBRARY + "".join([part for kind in FEATURES for part in _described(kind)])


def ensemble() -> str:
    """Method by method: what it does, by which formula, what it may lose, and who found it."""
    methods = [f"\n### {name}\n\n{_as_page(module.__doc__)}" for name, module in METHODS.items()]
    regimes = f"\n## Regimes\n\n{_as_page(regime.__doc__)}{REGIMES}"
    return f"{ENSEMBLE}{''.join(methods)}{regimes}\n## Correlations\n\n{CORRELATIONS}{_as_page(moments.__doc__)}"


def _as_page(text: str | None) -> str:
    """A docstring as a page: what is set off in it is text as it stands."""
    parts = [part.strip("\n") for part in (text or "").split("\n\n")]
    return "\n\n".join([f"```text\n{dedent(p)}\n```" if p.startswith("    ") else p for p in parts]) + "\n"


def _described(kind: Kind[..., Any]) -> Iterator[str]:
    first, _, rest = kind.documentation.partition("\n\n")
    yield f"\n## {kind.name}\n\n{first}\n"
    if not kind.is_for_desk and not kind.is_feature:
        yield "\nNot for the desk yet: it needs more than the features of one instrument.\n"
    said = speaks(kind)
    types = f"Takes `{type_text(kind.input)}`, gives `{type_text(kind.output)}`.\n" if kind.is_feature else ""
    yield f"\n{types}{said[0].upper()}{said[1:]}, by its defaults. Declared: "
    yield f"{', '.join(sorted(kind.symmetries)) or 'no symmetry'}.\n\n"
    yield from _parameters(kind)
    yield f"\n```text\n{rest}\n```\n"


def _plain(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def pages() -> dict[Path, str]:
    """Every page with the text that it must have."""
    architecture, console = HERE / "architecture.md", HERE / "console.md"
    return {
        architecture: between(architecture, "wiring", f"```text\n{wiring()}\n```\n"),
        console: between(console, "keys", docs(keymap({}))),
        HERE / "settings.md": settings(),
        HERE / "strategies.md": strategies(),
        HERE / "features.md": features(),
        HERE / "ensemble.md": ensemble(),
    }


def main() -> None:
    """Write every page."""
    for page, text in pages().items():
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
