"""The key table holds what it promises, and remapping refuses what would break it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.console.app import CatuiApp
from catui.console.keys.actions import ACTIONS, BY_ID, GROUPS, Action
from catui.console.keys.keymap import chords, docs, footer_keys, help_rows, keymap, name_of, press
from catui.console.panes import PANES
from catui.console.source import FrozenSource
from catui.errors import ConfigError

DELIVERED = keymap({})
NUMBERED = [name for name, pane in PANES.items() if pane.number]
CHORDS = [(action, key) for action in ACTIONS for key in action.keys if " " in key]
TWINS = {action.otherwise for action in ACTIONS if action.otherwise}
EMERGENCY = [action for action in ACTIONS if action.is_emergency]


def faults(remapped: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        keymap(remapped)
    return caught.value.faults


def test_every_action_has_an_id_of_its_own_and_a_way_to_reach_it() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert all(action.keys or action.id in TWINS for action in ACTIONS)
    assert all(action.group in GROUPS for action in ACTIONS)
    assert all(pane in PANES for action in ACTIONS for pane in action.scope)
    assert all(not action.inverse or action.inverse in BY_ID for action in ACTIONS)


def test_every_action_ends_in_a_command_or_in_something_the_console_does() -> None:
    app = CatuiApp(FrozenSource([]), clock=False)
    does = app.own_actions | app.desk.own_actions
    assert does == {action.id for action in ACTIONS if not action.is_order}
    assert not app.own_actions & app.desk.own_actions


def test_lowering_risk_is_never_asked_about_and_raising_it_always_is() -> None:
    for action in ACTIONS:
        if action.risk == "L":
            assert action.danger <= 1, action.id
            assert action.live_danger is None, action.id
        if action.risk == "R":
            assert action.danger >= 2, action.id
            assert (action.live_danger or 3) >= action.danger, action.id
        if action.danger >= 2:
            assert action.risk == "R", action.id


def test_no_capital_letter_alone_lowers_risk() -> None:
    assert not [action.id for action in ACTIONS for key in action.keys if action.risk == "L" and key.isupper()]


def test_no_delivered_key_is_one_that_terminals_send_as_another_or_not_at_all() -> None:
    parts = [part for action in ACTIONS for key in action.keys for part in key.split()]
    assert not {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+["} & set(parts)
    assert not [part for part in parts if part.startswith("alt+")]


@pytest.mark.parametrize(("action", "key"), CHORDS, ids=lambda each: getattr(each, "id", each))
def test_the_first_key_of_a_chord_held_down_does_nothing(action: Action, key: str) -> None:
    first = name_of(key.split(maxsplit=1)[0])
    for pane in NUMBERED:
        armed = ""
        for _ in range(9):
            pressed = press(DELIVERED, pane, armed, first)
            assert pressed.action is None
            armed = pressed.armed


@pytest.mark.parametrize(("action", "key"), CHORDS, ids=lambda each: getattr(each, "id", each))
def test_a_chord_acts_in_its_scope_only_and_says_what_it_will_do(action: Action, key: str) -> None:
    first, second = (name_of(part) for part in key.split())
    for pane in NUMBERED:
        armed = press(DELIVERED, pane, "", first).armed
        is_here = not action.scope or pane in action.scope
        assert ((key.split()[1], action) in chords(DELIVERED, pane, armed)) == is_here
        assert (press(DELIVERED, pane, armed, second).action == action) == (is_here and bool(armed))


KEYS = sorted({name_of(part) for action in ACTIONS for key in action.keys for part in key.split()} | {"f1", "Q"})


@given(st.sampled_from(NUMBERED), st.lists(st.sampled_from(KEYS), max_size=12))
def test_a_key_acts_alone_or_right_after_its_first_key_and_in_no_other_case(pane: str, pressed: list[str]) -> None:
    armed = ""
    for name in pressed:
        result = press(DELIVERED, pane, armed, name)
        assert not (result.action and result.armed)
        if result.action is not None:
            wanted = " ".join(name_of(part) for part in result.action.keys[result.place].split())
            assert wanted == (f"{armed} {name}" if armed else name)
            assert not result.action.scope or pane in result.action.scope
        elif armed:
            assert result.armed == ""  # whatever it was, it ended the chord and did nothing else
        armed = result.armed


def test_help_palette_footer_and_docs_say_every_action() -> None:
    shown = [text for _, rows in help_rows(DELIVERED) for _, text in rows]
    assert sorted(shown) == sorted(action.text for action in ACTIONS)
    written = docs(DELIVERED)
    assert len(written.splitlines()) == len(ACTIONS) + 2
    assert all(f"| {action.id} |" in written for action in ACTIONS)
    for pane in NUMBERED:
        labels = [label for _, label in footer_keys(DELIVERED, pane)]
        here = [action.label for action in ACTIONS if action.label and not action.is_emergency]
        assert set(labels) <= set(here)
        assert [each.label for each in ACTIONS if pane in each.scope and each.label] == labels[: len(labels)][
            : len([each for each in ACTIONS if pane in each.scope and each.label])
        ]


def test_a_remapped_key_is_the_one_that_works_and_the_one_that_is_shown() -> None:
    keys = keymap({"zoom": "Z", "flatten": "u U", "quit": "q"})
    assert press(keys, "book", "", "Z").action == BY_ID["zoom"]
    assert press(keys, "book", "", "z").action is None
    assert press(keys, "positions", "u", "U").action == BY_ID["flatten"]
    assert press(keys, "positions", "", "f").armed == ""
    assert "| `Z` | zoom |" in docs(keys)
    assert ("Z", "zoom") in footer_keys(keys, "book")


def test_remapping_an_action_moves_its_other_half_along() -> None:
    keys = keymap({"pause": "u"})
    assert [keys.label(BY_ID[id]) for id in ("pause", "resume", "release")] == ["u", "u", "u"]


def test_all_faults_of_the_keys_are_said_at_once() -> None:
    said = faults({"fly": "x", "halt": "", "zoom": "ctrl+h", "sort": "f77", "kill": "k k", "theme": "K K"})
    assert [fault.split(" ")[0] for fault in said] == [
        "keys.fly",
        "keys.halt",
        "keys.zoom",
        "keys.sort",
        "keys.kill",
        "keys.theme",
    ]


@pytest.mark.parametrize("action", EMERGENCY, ids=lambda action: action.id)
def test_an_emergency_action_needs_a_key_and_a_single_one(action: Action) -> None:
    assert "needs a key" in faults({action.id: " , "})[0]
    assert "is a chord" in faults({action.id: "f12 f11"})[0]
    assert keymap({action.id: "f12"}).keys[action.id] == ("f12",)


@pytest.mark.parametrize(
    ("remapped", "taken_by"),
    [
        ({"zoom": "c"}, "zoom"),  # centre, in the book
        ({"drain": "p"}, "pause"),
        ({"theme": "f8"}, "halt"),
        ({"theme": "f"}, "flatten"),  # a chord's first key
        ({"pause_all": "f F"}, "flatten"),
        ({"flatten": "q Q"}, "quit"),
    ],
)
def test_two_actions_on_one_key_where_both_work_are_refused(remapped: dict[str, str], taken_by: str) -> None:
    said = faults(remapped)
    assert any(taken_by in fault and "taken by" in fault for fault in said), said


def test_a_chord_that_ends_on_an_emergency_key_is_refused() -> None:
    assert "emergency row" in faults({"flatten": "f f9"})[0]


def test_one_key_may_mean_two_things_in_two_panes() -> None:
    keys = keymap({"drain": "c"})  # strategies; centre is the book's
    assert press(keys, "strategies", "", "c").action == BY_ID["drain"]
    assert press(keys, "book", "", "c").action == BY_ID["centre"]
