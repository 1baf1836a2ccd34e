"""Control: the operator's commands and the monitors' demands, folded into standing orders."""

from catui.control.limits import limit_of
from catui.control.reload import changes
from catui.control.stage import control

__all__ = ["changes", "control", "limit_of"]
