"""What host and device say to each other: commands, answers, data mode."""

from collections.abc import Iterator

from quecsim.render.dialogue.line import Group, Way
from quecsim.render.dialogue.payload import cut, first_bytes, sized
from quecsim.render.dialogue.scene import Scene, Tellers, Told
from quecsim.render.layout import counted, safe
from quecsim.trace.event import (
    Ack,
    Called,
    ClientFetched,
    CommandLine,
    DataBegin,
    DataEnd,
    FileChanged,
    Forwarded,
    HostBytes,
    HostFlushed,
    HostUnread,
    MessageSent,
    Result,
    Sent,
    Stored,
    Swallowed,
    TransferAsked,
    TransferEnd,
    UrcDropped,
)
from quecsim.units import format_ns

_CR, _LF = b"\r", b"\n"
_ONLY_CUT = frozenset({"queue full", "data mode"})  # nobody has switched these off


def _host_bytes(scene: Scene, event: HostBytes) -> Iterator[Told]:
    """A write of the host's: a command as text, data as size and first bytes."""
    scene.stream.add(event)
    if scene.data is not None:
        place = event.offset - scene.data.offset
        text = f"{sized(event.data, event.hidden)} (byte {place} of {_name(scene.data)} on)"
        yield Told(Group.DATA, Way.TO_DEVICE, text, offset=event.offset)
        return
    scene.type(event.offset, event.data)
    yield Told(Group.AT, Way.TO_DEVICE, _typed(event), offset=event.offset)


def _typed(event: HostBytes) -> str:
    if event.hidden or len(event.data) > 400:
        return sized(event.data, event.hidden)
    text = event.data.decode("latin-1")
    line = text.rstrip("\r\n")
    if line.isprintable() and "\r" in text[len(line) :]:
        return line or "(an empty line)"
    if line.isprintable() and line == text:
        return f"{text} (no CR yet)"
    return first_bytes(event.data) if len(event.data) <= 48 else sized(event.data)


def _command_line(scene: Scene, event: CommandLine) -> Iterator[Told]:
    """Told where it is not what the host has just written, in one piece."""
    scene.line = event.number
    written = scene.typed.pop(event.offset, None)
    text = f"AT{event.text}"
    if written is None or written.upper() != text.upper():
        told = f"the device reads {cut(text)}"
        yield Told(Group.AT, Way.DEVICE, told, offset=event.offset)


def _called(_scene: Scene, event: Called) -> Iterator[Told]:
    """Told where the answer is not the model's."""
    if event.canned:
        yield Told(
            Group.AT, Way.DEVICE, f"{safe(event.name) or 'it'} is answered by {safe(event.canned)}"
            " of the scenario, not by the model",
        )  # fmt: skip


def _sent(scene: Scene, event: Sent) -> Iterator[Told]:
    """What the device says; each A is told with what it stands for (`ack`)."""
    data = event.data
    if scene.data is not None and scene.data.ack and data == b"A":
        return
    if _is_echo(scene, data):
        yield Told(Group.AT, Way.TO_HOST, f"{_echo(data)} (echo)")
    elif (lines := _lines(data)) is not None:
        unasked = "" if scene.line or scene.data is not None else " (URC)"
        for line in lines:
            yield Told(Group.AT, Way.TO_HOST, f"{cut(line)}{unasked}")
    else:
        yield Told(Group.DATA, Way.TO_HOST, sized(data))


def _is_echo(scene: Scene, data: bytes) -> bool:
    return data[:1] != _CR and bool(data) and data in scene.last_typed and scene.data is None


def _echo(data: bytes) -> str:
    text = data.decode("latin-1").rstrip("\r\n")
    return cut(text) if text else first_bytes(data)


def _lines(data: bytes) -> list[str] | None:
    """The lines of text in it, without empty ones; None where it is data."""
    is_prompt = data.rstrip(b" ").endswith(b">")
    if not (is_prompt or data.endswith((_CR, _LF))):
        return None
    text = data.decode("latin-1")
    lines = [line.rstrip() for line in text.replace("\r", "\n").split("\n") if line.strip()]
    return lines if all(line.isprintable() for line in lines) else None


def _result(_scene: Scene, event: Result) -> Iterator[Told]:
    """Told where something went wrong: what the device means by it."""
    _scene.line = 0
    if event.cause or event.error is not None:
        number = "" if event.error is None else f" ({event.error})"
        cause = safe(event.cause).replace("_", " ") or "an error"
        text = f"AT{cut(event.line)} failed: {cause}{number}"
        yield Told(Group.AT, Way.DEVICE, text)


def _urc_dropped(_scene: Scene, event: UrcDropped) -> Iterator[Told]:
    """Loud where nobody wanted that."""
    if event.why in _ONLY_CUT:
        text = f"LOST an unsolicited result code, {event.why}: {cut(event.text)}"
        yield Told(Group.LOST, Way.LOSS, text, is_loud=True)
    else:
        yield Told(Group.AT, Way.DEVICE, f"not said, {safe(event.why)}: {cut(event.text)}")


# data mode


def _transfer_asked(_scene: Scene, event: TransferAsked) -> Iterator[Told]:
    name = safe(event.name) or "something"
    what = f"takes {name} from the host" if event.way == "in" else f"gives {name} to the host"
    size = f", {counted(event.size, 'byte')}" if event.size else ""
    pause = f", time-out {format_ns(event.timeout_ns)}" if event.timeout_ns else ""
    upgrade = f", upgrade {safe(event.upgrade)}" if event.upgrade else ""
    text = f"AT{safe(event.command)} {what}{size}{pause}{upgrade}"
    yield Told(Group.DATA, Way.DEVICE, text)


