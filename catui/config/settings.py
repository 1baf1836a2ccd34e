"""What each section of config.toml may hold: types with their bounds, units in the names, a meaning for each."""

from hashlib import blake2b
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from catui.domain.ensembles import EnsembleSettings, GroupSettings, RegimeSettings
from catui.domain.settings import (
    Amount,
    ExecutionSettings,
    FeatureSettings,
    MonitoringSettings,
    PlanningSettings,
    RiskSettings,
    Settings,
    StrategySettings,
)


class DeskSection(Struct, frozen=True, forbid_unknown_fields=True):
    """What the desk trades, and with how much paper money."""

    symbols: Annotated[tuple[str, ...], Meta(description="at live venues; empty: the source's own")] = ()
    start_equity_quote: Annotated[Amount, Meta(description="where profit and loss are counted from")] = "100000"


class EngineSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the engine keeps its record."""

    checkpoint_events: Annotated[int, Meta(ge=100, le=10_000_000, description="between two checkpoints")] = 2_500
    flush_ms: Annotated[int, Meta(ge=10, le=10_000, description="longest life of an open journal block")] = 250
    tick_ms: Annotated[int, Meta(ge=10, le=10_000, description="a Tick when nothing else came")] = 100
    on_console_lost: Annotated[
        Literal["stop", "continue"], Meta(description="when the console's end closes without a word")
    ] = "stop"
    console_grace_s: Annotated[float, Meta(ge=0, le=3600, description="before on_console_lost is done")] = 10.0
    runs_directory: Annotated[str, Meta(description="where runs are kept; empty: the user's data directory")] = ""


class ConsoleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen."""

    host: Annotated[
        Literal["process", "thread", "task"],
        Meta(description="where the engine runs: a child, a thread, the app's loop"),
    ] = "process"
    theme: Annotated[str, Meta(description="a file in themes/, without .toml")] = "dark"
    mouse: Annotated[bool, Meta(description="whether clicks and the wheel are obeyed")] = True
    bell: Annotated[bool, Meta(description="whether the terminal rings at a new alert of weight")] = True
    layout: Annotated[str, Meta(description="to start with; empty: the last one saved, else by size")] = ""


class LayoutSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One arrangement of panes. A row of the screen is `HEIGHT: PART | PART`, a part is a pane with its share of the
    width; `(A / B)` stands one under another, `(A | B)` side by side, `A+B` share a box."""

    rows: Annotated[tuple[str, ...], Meta(description="of the screen, from the top")] = ()


class SimulatedSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The embedded exchange."""

    seed: Annotated[int, Meta(ge=0, le=2**32 - 1, description="of the market's script")] = 7
    symbols: Annotated[tuple[str, ...], Meta(description="the markets that it opens")] = (
        "BTCUSDT",
        "ETHUSDT",
        "SOLUSDT",
    )


class BinanceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses of Binance Spot. Keys come from CATUI_BINANCE_KEY and CATUI_BINANCE_SECRET only."""

    rest_url: Annotated[str, Meta(description="listing, snapshots of books")] = "https://api.binance.com"
    stream_url: Annotated[str, Meta(description="market data")] = "wss://stream.binance.com:9443"
    ws_api_url: Annotated[str, Meta(description="orders and the account")] = "wss://ws-api.binance.com:443/ws-api/v3"


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of one start."""

    desk: DeskSection = DeskSection()
    features: FeatureSettings = FeatureSettings()
    strategies: dict[str, dict[str, Any]] = field(default_factory=dict)
    ensemble: EnsembleSettings = EnsembleSettings()
    ensembles: Annotated[dict[str, GroupSettings], Meta(description="groups of strategies, by name")] = field(
        default_factory=dict
    )
    regime: RegimeSettings = RegimeSettings()
    planning: PlanningSettings = PlanningSettings()
    risk: RiskSettings = RiskSettings()
    execution: ExecutionSettings = ExecutionSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    engine: EngineSettings = EngineSettings()
    console: ConsoleSettings = ConsoleSettings()
    layout: Annotated[dict[str, LayoutSettings], Meta(description="arrangements of panes, by name")] = field(
        default_factory=dict
    )
    keys: Annotated[dict[str, str], Meta(description="by action: its keys, comma separated")] = field(
        default_factory=dict
    )
    simulated: SimulatedSettings = SimulatedSettings()
    binance: BinanceSettings = BinanceSettings()

    @property
    def desk_strategies(self) -> tuple[StrategySettings, ...]:
        """The strategies in the file's order; momentum and mean reversion, where the file names none."""
        named = self.strategies or DEFAULT_STRATEGIES
        return tuple(
            StrategySettings(name, str(table.get("kind", name)), {k: float(v) for k, v in table.items() if k != "kind"})
            for name, table in named.items()
        )

    @property
    def of_desk(self) -> Settings:
        """What it says of the desk."""
        given = {name: getattr(self, name) for name in Settings.__struct_fields__ if hasattr(self, name)}
        own = {"strategies": self.desk_strategies, "start_equity_quote": self.desk.start_equity_quote}
        return Settings(**{**given, **own})

    @property
    def hash(self) -> str:
        """BLAKE2b of all settings: two equal ones are the same configuration."""
        return blake2b(msgspec.json.encode(self, order="deterministic"), digest_size=16).hexdigest()


DEFAULT_STRATEGIES: dict[str, dict[str, Any]] = {
    "momentum": {"kind": "momentum"},
    "reversion": {"kind": "mean_reversion"},
}
