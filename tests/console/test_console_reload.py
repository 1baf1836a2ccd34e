"""ctrl+o: what differs from what runs is shown; `y` sends the whole configuration; a fault is said where it stands."""

from pathlib import Path

from desk_driver import Act, Driver, drive
from msgspec.structs import replace
from sample import sample_snapshot

from catui.config import Config, load
from catui.console.commands.reload import ConfigFile
from catui.console.screens.desk import DeskScreen
from catui.console.screens.reload import ReloadScreen
from catui.console.source import FrozenSource
from catui.control import changes
from catui.domain.events import Action, CancelAll, ReloadConfig
from catui.domain.instrument import Instrument
from catui.domain.settings import Desk
from catui.preview import ChangeView, PreviewView

LONE = (Instrument("paper", "AAA", "AAA", "USD", "1", "1"),)


class File:
    """A configuration on disk that a person edits, and the desk that was started with it."""

    def __init__(self, directory: Path, text: str = "") -> None:
        self.path = directory / "config.toml"
        self.write(text)
        self.started = load(self.path)
        settings = self.started.of_desk
        fields = {name: getattr(settings, name) for name in settings.__struct_fields__}
        self.desk = Desk(run_id=1, instruments=LONE, **fields)

    def write(self, text: str) -> None:
        self.path.write_text(text, "utf-8")

    @property
    def file(self) -> ConfigFile:
        return ConfigFile(self.started, self._read)

    def _read(self) -> Config:
        return load(self.path)

    def answer(self, action: Action) -> PreviewView | None:
        """What the desk says, by its own words."""
        assert isinstance(action, ReloadConfig)
        found = changes(self.desk, None, action.settings)
        views = tuple(ChangeView(".".join(each.path), each.before, each.after, each.fault) for each in found)
        live = [view for view in views if not view.fault]
        text = (
            "taken over" if live else "restart to take it over" if views else "the configuration is what runs already"
        )
        return PreviewView(1, bool(live), text, changes=views)


def reload(file: File, act: Act) -> FrozenSource:
    source = FrozenSource([sample_snapshot()])
    source.answers = file.answer
    return drive(act, source=source, config=file.file)


def test_what_differs_is_shown_and_y_sends_the_whole_configuration(tmp_path: Path) -> None:
    file = File(tmp_path)
    file.write('[risk]\nmax_order_quote = "4000"\n[planning]\nstyle = "cross"\n[console]\ntheme = "light"\n')

    async def act(driver: Driver) -> None:
        await driver.press("ctrl+o")
        await driver.draw()
        assert driver.top() is ReloadScreen
        screen = "\n".join(driver.screen())
        assert "risk.max_order_quote 5000 -> 4000 " in screen
        assert "planning.style join -> cross   restart to take it over" in screen
        assert "console.theme dark -> light   restart to take it over" in screen
        assert driver.sent == []
        await driver.press("y")
        assert driver.top() is DeskScreen
        driver.source.answer(True, "taken over")
        await driver.draw()
        assert "ok: take over the configuration" in driver.footer()
        assert "; taken over" in driver.footer()

    [sent] = reload(file, act).sent
    assert sent.action == ReloadConfig(load(file.path).hash, load(file.path).of_desk)
    assert isinstance(sent.action, ReloadConfig)
    assert sent.action.settings.risk.max_order_quote == "4000"


def test_enter_n_and_escape_send_nothing(tmp_path: Path) -> None:
    file = File(tmp_path)
    file.write("[risk]\norder_burst = 10\n")

    async def act(driver: Driver) -> None:
        for key in ("enter", "n", "escape"):
            await driver.press("ctrl+o")
            await driver.draw()
            await driver.press("space", "Y", key)
            assert driver.top() is DeskScreen
            assert "nothing sent" in driver.footer()
        assert driver.sent == []

    reload(file, act)


def test_before_the_desk_has_answered_there_is_no_yes_and_the_emergency_row_works(tmp_path: Path) -> None:
    file = File(tmp_path)
    file.write("[risk]\norder_burst = 10\n")
    source = FrozenSource([sample_snapshot()])

    async def act(driver: Driver) -> None:
        await driver.burst("ctrl+o", "y", "f7")
        await driver.draw()
        assert driver.top() is ReloadScreen
        assert "asking the desk" in "\n".join(driver.screen())
        assert driver.sent == [CancelAll()]

    drive(act, source=source, config=file.file)


def test_what_needs_a_restart_alone_cannot_be_sent(tmp_path: Path) -> None:
    file = File(tmp_path)
    file.write('[planning]\nstyle = "cross"\n')

    async def act(driver: Driver) -> None:
        await driver.press("ctrl+o")
        await driver.draw()
        assert "planning.style join -> cross   restart to take it over" in "\n".join(driver.screen())
        await driver.press("y")
        assert driver.top() is ReloadScreen
        assert driver.sent == []

    reload(file, act)


def test_an_unchanged_configuration_is_said_and_asks_nothing(tmp_path: Path) -> None:
    file = File(tmp_path, "[risk]\norder_burst = 10\n")

    async def act(driver: Driver) -> None:
        await driver.press("ctrl+o")
        await driver.draw()
        assert driver.top() is DeskScreen
        assert "the configuration is what runs already" in driver.footer()
        assert driver.sent == []

    reload(file, act)


def test_a_fault_is_said_with_its_place_value_and_mend(tmp_path: Path) -> None:
    file = File(tmp_path)
    file.write("[risk]\nstale_ms = 0\norder_brust = 3\n")

    async def act(driver: Driver) -> None:
        await driver.press("ctrl+o")
        assert driver.top() is DeskScreen
        footer = driver.footer()
        assert "nothing was taken over: config.toml:2: risk.stale_ms = 0: must be 1 to" in footer
        await driver.press("9", "z")
        log = "\n".join(driver.screen())
        assert "write 1" in log
        assert "config.toml:3: risk.order_brust: unknown; did you mean order_burst?" in log
        assert driver.sent == []

    reload(file, act)


def test_a_console_without_a_configuration_says_so() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("ctrl+o")
        assert "without a configuration" in driver.footer()
        assert driver.top() is DeskScreen

    drive(act)


def test_a_console_that_may_only_watch_cannot_reload(tmp_path: Path) -> None:
    source = FrozenSource([sample_snapshot()])
    source.is_watching = True

    async def act(driver: Driver) -> None:
        await driver.press("ctrl+o")
        assert "READ ONLY" in driver.footer()

    assert drive(act, source=source, config=File(tmp_path).file).sent == []


def test_a_setting_of_the_engine_is_no_setting_of_the_desk(tmp_path: Path) -> None:
    file = File(tmp_path)
    config = replace(file.started, engine=replace(file.started.engine, tick_ms=200))
    assert config.of_desk == file.started.of_desk
