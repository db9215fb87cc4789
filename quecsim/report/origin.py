"""What was run, out of the first event of its record: the device, its line, where it came from."""

from quecsim.report.model import ReportOrigin
from quecsim.trace.event import Start
from quecsim.uart.port_kind import port_kind
from quecsim.uart.rate import UartRate, UnlimitedRate


def origin_of(start: Start) -> ReportOrigin:
    """For the report; without the device's values it can say little."""
    profile = start.profile
    return ReportOrigin(
        title=profile.title if profile is not None else start.device,
        line=_line(start),
        scenario=start.origin.name,
        version=start.origin.version,
        date=start.origin.date,
        command=list(start.origin.command),
        heard_from=start.observed.source if start.observed is not None else "",
        lacks=list(start.observed.lacks) if start.observed is not None else [],
    )


def _line(start: Start) -> str:
    """The device's end of the line when the run began."""
    profile, config = start.profile, start.config
    if start.observed is not None:
        return start.settings.get("line", "")
    if profile is None:
        return ""
    kind = port_kind(start.port, is_unlimited=bool(config.get("is_unlimited")))
    baud = config.get("ipr") or profile.uart.baud
    rate = kind.rate(profile, baud, profile.uart.frame)
    if isinstance(rate, UnlimitedRate):
        return f"{kind.title}, unlimited"
    if not isinstance(rate, UartRate):
        return kind.title
    is_fixed = profile.autobaud is None or config.get("ipr")
    return f"{kind.title} at {rate}" if is_fixed else f"{kind.title} at the host's rate"
