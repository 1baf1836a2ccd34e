"""What a detector looks at, and what it finds."""

from typing import Any, Literal, NamedTuple

from msgspec import Struct

from catui.core.machine import Machine
from catui.domain.events import AlertSeverity
from catui.domain.moment import Moment
from catui.domain.reports import Booked, Reports


class Scene(NamedTuple):
    """A step as monitoring sees it."""

    moment: Moment
    booked: Booked
    reports: Reports


class Finding(Struct, frozen=True):
    """What a detector says of one scope: `on` raises, `hold` keeps what is raised, `off` clears it.

    Hysteresis lies in the distance between what is `on` and what is `off`.
    """

    kind: str
    scope: str
    severity: AlertSeverity
    level: Literal["on", "hold", "off"]
    text: str


Findings = tuple[Finding, ...]
Detector = Machine[Any, Scene, Findings]
