"""How it came about, for somebody who has never heard of a receive ring.

Each paragraph is said of what the record shows, with its numbers; one that does not apply is left
out.
"""

from collections import Counter
from collections.abc import Iterator

from quecsim.render.ble import connection_text as ble_connection_text
from quecsim.render.layout import counted, safe
from quecsim.render.network import connection_text
from quecsim.render.recorded import Recorded
from quecsim.report.model import FaultCount, Report
from quecsim.trace.event import DataBegin, FlashBusy, Lost, Stalled
from quecsim.units import format_ns

_MOST_CONNECTIONS = 3
_MOST_FAULTS = 3
_CAUSES = {
    "off": "the module was switched off, or still starting, when they came.",
    "reopen": "they came while the module changed the settings of its line.",
    "framing": "the two ends of the line were set differently, so that no whole byte arrived.",
    "noise": "noise on the line destroyed them.",
    "storage": "they had arrived, and the module could not store them.",
    "power": "they had arrived, and the power went before they were stored.",
}


def story(recorded: Recorded) -> list[str]:
    """Paragraphs, in the order of cause and effect."""
    return list(_story(recorded))


def _story(recorded: Recorded) -> Iterator[str]:
    report = recorded.report
    if sent := report.counters.sent:
        yield _begin(recorded, sent)
    yield from _ack(recorded)
    by_cause = report.counters.lost_by_cause
    if by_cause.get("ring"):
        yield from _ring(recorded)
    for cause, text in _CAUSES.items():
        if count := by_cause.get(cause):
            yield f"{counted(count, 'byte')} lost ({cause}): {text}"
    if any(upload.lost and upload.stored for upload in report.uploads):
        yield (
            "In the file on the module, what came behind a hole follows right on what came before"
            " it. Such a file is damaged, even where its length is right."
        )
    if report.held_ns:
        yield _held(report)
    yield from _connections(report)
    yield from _on_air(report)
    yield from _faults(report)
    if not report.is_ended:
        yield "The record ends before the run did: what came after that is not known."


def _begin(recorded: Recorded, sent: int) -> str:
    origin = recorded.report.origin
    over = f" over its {safe(origin.line)}" if origin.line else ""
    who = safe(origin.title or recorded.report.device)
    if origin.heard_from:
        real = f"a real device, read as {who} (heard from: {safe(origin.heard_from)})"
        return f"A host program sent {counted(sent, 'byte')} to {real}."
    return f"A host program sent {counted(sent, 'byte')} to a simulated {who}{over}."


def _ack(recorded: Recorded) -> Iterator[str]:
    """The uploads in which the host waits for the module."""
    blocks = [event.block_bytes for event in recorded.events if isinstance(event, DataBegin)]
    block = max(blocks, default=0)
    if block and any(upload.ack for upload in recorded.report.uploads):
        yield (
            f"It asked for ACK mode, in which a host waits after every {counted(block, 'byte')}"
            " until the module has stored them and says so with the letter A."
        )


def _ring(recorded: Recorded) -> Iterator[str]:
    losses = [event for event in recorded.events if isinstance(event, Lost)]
    ring = max(event.ring_bytes for event in losses if event.cause == "ring")
    busy = "While its flash memory writes or erases,"
    if any(session.lost for session in recorded.report.ble.sessions):
        busy = "In transparent mode, while Bluetooth LE has no room for more,"
    yield (
        "The module can take bytes out of its receiver only while nothing else keeps it busy."
        f" {busy} what arrives waits in a buffer, the receive ring,"
        f" which holds {counted(ring, 'byte')} here."
    )
    yield f"{_busy(recorded)}{_full(losses)}"
    yield _flow(losses)


def _busy(recorded: Recorded) -> str:
    """How often and how long it took nothing."""
    stops = [
        e for e in recorded.events if isinstance(e, FlashBusy | Stalled) and e.until_ns > e.at_ns
    ]
    if not stops:
        return ""
    longest = max(stop.until_ns - stop.at_ns for stop in stops)
    times = counted(len(stops), "time")
    return f"It was busy {times}, for up to {format_ns(longest)} in one go. "


def _full(losses: list[Lost]) -> str:
    ring = [event for event in losses if event.cause == "ring"]
    count = sum(event.count for event in ring)
    bits = f"{counted(count, 'byte')}"
    return (
        "Each time the ring was full before the module was free again, the bytes that came next had"
        f" no room and were lost: {bits} in all."
    )


def _flow(losses: list[Lost]) -> str:
    """Who could have held the host back."""
    seen = Counter((e.device_flow, e.host_flow) for e in losses if e.cause == "ring")
    (device, host), _ = seen.most_common(1)[0]
    if device == host == "off":
        return (
            "Nothing told the host to wait: flow control was off at both ends, so it went on"
            " sending at the full rate of the line."
        )
    return (
        "Flow control should have told the host to wait, and did not: at the device it was"
        f" {device}, at the host {host}."
    )


def _connections(report: Report) -> Iterator[str]:
    """The last of them, where any was asked for."""
    made = report.network.connections
    if count := len(made) + report.network.unlisted:
        last = "; ".join(connection_text(each) for each in made[-_MOST_CONNECTIONS:])
        told = ", the last of them" if count > _MOST_CONNECTIONS else ""
        yield f"The module asked for {counted(count, 'connection')}{told}: {last}."


def _on_air(report: Report) -> Iterator[str]:
    """The last connections of Bluetooth LE."""
    made = report.ble.connections
    if count := len(made) + report.ble.unlisted:
        last = "; ".join(ble_connection_text(each) for each in made[-_MOST_CONNECTIONS:])
        told = ", the last of them" if count > _MOST_CONNECTIONS else ""
        yield f"Bluetooth LE had {counted(count, 'connection')}{told}: {last}."


def _faults(report: Report) -> Iterator[str]:
    """What went wrong on purpose."""
    fired = [fault for fault in report.faults if fault.fired]
    if fired:
        told = "; ".join(_fault(fault) for fault in fired[:_MOST_FAULTS])
        more = f"; and {len(fired) - _MOST_FAULTS} more" if len(fired) > _MOST_FAULTS else ""
        yield f"This was made to go wrong on purpose: {told}{more}."


def _fault(fault: FaultCount) -> str:
    times = "" if fault.fired == 1 else f", {fault.fired} times"
    return f"{safe(fault.first or fault.text)}{times}"


def _held(report: Report) -> str:
    held = format_ns(report.held_ns)
    return f"Flow control held the host back for {held} altogether: those bytes are late, not lost."
