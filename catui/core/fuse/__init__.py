"""fuse: a machine tree as one flat text, whose plain reading runs live and whose compiled reading runs backtests."""

from catui.core.fuse.keyed import FusedStages, fused_stages
from catui.core.fuse.live import fused
from catui.core.fuse.module import Flat, fuse
from catui.core.fuse.plain import plain
from catui.core.fuse.shape import NotFlat
from catui.core.fuse.source import FuseError

__all__ = ["Flat", "FuseError", "FusedStages", "NotFlat", "fuse", "fused", "fused_stages", "plain"]
