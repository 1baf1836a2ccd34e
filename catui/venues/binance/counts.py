"""What became of every frame: their sum is the number of frames, so that none goes unaccounted."""

from dataclasses import asdict, dataclass


@dataclass
class Counts:
    """Frames by their fate. `frames` equals the sum of all others but `gaps`, which counts what was missing."""

    frames: int = 0
    quotes: int = 0
    trades: int = 0
    deltas: int = 0  # applied depth updates
    snapshots: int = 0
    stale: int = 0  # depth updates that a snapshot had already
    buffered: int = 0  # depth updates that wait for a snapshot, still or in vain
    ignored: int = 0  # of streams that this version does not use
    control: int = 0  # acknowledgements and the venue's own words
    refused: int = 0  # not of the protocol; the first one's place is kept
    gaps: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)
