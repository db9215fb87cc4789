"""A run as its pictures want it: the record, the answer, and what the wires carried."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quecsim.profiles.schema import Profile
from quecsim.report.model import Report
from quecsim.rig.tap import Tap
from quecsim.trace.event import Event, Start


@dataclass(frozen=True, slots=True)
class Wire:
    """Every byte on the line with its time (`quecsim.rig.tap`); `why_not` says why `tap` is
    missing, in words, where the record could not be run again as it is.
    """

    tap: Tap | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """All that a picture, a page or a file for another program is made of: a pure function of the
    record. `events` begin with `Start`.

    `name` is what the record is called by people (its file). `verdict` is what a check has said of
    the run, as one text, and `has_passed` whether it was content: None where nobody has checked.
    `blame` says in one sentence why it was not, and `cure` what to do, where they know more than
    the report.
    `payload_hidden`: the record holds digests in place of what the host uploaded. `window` is the
    part of the run that is wanted, from one time to another, both in nanoseconds; None: all of it.
    """

    events: Sequence[Event]
    report: Report
    profile: Profile | None
    wire: Wire = field(default_factory=Wire)
    name: str = ""
    verdict: str = ""
    has_passed: bool | None = None
    blame: str = ""
    cure: str = ""
    payload_hidden: bool = False
    window: tuple[int, int] | None = None

    @property
    def start(self) -> Start:
        """How the run began."""
        start = self.events[0]
        assert isinstance(start, Start)
        return start
