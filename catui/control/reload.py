"""A configuration read again while the desk runs: what of it differs, and what may be taken over without a restart.

Taken over are the limits of `[risk]`. A tighter one always; a looser one up to `max_override_factor` times what the run
was started with, the very bound that holds for overrides. The bounds of overrides may only become tighter. All else
decides which state there is (features, strategies, the ensemble), what the results are counted by (fees, equity), or
when a person is told: that needs a restart.
"""

from msgspec.structs import replace

from catui.domain.differences import Difference, differences
from catui.domain.events import ReloadConfig
from catui.domain.moment import Control
from catui.domain.settings import Desk, RiskSettings, Settings

LIVE = "risk"
RESTART = "restart to take it over"
BY_SOURCE = ("execution", "mode")  # not the file's to say
ONLY_TIGHTER = ("max_override_ttl_s", "max_override_factor")
TIGHTER_ABOVE = ("duplicate_window_ms",)  # every other limit is tighter the smaller it is


def reloaded(desk: Desk, state: Control, action: ReloadConfig) -> tuple[RiskSettings | None, str]:
    """The limits from now on, None where nothing is taken over; and one sentence."""
    found = changes(desk, state.limits, action.settings)
    live = [each for each in found if each.path[0] == LIVE]
    rest = [each for each in found if each.path[0] != LIVE]
    told = f"restart to take over {_listed(rest)}" if rest else ""
    faulty = next((each for each in live if each.fault), None)
    if faulty is not None:
        return None, f"{faulty.text}: {faulty.fault}"
    if not live:
        return None, told or "the configuration is what runs already"
    taken = ", ".join(each.text for each in live)
    return action.settings.risk, f"{taken}; {told}" if told else taken


def changes(desk: Desk, limits: RiskSettings | None, wanted: Settings) -> tuple[Difference, ...]:
    """Every setting that differs from what runs, by its path in the file; the limits first."""
    running = replace(desk.settings, risk=limits or desk.risk)
    found = [each for each in differences(running, wanted) if each.path != BY_SOURCE]
    live = (_bounded(desk, each, wanted.risk) for each in found if each.path[0] == LIVE)
    return (*live, *[each._replace(fault=RESTART) for each in found if each.path[0] != LIVE])


def is_looser(desk: Desk, limits: RiskSettings | None, wanted: RiskSettings) -> bool:
    """Whether any limit would let through more than now."""
    now = limits or desk.risk
    names = RiskSettings.__struct_fields__
    return any(_sign(name) * (_number(desk, wanted, name) - _number(desk, now, name)) > 0 for name in names)


def _bounded(desk: Desk, change: Difference, wanted: RiskSettings) -> Difference:
    """The change, with a fault where it loosens too far."""
    name = change.path[-1]
    started, after, factor = _number(desk, desk.risk, name), _number(desk, wanted, name), desk.risk.max_override_factor
    if name in ONLY_TIGHTER:
        is_far, bound = after > started, "it may only become smaller while the desk runs"
    elif name in TIGHTER_ABOVE:
        is_far, bound = after * factor < started, f"below 1/{factor:g} of what the run was started with"
    else:
        is_far, bound = after > started * factor, f"above {factor:g} times what the run was started with"
    return change._replace(fault=f"{bound}; {RESTART}") if is_far else change


def _sign(name: str) -> int:
    return -1 if name in TIGHTER_ABOVE else 1


def _number(desk: Desk, risk: RiskSettings, name: str) -> float:
    value = getattr(risk, name)
    return desk.money(value) if isinstance(value, str) else float(value)


def _listed(changes: list[Difference]) -> str:
    more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
    return ", ".join(".".join(each.path) for each in changes[:3]) + more
