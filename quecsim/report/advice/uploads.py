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

SPOILS = frozenset({"chars-counted", "cr-lf-sent", "nul-first", "sent-twice", "size-too-small"})
"""Causes that make another file of it: what is wrong with that one need not be told."""

_GAVE_UP = ("", "idle", "escape")
_NEXT = {"nul-first": "; "}
_GLUE = {Verdict.INTACT: ": ", Verdict.SURPLUS: ": "}


def explained(upload: Upload, track: Track, stream: HostStream) -> Hint | None:
    """The cause of what became of `upload`, whose notes are `track`; None where there is none."""
    if track.start is None or upload.lost or upload.eaten or upload.altered or upload.inserted:
        return None
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
