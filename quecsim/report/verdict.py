"""What became of an upload, as one word and one sentence."""

from collections.abc import Sequence

from msgspec.structs import replace

from quecsim.profiles.meanings import error_meanings
from quecsim.report.losses import places_text
from quecsim.report.model import Upgrade, Upload, Verdict
from quecsim.trace.kinds import opening

_ENDED = {
    "size": "the bytes sent after it filled the gap",
    "idle": "the rest never came, and the time-out ended the upload",
    "escape": "the host ended the upload with +++",
    "dtr": "the host's DTR ended the upload",
    "error": "the storage failed",
    "power": "the power went",
}
_UPGRADED = "END,0"
_UPGRADE_ERRORS = {
    "END,504": "the package is not for this firmware, or the upgrade failed",
    "END,506": "the package is damaged, or is no package",
}
_UNHEARD = "what the host sent was not heard as it was, so nothing more is known"
# By whether the power went: of a real device, that nobody has seen into.
_UNTOLD = {
    True: "the device started anew in the middle: nobody knows how much came",
    False: "the device has not said how much came",
}
_SHORT = {
    "idle": "before the time-out",
    "escape": "before the host ended it with +++",
    "dtr": "before the host's DTR ended it",
    "power": "before the power went",
    "error": "before the storage failed",
}

# Where data mode has not come: waiting for it, or cut off before.
_UNANSWERED = {
    Verdict.WAITING: "the command has not been answered yet",
    Verdict.UNFINISHED: "the power went before the command was answered",
}

# Not over yet, or so bad that nothing else counts.
_OF_UPGRADES = {
    Upgrade.RUNS: Verdict.WAITING,
    Upgrade.BROKEN: Verdict.BROKEN,
    Upgrade.RESTORED: Verdict.BROKEN,
}


def judge(upload: Upload, *, is_over: bool, is_open: bool = True) -> Upload:
    """`upload` with its verdict and sentence.

    `is_over`: the device has answered, or died; `is_open`: it has said CONNECT.
    """
    verdict = _verdict(upload) if is_over else Verdict.WAITING
    upload = replace(upload, verdict=verdict)
    tail = _noise(upload) + _early(upload) + _stray(upload)
    if not is_open and not upload.upgrade and verdict in _UNANSWERED:
        return replace(upload, sentence=_unanswered(upload) + tail)
    write = f"write {upload.write}: " if upload.write > 1 else ""
    return replace(upload, sentence=write + _SENTENCES[verdict](upload) + tail)


def _verdict(upload: Upload) -> Verdict:
    """What became of an upload that is over."""
    if upload.upgrade in _OF_UPGRADES:
        return _OF_UPGRADES[upload.upgrade]
    if upload.result == _UPGRADED:  # the device has checked every byte
        return Verdict.INTACT
    if not upload.ended and not upload.upgrade:
        return Verdict.REFUSED
    if upload.lost:
        return Verdict.LOST
    if upload.upgrade is Upgrade.STOPPED or not (upload.result or upload.upgrade):
        return Verdict.UNFINISHED
    if upload.is_untold:
        return Verdict.REFUSED if upload.result != "OK" else Verdict.SHORT
    if upload.stored < upload.size or upload.early.thrown_away:
        return Verdict.SHORT
    if upload.result != "OK" and upload.upgrade is not Upgrade.WAITS:
        return Verdict.REFUSED
    if upload.mistake or upload.altered or upload.inserted or upload.is_altered:
        return Verdict.WRONG
    return Verdict.SURPLUS if upload.surplus else Verdict.INTACT


def _intact(upload: Upload) -> str:
    if upload.is_unheard:
        return f"the device has all {bytes_text(upload.size)}; {_UNHEARD}"
    stored = f"all {bytes_text(upload.size)} are stored{_of(upload)}" if upload.ended else ""
    if upload.upgrade is Upgrade.WAITS:
        return _joined(stored, "; ", "the upgrade waits for a restart")
    if upload.upgrade is Upgrade.ENDED:
        return _joined(stored, ", and ", f"the upgrade ended well ({upload.result})")
    return stored


