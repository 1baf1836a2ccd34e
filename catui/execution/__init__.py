"""Execution: requests to a venue, or to the paper venue inside."""

from catui.execution.estimate import Estimate, estimate
from catui.execution.paper import execution

__all__ = ["Estimate", "estimate", "execution"]
