"""Keys to actions: remapping by id with every fault said at once, chords, and the table as text for help and docs."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from textual.binding import Binding
from textual.events import Key
from textual.keys import Keys

from catui.console.keys.actions import ACTIONS, BY_ID, GROUPS, Action
from catui.errors import ConfigError

CHORD_S = 1.5  # an armed chord waits no longer
SAME_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}  # to every terminal
MODIFIERS = ("ctrl", "shift", "alt", "super")
NAMES = frozenset(key.value for key in Keys)


def name_of(key: str) -> str:
    """The toolkit's name of one key as people write it.

    >>> name_of("?"), name_of("ctrl+k"), name_of("p"), name_of(",")
    ('question_mark', 'ctrl+k', 'p', 'comma')
    """
    if key == ",":  # the toolkit reads it as what stands between two keys
        return "comma"
    return next(iter(Binding.make_bindings([Binding(key, "")]))).key


def label_of(key: str) -> str:
    """A key as the footer and the help write it: function keys large, the rest as in the table."""
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else key


class Keymap(Struct, frozen=True):
    """The keys of every action by id, as people write them."""

    keys: dict[str, tuple[str, ...]]

    def of(self, action: Action) -> tuple[str, ...]:
        """The keys of an action: its own, or those of the action that it stands in for."""
        before = next((each for each in ACTIONS if each.otherwise == action.id), None)
        return self.keys[action.id] if before is None else self.of(before)

    def label(self, action: Action) -> str:
        """The action's first key, as text; empty without one."""
        keys = self.of(action)
        return label_of(keys[0]) if keys else ""


def keymap(remapped: Mapping[str, str]) -> Keymap:
    """The delivered keys with those of `[keys]` in their place; keys apart by commas, a chord's two by a blank.

    The key that is a comma is written as the word.

    ConfigError, all faults at once: an unknown id, a key that is none or that terminals send as another, two actions on
    one key where both work, an emergency action without a key or on a chord.
    """
    faults: list[str] = []
    keys = {action.id: action.keys for action in ACTIONS}
    for id, text in remapped.items():
        if id not in BY_ID or not BY_ID[id].keys:
            known = " ".join(action.id for action in ACTIONS if action.keys)
            faults.append(f"keys.{id} = {text!r}: is no action; known are {known}")
            continue
        keys[id] = tuple(" ".join(part.split()).replace("comma", ",") for part in text.split(",") if part.strip())
        faults += [f"keys.{id} = {text!r}: {fault}" for key in keys[id] if (fault := _fault(BY_ID[id], key))]
        if BY_ID[id].is_emergency and not keys[id]:
            faults.append(f"keys.{id} = {text!r}: an emergency action needs a key; write one, e.g. {BY_ID[id].keys[0]}")
    if not faults:
        faults = list(_clashes(keys))
    if faults:
        raise ConfigError(tuple(faults))
    return Keymap(keys)


def _fault(action: Action, key: str) -> str:
    parts = key.split(" ")
    if len(parts) > 2 or (len(parts) == 2 and parts[0] == parts[1]):
        return f"{key!r} is no chord; write two different keys"
    if len(parts) == 2 and action.is_emergency:
        return f"{key!r} is a chord; an emergency action works at one key"
    for part in parts:
        if part in SAME_AS:
            return f"{part} is {SAME_AS[part]} to a terminal; take another key"
        *modifiers, name = part.split("+") if len(part) > 1 else [part]
        is_key = len(name) == 1 or name in NAMES
        if not is_key or any(each not in MODIFIERS for each in modifiers):
            return f"{part!r} is no key; write one like p, F, f8 or ctrl+k"
    return ""


