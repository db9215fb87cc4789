"""The lanes of a run, each made from the kinds of events that it shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from quecsim.render.dialogue.talk import ENDS
from quecsim.render.held import held_spans
from quecsim.render.layout import counted, safe
from quecsim.render.picture import ring_series
from quecsim.render.recorded import Recorded
from quecsim.render.ring import ring_bytes
from quecsim.render.timeline.ble import ble_spans
from quecsim.render.timeline.model import Lane, Span, Timeline
from quecsim.render.timeline.signals import signals
from quecsim.report.losses import why
from quecsim.trace import event as ev
from quecsim.uart.port_kind import port_kind
from quecsim.uart.run import ByteRun
from quecsim.units import format_ns

Told = dict[type, list[tuple[int, Any]]]
"""The events of a record by kind, each with its number."""


def timeline(recorded: Recorded) -> Timeline:
    """The whole run."""
    told: Told = defaultdict(list)
    for number, event in enumerate(recorded.events):
        told[type(event)].append((number, event))
    begin_ns = recorded.events[0].at_ns
    end_ns = max(recorded.report.at_ns, begin_ns)
    tap = recorded.wire.tap
    rts_off_bytes, rts_on_bytes = _rts_levels(recorded)
    lanes = [Lane(key, title, _sorted(make(told))) for key, title, make in _LANES]
    if tap is not None:
        lanes[1:1] = [
            Lane("line", "line: host to device", _trains(tap.to_device.runs())),
            Lane("line-back", "line: device to host", _trains(tap.to_host.runs())),
        ]
    return Timeline(
        begin_ns=begin_ns,
        end_ns=end_ns,
        lanes=tuple(lanes),
        signals=signals(recorded.events),
        ring=tuple(ring_series(recorded.events, begin_ns, end_ns)),
        ring_bytes=_ring_bytes(recorded),
        rts_off_bytes=rts_off_bytes,
        rts_on_bytes=rts_on_bytes,
        has_wire=tap is not None,
        why_no_wire=recorded.wire.why_not,
    )


def _sorted(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: (span.begin_ns, span.event)))


def _rts_levels(recorded: Recorded) -> tuple[int | None, int | None]:
    """Where the device asks the host to stop, and to go on. One without flow control never does."""
    profile = recorded.profile
    if profile is None or not port_kind(recorded.start.port).is_serial:
        return None, None
    uart = profile.uart
    return (uart.rts_off_bytes, uart.rts_on_bytes) if any(uart.ifc_values) else (None, None)


def _ring_bytes(recorded: Recorded) -> int:
    """The ring's size; of a record that does not say it, as much as it had in it."""
    peaks = [event.level for event in recorded.events if isinstance(event, ev.RingLevel)]
    return ring_bytes(recorded.start) or max(peaks, default=0)


def _trains(runs: Sequence[ByteRun]) -> tuple[Span, ...]:
    """Each unbroken train of bytes, from its first start bit to its last stop bit."""
    return tuple(
        Span(
            run.origin_ns + run.rate.span_ns(run.first),
            run.edge_ns(len(run.data) - 1),
            f"{counted(len(run.data), 'byte')} at {run.rate}",
            offset=run.offset if run.offset >= 0 else None,
            count=len(run.data),
        )
        for run in runs
    )


def _writes(told: Told) -> Iterator[Span]:
    for number, event in told[ev.HostBytes]:
        count = len(event.data)
        text = f"the host writes {counted(count, 'byte')}"
        yield Span(event.at_ns, event.at_ns, text, number, event.offset, count)
    breaks = told[ev.HostBreak]
    ends = [event.at_ns for _, event in breaks[1:]] + [_last_ns(told)]
    for (number, event), end_ns in zip(breaks, ends, strict=False):
        if event.on:
            yield Span(event.at_ns, end_ns, "the host holds its line low: a break", number)


def _commands(told: Told) -> Iterator[Span]:
    """From a command line to its final result code."""
    results = {event.number: event for _, event in told[ev.Result]}
    for number, event in told[ev.CommandLine]:
        result = results.get(event.number)
        end_ns = result.at_ns if result is not None else event.at_ns
        answer = f" -> {safe(result.text)}" if result is not None else ""
        text = f"AT{safe(event.text)}{answer}"
        yield Span(event.at_ns, end_ns, text, number, event.offset, event.count)


def _transfers(told: Told) -> Iterator[Span]:
    ends = {event.transfer: event for _, event in told[ev.DataEnd]}
    for number, event in told[ev.DataBegin]:
        end = ends.get(event.transfer)
        stored = (
            f", {end.stored} of {event.size} bytes stored in the end ({_why(end)})" if end else ""
        )
        text = f"data mode: {safe(event.name)}{stored}"
        end_ns = end.at_ns if end else _last_ns(told)
        count = max(0, end.offset - event.offset) if end else 0
        yield Span(event.at_ns, end_ns, text, number, event.offset, count)


def _why(end: ev.DataEnd) -> str:
    return ENDS.get(end.why) or safe(end.why)


