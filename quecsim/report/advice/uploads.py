"""Why an upload did not go well, where its bytes tell: for its sentence, and as advice."""

from msgspec.structs import replace

from quecsim.report.advice.data import (
    of_head,
    of_println,
    of_shortage,
    of_surplus,
    of_tail,
)
from quecsim.report.advice.hint import Hint
from quecsim.report.advice.stream import HostStream
from quecsim.report.model import Advice, Upload, Verdict
from quecsim.report.track import Track
from quecsim.report.verdict import bytes_text
from quecsim.trace.kinds import CERTIFICATE_UPLOAD, PACKAGE_UPLOAD, SLOT_UPLOAD, WRITE_BY_HANDLE

SPOILS = frozenset({"chars-counted", "cr-lf-sent", "nul-first", "sent-twice", "size-too-small"})
"""Causes that make another file of it: what is wrong with that one need not be told."""

_NOTICED = {
    "+QFUPL": "compare the checksum in +QFUPL: with the file's, delete it and send it again",
    WRITE_BY_HANDLE: "no checksum tells: read the file back (AT+QFREAD), compare, write it again",
    CERTIFICATE_UPLOAD: "compare the checksum in +QSECWRITE: with the file's, delete, send again",
    SLOT_UPLOAD: "nothing tells but a connection with TLS that fails: send it again, and slower",
    PACKAGE_UPLOAD: '"END",506 tells: the old firmware goes on, and the package can be sent again',
}
_ACK_BLOCK_BYTES = 1024  # what the guides say; a device with other blocks gets the other advice
_GAVE_UP = ("", "idle", "escape", "dtr")
_NEXT = {"nul-first": "; "}
_GLUE = {Verdict.INTACT: ": ", Verdict.SURPLUS: ": "}


def explained(upload: Upload, track: Track, stream: HostStream) -> Hint | None:
    """The cause of what became of `upload`, whose notes are `track`; None where there is none."""
    if upload.lost:
        return _lost(upload)
    if upload.altered or upload.inserted:
        return _noise(upload) if upload.verdict is Verdict.WRONG else None
    if track.start is None or upload.eaten or upload.stored > upload.sent:
        return None  # the last: a real device has more than anybody heard the host send
    if upload.verdict is Verdict.WRONG:
        return _command_within(upload, track, stream)
    data = stream.part(upload.start, upload.end)
    if data is None:
        return None
    if (head := of_head(data, upload.early.taken_as_data)) is not None:
        return head
    behind = stream.part(upload.end, max(upload.end, track.reach))
    if upload.verdict is Verdict.INTACT and behind:
        return of_println(data, behind)
    if upload.verdict is Verdict.SURPLUS:
        return of_surplus(data, behind, upload.size) if behind else None
    is_short = upload.verdict in (Verdict.SHORT, Verdict.WAITING) and upload.ended in _GAVE_UP
    if is_short and not upload.upgrade and len(data) < upload.size:
        if upload.ack and data and len(data) % _ACK_BLOCK_BYTES == 0:
            return _at_block(upload, len(data))
        return of_shortage(data, upload.size, track.line)
    return None


def with_cause(upload: Upload, hint: Hint | None) -> Upload:
    """`upload`, whose sentence also says the cause."""
    if hint is None or not hint.words:
        return upload
    if upload.verdict is Verdict.WRONG:
        mistake = f"{upload.mistake}: {hint.words}"
        sentence = upload.sentence.replace(upload.mistake, mistake, 1)
        return replace(upload, mistake=mistake, sentence=sentence)
    glue = _NEXT.get(hint.kind) or _GLUE.get(upload.verdict, "; ")
    return replace(upload, sentence=f"{upload.sentence}{glue}{hint.words}")


def as_advice(upload: Upload, hint: Hint) -> Advice:
    """The cause as advice."""
    return Advice(
        kind=hint.kind, seen=hint.seen, advice=hint.advice, at_ns=upload.end_ns or upload.begin_ns,
        offset=upload.end, name=upload.name,
    )  # fmt: skip


def _at_block(upload: Upload, count: int) -> Hint:
    """In ACK mode a host that stops here has most likely waited for an `A` in vain."""
    seen = f"the host stopped at byte {count} of {upload.size}, where an `A` is due"
    advice = (
        "wait some seconds for the `A`; if none comes, let the upload end, delete the file and "
        "send it again"
    )
    return Hint("stopped-at-ack", seen, advice)


def _lost(upload: Upload) -> Hint | None:
    """Bytes that found no room; ACK mode is QFUPL's alone."""
    if not any(loss.cause == "ring" for loss in upload.losses):
        return None
    size = max(loss.ring_bytes for loss in upload.losses)
    if upload.ack:  # nothing is lost behind an `A` that was waited for, unless the ring is tiny
        seen = f"ACK mode was asked for, and the ring of {size} bytes was full all the same"
        advice = "read until the `A` has come before you write on; or use RTS/CTS on both ends"
        return Hint("lost", seen, f"{advice}; else smaller pieces with pauses")
    ways = (
        "ACK mode, or RTS/CTS on both ends"
        if upload.command == "+QFUPL"
        else "RTS/CTS on both ends"
    )
    seen = f"nothing held the host back, and the ring of {size} bytes was full"
    return Hint("lost", seen, f"use {ways}; else smaller pieces with pauses")


def _noise(upload: Upload) -> Hint | None:
    """The line changed bytes: by what a host can know it, whichever command it was."""
    seen = f"the line changed the data: {bytes_text(upload.altered + upload.inserted)}"
    return Hint("noise", seen, _NOTICED.get(upload.command, "compare what came, and send it again"))


def _command_within(upload: Upload, track: Track, stream: HostStream) -> Hint | None:
    """Commands that opened the file, or completed it."""
    if track.start is not None and track.taken.head(track.start) is not None:
        advice = "wait for CONNECT, however long it takes, and send nothing but the data then"
        return Hint("command-first", upload.mistake, advice)
    tail = track.taken.tail(upload.size)
    if tail is None:
        return None
    data = stream.part(upload.start, upload.end - tail[0])
    return of_tail(data, tail[0]) if data is not None else None
