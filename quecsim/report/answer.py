"""The answer: one sentence from the connection that failed back to the byte that was lost.

The words are in `quecsim.report.reasons`; here they are joined with what became of the files.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from quecsim.border.wish import MOST_PEM_BYTES
from quecsim.date import day_text
from quecsim.flash.labels import label_of
from quecsim.report.codes import DOWNLOADS
from quecsim.report.connection import Came, ClientTrouble, Connection, Outcome, UsedFile
from quecsim.report.file_sources import Source
from quecsim.report.losses import places_text
from quecsim.report.model import Loss, Upload, Verdict
from quecsim.report.reasons import CLOCK_SET_S, REASONS, SILENT_DEVICE, TAILS, WHATS, Reason
from quecsim.report.track import Track
from quecsim.report.verdict import bytes_text
from quecsim.units import S

Told = Callable[[Track], Upload]
"""The entry of an upload in the report, of its notes."""

_File = tuple[str, str, int, str]
_WHOLE = (Verdict.INTACT,)


# files


def answered(
    made: Connection, files: Sequence[_File], sources: Sequence[Source], told: Told
) -> Connection:
    """`made` with its files, where they came from, and its sentence."""
    if not files and made.outcome not in _SENTENCES:
        return made
    known = [_used(file, source, told) for file, source in zip(files, sources, strict=True)]
    made = replace(made, files=[each.file for each in known])
    say = _SENTENCES.get(made.outcome)
    return made if say is None else replace(made, sentence=say(made, known))


class _Known(NamedTuple):
    """A file, and the upload that tells most of it."""

    file: UsedFile
    upload: Upload | None


def _used(file: _File, source: Source, told: Told) -> _Known:
    what, name, count, sha256 = file
    uploads = [told(track) for track in source.tracks]
    refused = None if source.refused is None else told(source.refused)
    came, because, upload = _origin(file, source, uploads, refused)
    used = UsedFile(
        what=what,
        name=name,
        bytes=count,
        sha256=sha256,
        came=came,
        transfer=0 if upload is None else upload.transfer,
        because=because,
    )
    return _Known(used, upload)


def _origin(
    file: _File, source: Source, uploads: list[Upload], refused: Upload | None
) -> tuple[Came, str, Upload | None]:
    """How it came to be as it is, in words where that is not well, and the upload that counts."""
    label = label_of(file[1])
    damaged = next((each for each in uploads if each.verdict not in _WHOLE), None)
    if file[2] < 0:
        return _absence(source, uploads, refused)
    if not uploads or source.deleted_ns is not None:
        return Came.BEFORE, _before(label, source, refused), None
    if damaged is not None:
        return Came.DAMAGED, because(damaged), damaged
    if _is_changed(file, source, uploads[-1]):
        return Came.CHANGED, f"{label} is not what the host uploaded: it was changed since", None
    return Came.AS_SENT, "", uploads[-1]


def _absence(
    source: Source, uploads: list[Upload], refused: Upload | None
) -> tuple[Came, str, Upload | None]:
    if source.is_open:
        return Came.OPEN, "it is still open, and only AT+QFCLOSE makes it readable", None
    if refused is not None:
        return Came.REFUSED, f"the device did not take its upload, {refused.sentence}", refused
    if source.deleted_ns is not None:
        when = f"{source.deleted_ns / S:.3f} s"
        return Came.DELETED, f"it was deleted at {when}", None
    if uploads:
        upload = uploads[-1]
        if upload.verdict is Verdict.UNFINISHED:
            return Came.GONE, f"its upload was never finished: {upload.sentence}", upload
        ram = "what is in RAM: goes with the power" if source.is_memory else "it is gone"
        return Came.GONE, f"it was uploaded, and {ram}", upload
    others = f"; what was uploaded is called {', '.join(source.others)}" if source.others else ""
    return Came.MISSING, f"nobody has uploaded it{others}", None


def _before(label: str, source: Source, refused: Upload | None) -> str:
    """Of a file that no upload of this run has written."""
    who = ", put there by the scenario" if source.is_preloaded else ""
    text = f"{label} was there before{who}, and no upload of this run wrote it"
    return text if refused is None else f"{text}: the device did not take it, {refused.sentence}"


def _is_changed(file: _File, source: Source, upload: Upload) -> bool:
    """Something else has written the file since; where too little is known, nothing has."""
    _, _, count, sha256 = file
    if count > MOST_PEM_BYTES:  # it was cut there
        return False
    has_other_size = upload.file_bytes is not None and upload.file_bytes != count
    return has_other_size or bool(source.sha256 and source.sha256 != sha256)


# what an upload did to its file, as half a sentence


def because(upload: Upload) -> str:
    """Why the file of an upload that is not intact is not as it should be."""
    return _BECAUSE.get(upload.verdict, _as_told)(upload)


def _lost(upload: Upload) -> str:
    first = upload.losses[0] if upload.losses else None
    if first is None:
        return f"{bytes_text(upload.lost)} of it were lost"
    place = _place(first) + (f" of write {upload.write}" if upload.write > 1 else "")
    rest = f"at {first.first_ns / S:.3f} s: {first.why}"
    if len(upload.losses) == 1:
        were = "was" if first.count == 1 else "were"
        return f"{place} of it {were} lost {rest}"
    places = places_text(upload)
    count = f"{bytes_text(upload.lost)} of it were lost in {places}"
    return f"{count}, the first ({place}) {rest}"


def _place(loss: Loss) -> str:
    """`bytes 1024..1176`, in the file as it was sent."""
    if loss.at_byte is None:
        return bytes_text(loss.count)
    if loss.count == 1:
        return f"byte {loss.at_byte}"
    return f"bytes {loss.at_byte}..{loss.at_byte + loss.count - 1}"


def _wrong(upload: Upload) -> str:
    if upload.mistake:
        return upload.mistake
    count = upload.altered + upload.inserted
    return f"the line changed {bytes_text(count)} of it on the way"


def _refused(upload: Upload) -> str:
    return f"the device did not take its upload to the end: {upload.sentence}"


def _as_told(upload: Upload) -> str:
    return f"its upload did not bring the file: {upload.sentence}"


_BECAUSE: dict[Verdict, Callable[[Upload], str]] = {
    Verdict.LOST: _lost,
    Verdict.WRONG: _wrong,
    Verdict.REFUSED: _refused,
}


# what became of a connection


def _failed(made: Connection, known: Sequence[_Known]) -> str:
    at_fault = _at_fault(made, known)
    reason = reason_of(made)
    head = f"{made.owner} could not connect{_to(made)}"
    if is_question(made):
        head = f"{made.owner} had no answer about {made.host}"
    clause = reason.clause.format(**words(made, at_fault))
    return f"{head}: {clause}{_tail(made, at_fault)}"


def _at_fault(made: Connection, known: Sequence[_Known]) -> _Known | None:
    """The file that the failure names; without one, a damaged one that may be behind it."""
    label = label_of(made.file) if made.file else ""
    for each in known:
        if label and label_of(each.file.name) == label:
            return each
    if made.file or not made.why.startswith("tls:"):
        return None
    return next((each for each in known if each.file.came is Came.DAMAGED), None)


def reason_of(made: Connection) -> Reason:
    """The row for what went wrong: the one for the very case, where there is one."""
    if made.why == "tls:time" and made.calendar_s < CLOCK_SET_S:
        return REASONS["tls:time unset"]
    if made.why == "fin" and made.outcome is Outcome.DROPPED and not made.sent_bytes:
        return SILENT_DEVICE
    if made.why == "unreachable" and _WIFI in made.detail:
        return REASONS["unreachable over Wi-Fi"]
    variant = "question" if is_question(made) else "unnamed"
    if made.file:
        wanted = label_of(made.file)
        is_missing = any(f.bytes < 0 and label_of(f.name) == wanted for f in made.files)
        variant = "missing" if is_missing else ""
    found = REASONS.get(f"{made.why} {variant}", REASONS.get(made.why))
    return found or _UNKNOWN


_WIFI = "Wi-Fi"  # what the device says of a way that it has not
_UNKNOWN = Reason("it went wrong{note}", "look into the record")


def words(made: Connection, at_fault: _Known | None = None) -> dict[str, object]:
    """What the words of a reason are filled in with."""
    file = made.file or (at_fault.file.name if at_fault is not None else "")
    what = next((f.what for f in made.files if label_of(f.name) == label_of(file)), "")
    told_what = WHATS.get(what, "the file")
    return {
        "host": made.host or "?",
        "port": made.port,
        "where": where_of(made),
        "file": file,
        "what": told_what,
        "the_file": f"{told_what} in {file}" if file else told_what,
        "against": f" by {told_what} in {made.file}" if made.file else "",
        "note": _note(made, at_fault),
        "date": day_text(made.calendar_s),
        "level": made.level,
    }


def _note(made: Connection, at_fault: _Known | None) -> str:
    """How much of the file there is, and what the other side of the border says, in brackets."""
    parts = [made.detail] if made.detail else []
    if at_fault is not None and made.file and 0 <= at_fault.file.bytes <= MOST_PEM_BYTES:
        count, upload = at_fault.file.bytes, at_fault.upload
        whole = upload.size if upload is not None and not upload.write else count
        of = f"{count} of {whole} bytes" if whole > count else bytes_text(count)
        if of not in made.detail:
            parts.insert(0, of)
    return f" ({', '.join(parts)})" if parts else ""


def _tail(made: Connection, at_fault: _Known | None) -> str:
    if at_fault is None:
        return ""
    file = at_fault.file
    if not made.file:
        what = WHATS.get(file.what, "the file")
        return f"; {what} in {file.name} is damaged, because {file.because}"
    return TAILS[file.came].format(name=label_of(file.name), because=file.because)


def is_question(made: Connection) -> bool:
    """It asked something about a host, and no server (AT+QIDNSGIP, AT+QPING)."""
    return bool(made.host) and not made.port


def where_of(made: Connection) -> str:
    """The server's host and port, or the host that a question was about."""
    return made.host if is_question(made) else f"{made.host or '?'}:{made.port}"


