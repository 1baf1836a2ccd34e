"""Words for what passes a wire and for what a place keeps, by hand."""

import pytest
from msgspec.structs import replace

from catui.domain.events import Tick, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Controlled, Moment
from catui.domain.orders import (
    Approved,
    Cancel,
    Execution,
    Fill,
    Intent,
    Leg,
    Order,
    Reason,
    Refused,
    Side,
    Status,
    Submit,
)
from catui.domain.reports import (
    Booked,
    Executed,
    Handled,
    Judged,
    OrderTable,
    Outputs,
    Plan,
    Positions,
    Reports,
    RiskState,
)
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Features, Observation, Roster, Signals, Target
from catui.ensemble import History, Moments
from catui.monitoring import Metrics, Place, Queues, Series
from catui.why.passing import kept, passed
from catui.why.wording import Wording

ONE = Instrument("paper", "ONEUSD", "ONE", "USD", "0.01", "0.001")
A, B = ONE.key, "paper:OTHER"
SAY = Wording(Desk(7, (ONE,), (StrategySettings("up", "momentum"), StrategySettings("down", "momentum"))))
CONTROL = Control(TradingState.ACTIVE, "", {})
MOMENT = Moment(Tick(1), 1, CONTROL, None, (), {}, None)
WHO = Roster((True, False), (False, False))
SEEN = Observation(1.0, True, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 0.0)
X = Features(1.0, 100.0, 100.0, 1.0, 0.0, 0.00012, 0.25, 0.0, None, None)
TARGET = Target(X, (0.5, None), (1.0, 0.0), (0.5, 0.0), -0.125)
INTENT = Intent(A, Side.BUY, 250, 10_000, (Leg("up", 250),), "ensemble", 7)
ORDER = Order("o", INTENT, 250, Status.INTENDED, 0, 0, 0, 7)
FILL = Fill("o", A, Side.BUY, Execution("f", 10_000, 100, 0, 0, "USD", True), INTENT.legs, 0, 0, 7)
REFUSED = Refused(INTENT, (Reason("P18", "MAX_POSITION", 2, 1, "lots", "too much"),))
IDLE = Handled((), (), (), (), OrderTable(), RiskState())


def on_wire(data: object) -> object:
    """As a stage hands it on."""
    return (MOMENT, data), Reports()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Controlled(Tick(1), CONTROL, None, ()), "tick"),
        (on_wire(()), None),
        (on_wire(((A, SEEN),)), "quote"),
        (on_wire(((A, replace(SEEN, is_quote=False, trade_size=-0.5)),)), "trade -0.5"),
        (on_wire(((A, (SEEN, WHO)),)), "1 of 2 run"),
        (on_wire(((A, (X, WHO)),)), "vol 1.20 bps book +0.25"),
        (on_wire(((A, (replace(X, volatility=None), WHO)),)), "vol -- bps book +0.25"),
        (on_wire(((A, (None, WHO)), (B, (None, WHO)))), None),
        (on_wire(((A, (None, WHO)), (B, (X, WHO)))), ""),
        (on_wire(((A, (Signals(X, (0.5, None)), WHO)),)), "+0.50 --"),
        (on_wire(((A, TARGET),)), "target -0.125"),
        (((A, TARGET), (B, TARGET)), "target -0.125"),
        ((), None),
        (0.25, "+0.25"),
        (None, None),
        (on_wire(Plan()), None),
        (on_wire(Plan((INTENT, INTENT), ("x",))), "BUY 0.250 +2"),
        (on_wire(Judged((REFUSED,), (), RiskState())), "refused P18"),
        (on_wire(Judged((Approved(INTENT, 250),), ("x",), RiskState())), "approved +1"),
        (on_wire(Judged((), (), RiskState())), None),
        (on_wire(IDLE), None),
        (on_wire(replace(IDLE, requests=(Submit(ORDER),), fills=(FILL,))), "submit BUY 0.250 +1"),
        (on_wire(Executed(IDLE, (), ())), None),
        (on_wire(Executed(IDLE, (Cancel(ORDER),), ())), "cancel"),
        (on_wire(Booked(Executed(IDLE, (), ()), Positions())), None),
        (on_wire(Booked(Executed(replace(IDLE, fills=(FILL,)), (), ()), Positions())), "fill BUY 0.100"),
        ((Outputs(7), Reports()), None),
        ((Outputs(7, orders=(ORDER,)), Reports()), ""),
        (Outputs(7, fills=(FILL,)), ""),
    ],
)  # fmt: skip
def test_what_passed_is_said_and_nothing_is_nothing(told: object, words: str | None) -> None:
    assert passed(told, A, SAY) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({A: TARGET}, "target -0.125"),
        ({B: TARGET}, ""),
        ({A: History()}, "no turn yet"),
        ({A: History(turns=((3_600.0, 1), (3_661.0, -1)))}, "short since 01:01:01"),
        ({A: Moments(0.0, 1.0, (None, None), (4.0, -3.0, 9.0), 12)}, "12 samples"),
        ({A: Moments(0.0, 1.0, (None, None), (4.0, -3.0, 9.0), 30)}, "rho -0.50"),
        ({A: Series()}, "no mid"),
        ({A: Series(mid=20_001)}, "mid 100.005"),
        (Queues({}, {"a": Place(3), "b": Place(None)}), "1 of 2 known"),
        (Queues(), "no order rests"),
        (Metrics(orders=1_234), "1,234 orders"),
        (5, ""),
    ],
)  # fmt: skip
def test_what_is_kept_is_said(state: object, words: str) -> None:
    assert kept(state, A, SAY) == words


def test_a_share_of_a_limit_says_its_unit_once() -> None:
    assert SAY.share(1, 50, "orders") == "1 of 50 orders"
    assert SAY.share(348_326 * 10**6, 2_000_000 * 10**6, "money") == "3,483.26 of 20,000.00 USD"