def writes_text(uploads: Sequence[Upload]) -> str:
    """The sentence about a file that came in several writes: of the last one, where one failed."""
    last = uploads[-1]
    if any(upload.verdict is not Verdict.INTACT for upload in uploads):
        return last.sentence
    stored = sum(upload.stored for upload in uploads)
    has = last.file_bytes
    more = "" if has in (None, stored) else f"; the file has {bytes_text(has or 0)} now"
    return f"all {bytes_text(stored)} are stored, in {len(uploads)} writes{more}"


def _of(upload: Upload) -> str:
    """How a write by handle leaves the file."""
    if upload.file_bytes in (None, upload.size):
        return ""
    return f"; the file has {bytes_text(upload.file_bytes or 0)} now"


def _wrong(upload: Upload) -> str:
    if upload.mistake:
        return f"all {bytes_text(upload.size)} came, but {upload.mistake}"
    return f"{bytes_text(upload.stored)} are stored, and they are not what the host sent"


def _noise(upload: Upload) -> str:
    """What the line did to the bytes of a file."""
    if upload.verdict in (Verdict.INTACT, Verdict.SURPLUS, Verdict.REFUSED):
        return ""
    altered = f"{bytes_text(upload.altered)} {_were(upload.altered)} altered on the line"
    inserted = f"{bytes_text(upload.inserted)} that nobody sent came with the others"
    parts = [altered] if upload.altered else []
    parts += [inserted] if upload.inserted else []
    return "".join(f"; {part}" for part in parts)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _broken(upload: Upload) -> str:
    failed = f"the upgrade failed ({upload.result}) and left no firmware"
    torn = "the power went during the upgrade"
    text = failed if upload.result.startswith("END") else torn
    if upload.upgrade is Upgrade.RESTORED:
        return f"{text}; the factory's firmware was put back after that"
    return f"{text}: the device does not start any more; --restore brings it back"


def _lost(upload: Upload) -> str:
    is_one = len(upload.losses) <= 1
    places = "" if is_one else f" in {places_text(upload)}"
    took = f"{upload.stored} of {upload.size} stored"
    text = f"{bytes_text(upload.lost)} lost{places}; {took}: {_ENDED[upload.ended]}"
    return text + _swallowed(upload) + _upgrade_failure(upload)


def _short(upload: Upload) -> str:
    if upload.upgrade is Upgrade.STOPPED:
        stored = f"all {bytes_text(upload.stored)} came" if upload.ended else ""
        return _joined(stored, ", but ", "the power went before the upgrade was over")
    if not upload.size:
        return _UNANSWERED[Verdict.UNFINISHED]
    if upload.is_unheard:
        stored = f"the device has {upload.stored} of {bytes_text(upload.size)}"
        return f"{stored}; {_UNHEARD}"
    if upload.is_untold:
        return f"{_UNTOLD[upload.ended == 'power']}, of {bytes_text(upload.sent)} sent"
    return _short_data(upload) + _swallowed(upload) + _upgrade_failure(upload)


def _short_data(upload: Upload) -> str:
    if upload.early.thrown_away:
        count = bytes_text(upload.early.thrown_away)
        stored = f"{upload.stored} of {upload.size} stored"
        return f"{count} sent before {opening(upload.command)} were thrown away; {stored}"
    if upload.stored < upload.size:
        text = f"only {upload.stored} of {bytes_text(upload.size)} came {_SHORT[upload.ended]}"
    elif not upload.result:
        return f"all {bytes_text(upload.size)} came, but the power went before the file was closed"
    else:
        text = f"the file itself is shorter than the {bytes_text(upload.size)} announced"
    return text if upload.stored > upload.sent else f"{text}; none was lost"


