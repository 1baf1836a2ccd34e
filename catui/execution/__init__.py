"""Execution: requests to a venue, or to the paper venue inside."""

from catui.execution.paper import execution

__all__ = ["execution"]
