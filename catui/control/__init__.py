"""Control: the operator's commands and the monitors' demands, folded into standing orders."""

from catui.control.standing import control

__all__ = ["control"]
