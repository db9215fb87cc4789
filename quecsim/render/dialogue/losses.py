"""Lost bytes, and what makes them: the busy device, the full ring, flow control, the line."""

from collections.abc import Iterator
from itertools import groupby

from quecsim.render.dialogue.columns import seconds
from quecsim.render.dialogue.line import Group, Way
from quecsim.render.dialogue.payload import first_bytes, span
from quecsim.render.dialogue.scene import Scene, Tellers, Told
from quecsim.render.layout import counted, safe
from quecsim.trace.eaten import EatenWhy, is_mistake
from quecsim.trace.event import (
    DeviceLine,
    Eaten,
    FlashBusy,
    HostBreak,
    HostDiscard,
    HostDtr,
    HostHeld,
    HostLine,
    HostReady,
    HostRts,
    LineMismatch,
    Lost,
    Noise,
    RingLevel,
    Rts,
    SendDropped,
    Stalled,
    Unseen,
)
from quecsim.units import format_ns

_MOST_OPS = 4
_OFF = "off"


def _lost(scene: Scene, event: Lost) -> Iterator[Told]:
    """Which bytes, when, why, and what held the host back."""
    if event.cause == "ring":
        scene.ring_bytes = event.ring_bytes
    parts = [f"LOST {_which(scene, event.offset, event.count, event.transfer)}", _when(event)]
    text = f"{' '.join(parts)}: {_why(event)}{_content(scene, event.offset, event.count)}"
    known_ns = max(event.last_ns, event.drained_ns)
    yield Told(Group.LOST, Way.LOSS, text, is_loud=True, offset=event.offset, at_ns=known_ns)


def _unseen(scene: Scene, event: Unseen) -> Iterator[Told]:
    """What a real device lacks, as far as what it says tells."""
    place = scene.place(event.transfer)
    what, sent = safe(place.name) if place else "the data", counted(event.span, "byte")
    if event.is_unheard:
        text = (
            f"nobody heard what the host sent of {what} as it was: only the device's count is known"
        )
        yield Told(Group.DATA, Way.DEVICE, text, offset=event.offset)
        return
    if event.is_untold:
        text = f"UNKNOWN how much of {what} came, of {sent} sent: the device has not said"
    elif event.count:
        text = f"LOST {counted(event.count, 'byte')} of {what}, of {sent} sent: nobody saw which"
    else:
        text = f"WRONG {what}: {sent} sent, as many came, and the checksum is that of others"
    yield Told(Group.LOST, Way.LOSS, text, is_loud=True, offset=event.offset)


def _which(scene: Scene, offset: int, count: int, transfer: int) -> str:
    """`153 bytes, 1024..1176 of ca.pem (stream 1093..1245)`."""
    size = counted(count, "byte")
    if offset < 0:
        return f"{size} that nobody sent"
    stream = f"stream {span(offset, count)}"
    place = scene.place(transfer)
    if place is None or offset < place.offset:
        return f"{size}, {stream}"
    return f"{size}, {span(offset - place.offset, count)} of {safe(place.name)} ({stream})"


def _when(event: Lost) -> str:
    first, last = seconds(event.at_ns), seconds(event.last_ns)
    return f"at {first} s" if first == last else f"from {first} to {last} s"


def _why(event: Lost) -> str:
    if event.cause != "ring":
        return f"{safe(event.doing)} ({safe(event.cause)})"
    full = format_ns(event.drained_ns - event.full_ns)
    flow = f"flow control: device {safe(event.device_flow)}, host {safe(event.host_flow)}"
    if _OFF in (event.device_flow, event.host_flow):
        flow += ", so nothing held the host back"
    return f"the ring of {event.ring_bytes} was full for {full} while {safe(event.doing)}; {flow}"


def _content(scene: Scene, offset: int, count: int) -> str:
    data, hidden = scene.stream.at(offset, count)
    return f"; the bytes: {first_bytes(data, hidden)}" if data else ""


def _eaten(scene: Scene, event: Eaten) -> Iterator[Told]:
    """Loud where the host meant them as something. The LF of a line's CR LF is not worth a line."""
    if event.why == EatenWhy.LF_AFTER_CR and event.count == 1:
        return
    is_loud = is_mistake(event.why)
    which = _which(scene, event.offset, event.count, event.transfer)
    what = "EATEN silently, neither command nor data:" if is_loud else "taken, no data:"
    text = f"{what} {which}, {safe(event.why)}; the bytes: {first_bytes(event.data)}"
    group, way = (Group.LOST, Way.LOSS) if is_loud else (Group.DATA, Way.DEVICE)
    yield Told(group, way, text, is_loud=is_loud, offset=event.offset, at_ns=event.last_ns)


_UNSENT = {
    "cts": "the host's RTS did not let the device send",
    "backlog": "the host did not read",
    "noise": "lost on the line",
    "framing": "at the wrong rate they had no stop bit",
}


def _send_dropped(_scene: Scene, event: SendDropped) -> Iterator[Told]:
    why = _UNSENT.get(event.why, safe(event.why))
    text = f"LOST {counted(event.count, 'byte')} from the device, never at the host: {why}"
    yield Told(Group.LOST, Way.LOSS, text, is_loud=True)


# the device is busy


def _flash_busy(scene: Scene, event: FlashBusy) -> Iterator[Told]:
    ops = f" ({_ops(event)})" if event.ops else ""
    text = f"busy {format_ns(event.until_ns - event.at_ns)}: {safe(event.why)}{ops}{_ring(scene)}"
    yield Told(Group.FLASH, Way.DEVICE, text)