def _data_begin(scene: Scene, event: DataBegin) -> Iterator[Told]:
    scene.begin(event)
    size = f", {counted(event.size, 'byte')}" if event.size else ""
    ack = f", an A after each {event.block_bytes}" if event.ack and event.block_bytes else ""
    early = f"; {counted(event.early, 'byte')} came before" if event.early else ""
    text = f"data mode: {_name(event)}{size}{ack}, from stream byte {event.offset} on{early}"
    yield Told(Group.DATA, Way.DEVICE, text, offset=event.offset)


def _stored(scene: Scene, event: Stored) -> Iterator[Told]:
    """In ACK mode the A of a whole block says it. What the power took is on record as a loss, too,
    and loud as that.
    """
    data = scene.data
    if data is not None and data.ack and event.count == data.block_bytes:
        return
    if event.count < 0:
        gone = f"{counted(-event.count, 'byte')} of {safe(event.name)} that were stored"
        text = f"{gone} went with the power; {event.total} are left"
        yield Told(Group.DATA, Way.DEVICE, text)
        return
    text = f"{counted(event.count, 'byte')} stored, {_of(event.total, data)} of {safe(event.name)}"
    yield Told(Group.DATA, Way.DEVICE, text)


def _of(total: int, data: DataBegin | None) -> str:
    return f"{total} of {data.size} bytes" if data is not None and data.size else f"{total} bytes"


def _ack(scene: Scene, event: Ack) -> Iterator[Told]:
    text = f"A: {_of(event.received, scene.data)} are stored"
    yield Told(Group.DATA, Way.TO_HOST, text)


def _forwarded(_scene: Scene, event: Forwarded) -> Iterator[Told]:
    text = f"{counted(event.count, 'byte')} passed on to {safe(event.to)}, {event.total} so far"
    yield Told(Group.DATA, Way.DEVICE, text)


def _swallowed(scene: Scene, event: Swallowed) -> Iterator[Told]:
    place = scene.place(event.transfer)
    where = f" of {safe(place.name)}" if place else ""
    pause = f", after a pause of {format_ns(event.pause_ns)}" if event.pause_ns else ""
    cut_short = ", and was cut in the middle" if event.is_cut else ""
    text = f'"{cut(event.text)}" looks like a command, and became data{where}{pause}{cut_short}'
    yield Told(Group.DATA, Way.LOSS, text, is_loud=True, offset=event.offset)


ENDS = {
    "size": "all bytes that were announced are here",
    "idle": "the host was silent for too long",
    "escape": "+++",
    "terminator": "the host ended it",
    "cancel": "the host cancelled it",
    "dtr": "the host's DTR went off",
    "error": "an error",
    "power": "the power went",
}
"""What ended data mode, by the record's word for it."""


def _data_end(scene: Scene, event: DataEnd) -> Iterator[Told]:
    size = scene.data.size if scene.data is not None else 0
    scene.data = None
    why = ENDS.get(event.why, safe(event.why))
    count = f"{event.received} of {size}" if size else str(event.received)
    kept = f", {event.stored} of them stored" if 0 < event.stored < event.received else ""
    missing = size - event.received
    text = f"data mode ends, {why}: {count} bytes received{kept}"
    is_short = size > 0 and missing > 0
    text += f"; {counted(missing, 'byte')} missing" if is_short else ""
    yield Told(Group.DATA, Way.DEVICE, text, is_loud=is_short, offset=event.offset)


def _transfer_end(_scene: Scene, event: TransferEnd) -> Iterator[Told]:
    """Told where no answer says it."""
    if not event.result:
        yield Told(Group.DATA, Way.DEVICE, "the transfer ends without an answer", is_loud=True)


def _file_changed(_scene: Scene, event: FileChanged) -> Iterator[Told]:
    handle = f", handle {event.handle}" if event.handle >= 0 else ""
    text = f"file {safe(event.name)} {safe(event.what)}{handle}"
    yield Told(Group.DATA, Way.DEVICE, text)


def _fetched(_scene: Scene, event: ClientFetched) -> Iterator[Told]:
    text = f"the host is given {counted(event.count, 'byte')} of {safe(event.client)}"
    yield Told(Group.NET, Way.DEVICE, text)


def _message_sent(_scene: Scene, event: MessageSent) -> Iterator[Told]:
    to = f" to {safe(event.to)}" if event.to else ""
    what = "PDU " if event.is_pdu else ""
    text = f"short message {event.reference}{to}: {what}{cut(event.body)}"
    yield Told(Group.NET, Way.NETWORK, text)


# the host's end


def _host_unread(_scene: Scene, event: HostUnread) -> Iterator[Told]:
    if event.count:
        text = f"the host has not read {counted(event.count, 'byte')} that are there for it"
        yield Told(Group.AT, Way.DEVICE, text)


def _host_flushed(_scene: Scene, event: HostFlushed) -> Iterator[Told]:
    text = f"the host throws away {counted(event.count, 'byte')} of answers, unread"
    yield Told(Group.AT, Way.TO_DEVICE, text)


def _name(data: DataBegin) -> str:
    return safe(data.name) or f"AT{safe(data.command)}"


TELL: Tellers = {
    HostBytes: _host_bytes,
    HostUnread: _host_unread,
    HostFlushed: _host_flushed,
    ClientFetched: _fetched,
    CommandLine: _command_line,
    Called: _called,
    Result: _result,
    FileChanged: _file_changed,
    TransferAsked: _transfer_asked,
    TransferEnd: _transfer_end,
    DataBegin: _data_begin,
    Stored: _stored,
    Forwarded: _forwarded,
    MessageSent: _message_sent,
    Ack: _ack,
    Swallowed: _swallowed,
    DataEnd: _data_end,
    Sent: _sent,
    UrcDropped: _urc_dropped,
}