def _clashes(keys: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Two actions that one press would mean, where both work. A chord takes its first key for itself."""
    taken: list[tuple[Action, str, list[str]]] = []
    for action in ACTIONS:
        for key in keys[action.id]:
            names = [name_of(part) for part in key.split(" ")]
            for other, other_key, others in taken:
                is_clash = names == others if len(names) == len(others) == 2 else names[0] == others[0]
                if is_clash and _overlap(action, other):
                    yield f"keys.{action.id} = {key!r}: is taken by {other.id} ({other_key}); take another key"
            taken.append((action, key, names))
    emergency = {names[0] for action, _, names in taken if action.is_emergency}
    for action, key, names in taken:
        if len(names) == 2 and names[1] in emergency:
            yield f"keys.{action.id} = {key!r}: ends on a key of the emergency row; take another key"


def _overlap(one: Action, other: Action) -> bool:
    return not one.scope or not other.scope or bool(set(one.scope) & set(other.scope))


def apart(event: Key, keys: Keymap) -> tuple[Key, ...]:
    """Escape with a key close behind it is that key with alt to a terminal: here they are two, unless one is mapped."""
    alt, plus, name = event.key.partition("+")
    is_mapped = any(event.key in key.split(" ") for each in keys.keys.values() for key in each)
    if (alt, plus) != ("alt", "+") or is_mapped:
        return (event,)
    return Key("escape", None), Key(name, event.character)


class Press(Struct, frozen=True):
    """What a key does now: an action with the key's place among its keys, or a first key that arms, or nothing."""

    action: Action | None = None
    place: int = 0
    armed: str = ""


def press(keys: Keymap, pane: str, armed: str, name: str) -> Press:
    """The meaning of a key (the toolkit's name) on a pane, with a first key armed or not.

    An armed chord is ended by any other key, which does nothing else: who hesitated should look again.
    """
    arms = False
    for action in ACTIONS:
        if action.scope and pane not in action.scope:
            continue
        for place, key in enumerate(keys.keys[action.id]):
            names = [name_of(part) for part in key.split(" ")]
            if armed:
                if names == [armed, name]:
                    return Press(action, place)
            elif names == [name]:
                return Press(action, place)
            else:
                arms = arms or (len(names) == 2 and names[0] == name)
    return Press(armed=name if arms else "")


def chords(keys: Keymap, pane: str, armed: str) -> tuple[tuple[str, Action], ...]:
    """What the armed key leads to: the second key and its action."""
    return tuple(
        (label_of(second), action)
        for action in ACTIONS
        if not action.scope or pane in action.scope
        for key in keys.keys[action.id]
        for first, _, second in [key.partition(" ")]
        if second and name_of(first) == armed
    )


def footer_keys(keys: Keymap, pane: str, *, is_past: bool = False) -> tuple[tuple[str, str], ...]:
    """The keys worth a word while this pane has the focus: its own first; in the past those of the past, no command."""
    shown = [action for action in ACTIONS if action.label and not action.is_emergency and keys.of(action)]
    if is_past:
        of_past = [action for action in shown if action.group == "past"]
        rest = [action for action in shown if not action.is_order and action.group != "past" and not action.scope]
        return tuple((keys.label(action), action.label) for action in (*of_past, *rest))
    own = [action for action in shown if pane in action.scope]
    common = [action for action in shown if not action.scope and not action.is_of_past]
    return tuple((keys.label(action), action.label) for action in (*own, *common))


def emergency_keys(keys: Keymap) -> tuple[tuple[str, str], ...]:
    """The emergency row."""
    return tuple((keys.label(action), action.label) for action in ACTIONS if action.is_emergency)


def help_rows(keys: Keymap) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Group by group: the keys of each action and what it does."""
    return tuple((group, tuple(_row(keys, action) for action in ACTIONS if action.group == group)) for group in GROUPS)


def pane_rows(keys: Keymap, pane: str) -> tuple[tuple[str, str], ...]:
    """What works in this pane and not in every one."""
    return tuple(_row(keys, action) for action in ACTIONS if pane in action.scope)


def _row(keys: Keymap, action: Action) -> tuple[str, str]:
    return " ".join(label_of(key) if " " not in key else key for key in keys.of(action)), action.text


ASKED = {0: "", 1: "at once", 2: "asks, `y`", 3: "typed words and a reason"}
RISK = {"": "", "L": "lowers", "R": "raises"}


def docs(keys: Keymap) -> str:
    """The table in Markdown."""
    lines = ["| keys | id | where | asks | risk | what it does |", "|---|---|---|---|---|---|"]
    for action in ACTIONS:
        written = " ".join(f"`{label_of(key)}`".replace("|", "\\|") for key in keys.of(action))
        where = "everywhere" if action.is_emergency else ", ".join(action.scope) or "any pane"
        where = "the past" if action.is_of_past else where
        asked = ASKED[action.danger]
        if action.live_danger is not None:
            asked += f"; LIVE: {ASKED[action.live_danger]}"
        lines.append(f"| {written} | {action.id} | {where} | {asked} | {RISK[action.risk]} | {action.text} |")
    return "\n".join(lines) + "\n"