def _flash(told: Told) -> Iterator[Span]:
    for number, event in told[ev.FlashBusy]:
        ops = len(event.ops)
        text = f"flash: {safe(event.why)}, {counted(ops, 'operation')}"
        yield Span(event.at_ns, event.until_ns, text, number)
    for number, event in told[ev.Stalled]:
        text = f"stall at byte {event.taken} of the data, which was asked for"
        yield Span(event.at_ns, event.until_ns, text, number)


def _acks(told: Told) -> Iterator[Span]:
    for number, event in told[ev.Ack]:
        yield Span(event.at_ns, event.at_ns, f"A: {event.received} bytes stored", number)


def _held(told: Told) -> Iterator[Span]:
    for number, begin_ns, end_ns in held_spans(told[ev.HostHeld]):
        text = "flow control holds the host"
        if end_ns is not None:
            text += f" for {format_ns(end_ns - begin_ns)}"
        yield Span(begin_ns, _last_ns(told) if end_ns is None else end_ns, text, number)


def _last_ns(told: Told) -> int:
    """When the last event was: what has no end goes on until then."""
    return max((each[-1][1].at_ns for each in told.values() if each), default=0)


def _urcs(told: Told) -> Iterator[Span]:
    for number, event in told[ev.Urc]:
        yield Span(event.at_ns, event.at_ns, safe(event.text.strip()), number)
    for number, event in told[ev.UrcDropped]:
        text = f"never sent ({safe(event.why)}): {safe(event.text.strip())}"
        yield Span(event.at_ns, event.at_ns, text, number)


_LINK_ENDS: tuple[type, ...] = (ev.LinkFailed, ev.LinkClosed, ev.LinkShut, ev.LinkAnswered)
_LINK_BYTES: tuple[tuple[type, str], ...] = ((ev.LinkSent, "sent"), (ev.LinkReceived, "received"))


def _network(told: Told) -> Iterator[Span]:
    """Connections from the wish to their end, and what clients told the host."""
    over: dict[int, int] = {}
    for kind in _LINK_ENDS:
        for _, event in told[kind]:
            over[event.link] = min(over.get(event.link, event.at_ns), event.at_ns)
    last_ns = _last_ns(told)
    for number, event in told[ev.LinkAsked]:
        to = f"{safe(event.host)}:{event.port}" if event.host else f"port {event.port}"
        text = f"{safe(event.owner)}, {safe(event.protocol)} {to}"
        yield Span(event.at_ns, over.get(event.link, last_ns), text, number)
    for number, event in told[ev.LinkFailed]:
        detail = f" ({safe(event.detail)})" if event.detail else ""
        yield Span(event.at_ns, event.at_ns, f"failed: {event.why}{detail}", number)
    for number, event in told[ev.ClientResult]:
        text = f"{safe(event.client)}: {safe(event.command)} {event.code}"
        yield Span(event.at_ns, event.at_ns, text, number)
    for kind, word in _LINK_BYTES:
        for number, event in told[kind]:
            text = f"link {event.link}: {counted(event.count, 'byte')} {word}"
            yield Span(event.at_ns, event.at_ns, text, number, count=event.count)
    yield from ble_spans(told, last_ns)


def _faults(told: Told) -> Iterator[Span]:
    for number, event in told[ev.FaultFired]:
        yield Span(event.at_ns, event.at_ns, f"{safe(event.kind)}: {safe(event.what)}", number)
    for number, event in told[ev.Noise]:
        text = f"noise: {counted(event.count, 'byte')} {safe(event.what)}"
        yield Span(event.at_ns, event.at_ns, text, number, event.offset, event.count)
    for number, event in told[ev.Power]:
        yield Span(
            event.at_ns, event.at_ns, f"power {safe(event.state)} ({safe(event.why)})", number
        )
    for number, event in told[ev.Operated]:
        yield Span(event.at_ns, event.at_ns, safe(event.did), number)


def _lost(told: Told) -> Iterator[Span]:
    for number, event in told[ev.Lost]:
        last = event.offset + event.count - 1
        text = f"{counted(event.count, 'byte')} lost, {event.offset}..{last}: {safe(why(event))}"
        yield Span(event.at_ns, event.last_ns, text, number, event.offset, event.count)


def _eaten(told: Told) -> Iterator[Span]:
    for number, event in told[ev.Eaten]:
        text = f"{counted(event.count, 'byte')} went away silently: {safe(event.why)}"
        yield Span(event.at_ns, event.last_ns, text, number, event.offset, event.count)


_LANES: tuple[tuple[str, str, Callable[[Told], Iterator[Span]]], ...] = (
    ("writes", "host writes", _writes),
    ("held", "host held", _held),
    ("commands", "commands", _commands),
    ("data", "data mode", _transfers),
    ("flash", "flash busy", _flash),
    ("acks", "ACK bytes", _acks),
    ("urcs", "result codes", _urcs),
    ("network", "network", _network),
    ("faults", "faults and power", _faults),
    ("eaten", "eaten", _eaten),
    ("lost", "lost", _lost),
)