def _to(made: Connection) -> str:
    return f" to {where_of(made)}" if made.host else ""


def _refusal(made: Connection, _known: Sequence[_Known]) -> str:
    where = where_of(made)
    detail = f": {made.detail}" if made.detail else ""
    if made.command in DOWNLOADS:
        return f"{made.owner} got nothing from {where} (AT{made.command}){detail}"
    return f"{made.owner} was not taken by {where} (AT{made.command}){detail}"


def _dropped(made: Connection, _known: Sequence[_Known]) -> str:
    reason = reason_of(made)
    clause = reason.clause.format(**words(made))
    return f"{made.owner} lost its connection{_to(made)}: {clause}"


_SENTENCES: dict[Outcome, Callable[[Connection, Sequence[_Known]], str]] = {
    Outcome.FAILED: _failed,
    Outcome.REFUSED: _refusal,
    Outcome.DROPPED: _dropped,
}


def trouble_sentence(trouble: ClientTrouble, where: str) -> ClientTrouble:
    """`trouble` in one sentence; `where` is the server's host and port, if that is known."""
    said = f" ({trouble.meaning})" if trouble.meaning else ""
    to = f", {where}" if where else ""
    detail = f": {trouble.detail}" if trouble.detail else ""
    text = f"{trouble.client}{to}: {trouble.command} said {trouble.code}{said}{detail}"
    return replace(trouble, sentence=text)
