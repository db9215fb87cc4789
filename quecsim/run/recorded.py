"""A record, made ready for pictures: its report, and what its wires carried."""

from collections.abc import Sequence

from quecsim.errors import QuecsimError
from quecsim.observed.wire import observed_tap
from quecsim.profiles.schema import Profile
from quecsim.render.recorded import Recorded, Wire
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig.tap import Tap
from quecsim.run.heard import as_heard
from quecsim.run.replay import replay
from quecsim.trace.event import Event, Start
from quecsim.trace.restore import is_hidden
from quecsim.trace.setup import Observed


def recorded(
    events: Sequence[Event],
    *,
    report: Report | None = None,
    name: str = "",
    verdict: str = "",
    has_passed: bool | None = None,
    image: bytes | None = None,
    payloads: Sequence[bytes] = (),
) -> Recorded:
    """All of a whole record (its first event is `Start`); the report is made where none is given.

    `image` and `payloads` are those of `quecsim.run.replay`. A record that cannot be run again
    lacks the bytes on the wire, and says why. Raises QuecsimError where `events` are no record.
    """
    start = events[0] if events else None
    if not isinstance(start, Start):
        raise QuecsimError(
            "the record does not begin with the start of its run",
            hint="its beginning was not kept: only a whole record can be drawn",
        )
    return Recorded(
        events=events,
        report=report if report is not None else _report(events, start.profile),
        profile=start.profile,
        wire=wire_of(events, image, payloads),
        name=name,
        verdict=verdict,
        has_passed=has_passed,
        payload_hidden=is_hidden(events),
    )


def wire_of(
    events: Sequence[Event], image: bytes | None = None, payloads: Sequence[bytes] = ()
) -> Wire:
    """What the wires carried: heard as the record is run again, or as a real device was heard."""
    start = events[0]
    if isinstance(start, Start) and start.observed is not None:
        return observed_wire(events, start.observed)
    tap = Tap()
    try:
        again = replay(events, image, payloads, tap)
    except QuecsimError as error:
        return Wire(why_not=error.message)
    if not again.is_same:
        by = f", recorded by quecsim {again.version}" if again.is_other_version else ""
        return Wire(why_not=f"it runs otherwise from event {again.same + 1} on{by}")
    return Wire(tap)


def observed_wire(events: Sequence[Event], observed: Observed) -> Wire:
    """The bytes of a real device's line at the times at which they were heard."""
    if "times" in observed.lacks:
        return Wire(why_not="nobody knows when its bytes were on the line")
    return Wire(observed_tap(events))


def _report(events: Sequence[Event], profile: Profile | None) -> Report:
    builder = ReportBuilder()
    builder.feed(events)
    return as_heard(builder.report(profile=profile), events)
