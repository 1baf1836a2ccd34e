"""How a run ended: in one line, and as the exit code of whatever showed it to the end.

0   done                       3   the desk is HALTED
1   failed                     4   a record does not hold what it should
"""

from catui.domain.events import TradingState
from catui.errors import CatuiError
from catui.runtime.manifest import Seal
from catui.runtime.session import Session
from catui.runtime.wire import HALTED, Ended
from catui.text import printable

WORDS = 300


def sealed(session: Session, seal: Seal) -> Ended:
    """A run that came to its seal: a source that failed says so, and a desk that was halted stays halted."""
    if session.tally.fault:
        return Ended(session.fault_code, f"run {session.name}: {printable(session.tally.fault, WORDS)}")
    is_halted = session.engine.control().trading_state is TradingState.HALTED
    return Ended(HALTED if is_halted else 0, f"run {session.name}: {seal.reason}{', HALTED' if is_halted else ''}")


def broken(error: Exception) -> Ended:
    """A run that has no seal, or could not begin. What was not foreseen is said without locals."""
    if isinstance(error, CatuiError):
        return Ended(error.exit_code, printable(str(error), WORDS))
    return Ended(1, f"internal error: {printable(f'{type(error).__name__}: {error}', WORDS)}")
