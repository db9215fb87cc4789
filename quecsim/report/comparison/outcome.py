"""What came of two runs: the files, the losses, the connections, and how busy the device was."""

from collections.abc import Callable, Iterator

from quecsim.report.comparison.model import Difference, Kind
from quecsim.report.connection import Connection
from quecsim.report.files import deciding
from quecsim.report.losses import places_text
from quecsim.report.model import Report, Upload
from quecsim.units import format_ns

NEVER = "not uploaded"
_MOST_FILES = 20
_MOST_CONNECTIONS = 20


def outcome_differences(before: Report, after: Report) -> Iterator[Difference]:
    """Files first, then connections, then the device."""
    a, b = uploads_of(before), uploads_of(after)
    for name in list(dict.fromkeys([*a, *b]))[:_MOST_FILES]:
        yield from _file(name, a.get(name), b.get(name))
    yield from _connections(before, after)
    for what, told in _DEVICE:
        was, now = told(before), told(after)
        if was != now:
            yield Difference(Kind.DEVICE, what, was, now)


def uploads_of(report: Report) -> dict[str, Upload]:
    """The upload that decides of each file, by its name or, without one, its command."""
    found: dict[str, list[Upload]] = {}
    for upload in report.uploads:
        found.setdefault(upload.name or f"AT{upload.command}", []).append(upload)
    return {name: deciding(uploads) for name, uploads in found.items()}


def _file(name: str, before: Upload | None, after: Upload | None) -> Iterator[Difference]:
    for what, told in _FILE:
        was = NEVER if before is None else told(before)
        now = NEVER if after is None else told(after)
        if was != now:
            yield Difference(Kind.OUTCOME, f"{name}: {what}" if what else name, was, now)
        if before is None or after is None:
            return


def verdict_text(upload: Upload) -> str:
    """`lost: 153 bytes lost; 1035 of 1188 stored ...`."""
    return f"{upload.verdict.value}: {upload.sentence}"


def _losses(upload: Upload) -> str:
    if not upload.lost:
        return "none"
    if not upload.losses:  # of a real device
        return f"{upload.lost} bytes, and nobody saw which"
    first = upload.losses[0]
    where = f", the first at byte {first.at_byte}" if first.at_byte is not None else ""
    return f"{upload.lost} bytes in {places_text(upload)}{where}"


def _took(upload: Upload) -> str:
    return "not over" if upload.end_ns is None else format_ns(upload.end_ns - upload.begin_ns)


def _flow(upload: Upload) -> str:
    return format_ns(upload.held_ns) if upload.held_ns else "never"


_FILE: tuple[tuple[str, Callable[[Upload], str]], ...] = (
    ("", verdict_text),
    ("lost", _losses),
    ("time", _took),
    ("host held by flow control", _flow),
    ("ring at its fullest", lambda upload: f"{upload.ring_peak_bytes} bytes"),
    ("answer", lambda upload: upload.result or "none"),
)


def _connections(before: Report, after: Report) -> Iterator[Difference]:
    """In the order in which each run asked for them."""
    a = [_connection(made) for made in before.network.connections][:_MOST_CONNECTIONS]
    b = [_connection(made) for made in after.network.connections][:_MOST_CONNECTIONS]
    for number in range(max(len(a), len(b))):
        was, now = (each[number] if number < len(each) else "none" for each in (a, b))
        if was != now:
            yield Difference(Kind.OUTCOME, f"connection {number + 1}", was, now)


def _connection(made: Connection) -> str:
    return f"{made.outcome.value}: {made.sentence or f'{made.owner} to {made.host}:{made.port}'}"


_DEVICE: tuple[tuple[str, Callable[[Report], str]], ...] = (
    ("flash busy", lambda report: format_ns(report.flash.busy_ns)),
    ("stalls", lambda report: f"{report.flash.stalls}, {format_ns(report.flash.stall_ns)}"),
    ("bytes lost outside of uploads", lambda report: str(report.lost_outside)),
    ("result codes never sent", lambda report: str(report.urcs_dropped)),
    ("bytes that went into no file", lambda report: str(report.counters.eaten)),
)
