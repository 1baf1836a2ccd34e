"""What a run was: the desk it was made from, its source, its versions; and the seal that ends it."""

from msgspec import Struct

from catui.domain.settings import Desk
from catui.own import Own, OwnFile, own_of_run


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """All that replay needs beside the events. Holds no secret that is not written into an own file."""

    run: str  # the directory's name
    desk: Desk
    source: str
    badge: str  # PAPER, SIM, REPLAY, LIVE
    created_ns: int
    version: str
    python: str
    code_hash: str  # over the text of the pure core: another core may derive another state
    config_hash: str
    parent: str = ""  # the run that this one resumed
    own: tuple[OwnFile, ...] = ()  # the strategies of the desk that are no kinds of the library

    def load_own(self) -> Own:
        """The kinds of its desk, as the run was made with them. UsageError, IntegrityError: as for `own_of_run`."""
        return own_of_run(self.desk.strategies, self.own, self.run)


class Seal(Struct, frozen=True, forbid_unknown_fields=True):
    """A run's end: why, after how many events, and the digests that a replay must give."""

    reason: str
    events: int
    journal_digest: str
    state_digest: str