def _waiting(upload: Upload) -> str:
    if upload.upgrade is Upgrade.RUNS:
        stored = f"all {bytes_text(upload.stored)} came" if upload.ended else ""
        return _joined(stored, "; ", "the upgrade is going on: keep the device powered")
    if not upload.size:
        return _UNANSWERED[Verdict.WAITING]
    missing = max(0, upload.size - (upload.sent - upload.lost - upload.eaten))
    if not missing:
        return f"{upload.stored} of {bytes_text(upload.size)} stored, the rest is on its way"
    text = f"still waiting for {missing} of {bytes_text(upload.size)}"
    lost = f"; {upload.lost} were lost" if upload.lost else ""
    return text + lost + _swallowed(upload)


def _refused(upload: Upload) -> str:
    if upload.upgrade and not upload.ended:
        return f"the upgrade ended with {upload.result}{_meaning(upload)}"
    kept = f", though all {bytes_text(upload.stored)} came" if upload.ended else ""
    if upload.is_untold:
        kept = f"; {_UNTOLD[False]}, of {bytes_text(upload.sent)} sent"
    kept += f"; {upload.mistake}" if upload.mistake else ""
    return f"the answer was {upload.result}{_meaning(upload)}{kept}"


def _unanswered(upload: Upload) -> str:
    size = f"{bytes_text(upload.size)} announced; " if upload.size else ""
    wait = f": waiting for {opening(upload.command)}" if upload.verdict is Verdict.WAITING else ""
    return size + _UNANSWERED[upload.verdict] + wait


def _meaning(upload: Upload) -> str:
    """What the answer says in words, where it does not say so itself."""
    if upload.result in _UPGRADE_ERRORS:
        return f" ({_UPGRADE_ERRORS[upload.result]})"
    if upload.error is None:
        return ""
    words = error_meanings().get(upload.error, "")
    number = "" if upload.result.endswith(str(upload.error)) else str(upload.error)
    told = ", ".join(part for part in (number, words) if part and part not in upload.result)
    return f" ({told})" if told else ""


def _upgrade_failure(upload: Upload) -> str:
    """How the upgrade ended with a package that was not what the host meant to send."""
    if upload.upgrade is not Upgrade.ENDED:
        return ""
    return f"; the upgrade ended with {upload.result}{_meaning(upload)}"


def _joined(first: str, glue: str, second: str) -> str:
    return f"{first}{glue}{second}" if first else second


def _swallowed(upload: Upload) -> str:
    texts = [each.text for each in upload.swallowed if each.is_command]
    if not texts:
        return ""
    more = f" and {len(texts) - 1} more" if len(texts) > 1 else ""
    return f"; {texts[0]!r}{more} became file data"


def _early(upload: Upload) -> str:
    early = upload.early
    if not early.taken_as_data and not early.lost:
        return ""
    lost = f", {early.lost} of them lost" if early.lost else ""
    count = bytes_text(early.taken_as_data + early.lost)
    return f"; {count} came before {opening(upload.command)}{lost}"


def _stray(upload: Upload) -> str:
    if not upload.stray:
        return ""
    if upload.verdict is Verdict.REFUSED or not upload.ended:
        return f"; {bytes_text(upload.stray)} that look like file data met the command line"
    return f"; {bytes_text(upload.stray)} sent after the file met the command line"


def bytes_text(count: int) -> str:
    """`1 byte`, `1188 bytes`."""
    return f"{count} byte{'' if count == 1 else 's'}"


_SENTENCES = {
    Verdict.INTACT: _intact,
    Verdict.SURPLUS: _intact,
    Verdict.LOST: _lost,
    Verdict.WRONG: _wrong,
    Verdict.SHORT: _short,
    Verdict.UNFINISHED: _short,
    Verdict.WAITING: _waiting,
    Verdict.REFUSED: _refused,
    Verdict.BROKEN: _broken,
}
