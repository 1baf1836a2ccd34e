"""Everything catui raises, and whose it is to mend.

    CatuiError                      exit 1
      UsageError                    yours: arguments, files, ports           exit 2
        ConfigError                 names place, key, value, fault, mend
      VenueError                    theirs: what a venue sent; never stops the desk
        MessageError                one message that is not of the protocol
      TapeError                     a recording that is damaged; what came before it stands    exit 4
      IntegrityError                ours: journal, digest, ledger; trading halts first         exit 4

The pure core never raises on data: it answers with values. `ValueError` in a constructor names the value,
the bound and the unit.
"""


class CatuiError(Exception):
    """Whatever ends a command with one clear line instead of a traceback."""

    exit_code = 1


class UsageError(CatuiError):
    """Wrong use: an argument, a path or a port that cannot be."""

    exit_code = 2


class ConfigError(UsageError):
    """Every fault of a configuration at once, one line each: `PLACE: KEY = VALUE: FAULT; MEND`."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class VenueError(CatuiError):
    """What a venue did wrong: refused at the door, counted, answered by a resync."""


class MessageError(VenueError):
    """A message that is not of the protocol: `VENUE PLACE: NAME = VALUE: FAULT`."""


class TapeError(CatuiError):
    """A recording that is damaged at a place; what comes before it is whole."""

    exit_code = 4


class IntegrityError(CatuiError):
    """A broken chain, digest or ledger: our fault, and trading stops first."""

    exit_code = 4