def _ops(event: FlashBusy) -> str:
    """`erase at 0x4bb000 45.0 ms, 4 programs 3.2 ms`."""
    rows = [list(row) for _, row in groupby(event.ops, key=lambda op: op[0])]
    more = ", ..." if len(rows) > _MOST_OPS else ""
    return ", ".join(map(_row, rows[:_MOST_OPS])) + more


def _row(ops: list[tuple[str, int, int, int, int]]) -> str:
    kind, address, *_ = ops[0]
    what = safe(kind) if len(ops) == 1 else f"{len(ops)} {safe(kind)}s"
    return f"{what} at {address:#x} {format_ns(sum(op[4] for op in ops))}"


def _stalled(scene: Scene, event: Stalled) -> Iterator[Told]:
    text = (
        f"busy {format_ns(event.until_ns - event.at_ns)}: a stall that was asked for, after"
        f" {counted(event.taken, 'byte')} of the data{_ring(scene)}"
    )
    yield Told(Group.FLASH, Way.DEVICE, text)


def _ring(scene: Scene) -> str:
    return f"; in the ring: {counted(scene.ring_level, 'byte')}" if scene.ring_level else ""


def _ring_level(scene: Scene, event: RingLevel) -> Iterator[Told]:
    """Told where it is full; other levels stand in the lines about the busy device."""
    before, scene.ring_level = scene.ring_level, event.level
    if scene.ring_bytes and event.level >= scene.ring_bytes > before:
        since = f"since {seconds(event.at_ns)} s"
        text = f"the ring is full: {event.level} bytes, {since}; what comes now has no room"
        yield Told(Group.FLOW, Way.DEVICE, text)


# who holds whom back


def _rts(_scene: Scene, event: Rts) -> Iterator[Told]:
    what = "go on" if event.on else "stop"
    text = f"the device tells the host to {what} (RTS or XON/XOFF), {event.level} bytes in the ring"
    yield Told(Group.FLOW, Way.TO_HOST, text)


def _host_held(_scene: Scene, event: HostHeld) -> Iterator[Told]:
    text = "the host's UART stops: it obeys" if event.held else "the host's UART goes on"
    yield Told(Group.FLOW, Way.TO_DEVICE, text)


def _host_ready(_scene: Scene, event: HostReady) -> Iterator[Told]:
    text = (
        "the host takes bytes again" if event.ready else "the host takes no bytes from the device"
    )
    yield Told(Group.FLOW, Way.TO_DEVICE, text)


def _host_rts(_scene: Scene, event: HostRts) -> Iterator[Told]:
    yield Told(Group.FLOW, Way.TO_DEVICE, f"the host switches its RTS {_on(event.on)}, by hand")


def _host_dtr(_scene: Scene, event: HostDtr) -> Iterator[Told]:
    yield Told(Group.FLOW, Way.TO_DEVICE, f"the host switches its DTR {_on(event.on)}")


def _host_break(_scene: Scene, event: HostBreak) -> Iterator[Told]:
    text = "the host holds its line low: a break" if event.on else "the host's break is over"
    yield Told(Group.LINE, Way.TO_DEVICE, text)


def _on(is_on: bool) -> str:
    return "on" if is_on else "off"


# the line


def _host_line(_scene: Scene, event: HostLine) -> Iterator[Told]:
    text = f"the host's end: {safe(event.end)}, flow control {safe(event.flow)}"
    yield Told(Group.LINE, Way.TO_DEVICE, text)


def _device_line(_scene: Scene, event: DeviceLine) -> Iterator[Told]:
    ifc = ",".join(map(str, event.ifc))
    text = f"the device's end: {event.baud} {safe(event.frame)}, AT+IFC={ifc}"
    yield Told(Group.LINE, Way.DEVICE, text)


def _mismatch(_scene: Scene, event: LineMismatch) -> Iterator[Told]:
    effect = "its bytes arrive garbled" if event.garbled else "a real line would garble this"
    ends = f"the host is at {safe(event.host)}, the device at {safe(event.device)}"
    text = f"MISMATCH: {ends}, and the {safe(event.sender)} sends: {effect}"
    yield Told(Group.LINE, Way.LOSS, text, is_loud=True)


def _noise(scene: Scene, event: Noise) -> Iterator[Told]:
    if scene.is_heard and event.what == "inserted":
        text = f"{counted(event.count, 'byte')} came that nobody heard the host send"
        yield Told(Group.LINE, Way.DEVICE, text, offset=event.offset)
        return
    where = f"stream {span(event.offset, event.count)}"
    if event.what == "inserted":
        where = f"before stream byte {event.offset}"
    text = f"NOISE on the line: {counted(event.count, 'byte')} {safe(event.what)}, {where}"
    yield Told(Group.LINE, Way.LOSS, text, is_loud=True, offset=event.offset)


def _host_discard(_scene: Scene, _event: HostDiscard) -> Iterator[Told]:
    text = "the host throws away what it had written and was not on the wire yet"
    yield Told(Group.LINE, Way.TO_DEVICE, text)


TELL: Tellers = {
    HostLine: _host_line,
    HostReady: _host_ready,
    HostRts: _host_rts,
    HostDiscard: _host_discard,
    LineMismatch: _mismatch,
    DeviceLine: _device_line,
    Eaten: _eaten,
    HostDtr: _host_dtr,
    HostBreak: _host_break,
    Lost: _lost,
    RingLevel: _ring_level,
    Rts: _rts,
    HostHeld: _host_held,
    FlashBusy: _flash_busy,
    Stalled: _stalled,
    SendDropped: _send_dropped,
    Noise: _noise,
    Unseen: _unseen,
}
