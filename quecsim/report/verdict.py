"""What became of an upload, as one word and one sentence."""

from msgspec.structs import replace

from quecsim.at.results import CME_TEXT, GSM_TEXT
from quecsim.report.lines import PACKAGE_UPLOAD
from quecsim.report.model import Upgrade, Upload, Verdict

_ENDED = {
    "size": "the bytes sent after it filled the gap",
    "idle": "the rest never came, and the time-out ended the upload",
    "escape": "the host ended the upload with +++",
    "error": "the storage failed",
    "power": "the power went",
}
_UPGRADED = "END,0"
_UPGRADE_ERRORS = {
    "END,504": "the package is not for this firmware, or the upgrade failed",
    "END,506": "the package is damaged, or is no package",
}
_NUMBERS = CME_TEXT | GSM_TEXT
_SHORT = {
    "idle": "before the time-out",
    "escape": "before the host ended it with +++",
    "power": "before the power went",
    "error": "before the storage failed",
}


# Not over yet, or so bad that nothing else counts.
_OF_UPGRADES = {
    Upgrade.RUNS: Verdict.WAITING,
    Upgrade.BROKEN: Verdict.BROKEN,
    Upgrade.RESTORED: Verdict.BROKEN,
}


def judge(upload: Upload, *, is_over: bool, is_astray: bool) -> Upload:
    """`upload` with its verdict and sentence.

    `is_over`: the device has answered, or died; `is_astray`: it took commands as file data.
    """
    verdict = _verdict(upload, is_astray) if is_over else Verdict.WAITING
    upload = replace(upload, verdict=verdict)
    tail = _noise(upload) + _early(upload) + _stray(upload)
    return replace(upload, sentence=_SENTENCES[verdict](upload) + tail)


def _verdict(upload: Upload, is_astray: bool) -> Verdict:
    """What became of an upload that is over."""
    if upload.upgrade in _OF_UPGRADES:
        return _OF_UPGRADES[upload.upgrade]
    if upload.result == _UPGRADED:  # the device has checked every byte
        return Verdict.INTACT
    if not upload.ended and not upload.upgrade:
        return Verdict.REFUSED
    if upload.lost:
        return Verdict.LOST
    is_short = upload.stored < upload.size or upload.early.thrown_away or is_astray
    if is_short or upload.upgrade is Upgrade.STOPPED or not (upload.result or upload.upgrade):
        return Verdict.SHORT
    is_good = upload.result == "OK" or upload.upgrade is Upgrade.WAITS
    if not is_good:
        return Verdict.REFUSED
    return Verdict.DAMAGED if upload.altered or upload.inserted else Verdict.INTACT


def _intact(upload: Upload) -> str:
    stored = f"all {bytes_text(upload.size)} are stored" if upload.ended else ""
    if upload.upgrade is Upgrade.WAITS:
        return _joined(stored, "; ", "the upgrade waits for a restart")
    if upload.upgrade is Upgrade.ENDED:
        return _joined(stored, ", and ", f"the upgrade ended well ({upload.result})")
    return stored


def _damaged(upload: Upload) -> str:
    return f"{bytes_text(upload.stored)} are stored, and they are not what the host sent"


def _noise(upload: Upload) -> str:
    """What the line did to the bytes of a file."""
    if upload.verdict in (Verdict.INTACT, Verdict.REFUSED):
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
    places = f" in {len(upload.losses)} places" if len(upload.losses) > 1 else ""
    took = f"{upload.stored} of {upload.size} stored"
    text = f"{bytes_text(upload.lost)} lost{places}; {took}: {_ENDED[upload.ended]}"
    return text + _swallowed(upload) + _upgrade_failure(upload)


def _short(upload: Upload) -> str:
    if upload.upgrade is Upgrade.STOPPED:
        stored = f"all {bytes_text(upload.stored)} came" if upload.ended else ""
        return _joined(stored, ", but ", "the power went before the upgrade was over")
    if not upload.size:
        return "the power went before the command was answered"
    return _short_data(upload) + _swallowed(upload) + _upgrade_failure(upload)


def _short_data(upload: Upload) -> str:
    if upload.early.thrown_away:
        count = bytes_text(upload.early.thrown_away)
        stored = f"{upload.stored} of {upload.size} stored"
        return f"{count} sent before {_opening(upload)} were thrown away; {stored}"
    if upload.stored < upload.size:
        text = f"only {upload.stored} of {bytes_text(upload.size)} came {_SHORT[upload.ended]}"
    elif not upload.result:
        return f"all {bytes_text(upload.size)} came, but the power went before the file was closed"
    else:
        text = f"the file itself is shorter than the {bytes_text(upload.size)} announced"
    return f"{text}; none was lost"


def _waiting(upload: Upload) -> str:
    if upload.upgrade is Upgrade.RUNS:
        stored = f"all {bytes_text(upload.stored)} came" if upload.ended else ""
        return _joined(stored, "; ", "the upgrade is going on: keep the device powered")
    if not upload.size:
        return "the command has not been answered yet"
    missing = max(0, upload.size - (upload.sent - upload.lost - upload.eaten))
    if not missing:
        return f"{upload.stored} of {bytes_text(upload.size)} stored, the rest is on its way"
    text = f"still waiting for {missing} of {bytes_text(upload.size)}"
    lost = f"; {upload.lost} were lost" if upload.lost else ""
    return text + lost + _swallowed(upload)


def _refused(upload: Upload) -> str:
    if upload.upgrade and not upload.ended:
        return f"the upgrade ended with {upload.result}{_meaning(upload.result)}"
    kept = f", though all {bytes_text(upload.stored)} came" if upload.ended else ""
    return f"the answer was {upload.result}{_meaning(upload.result)}{kept}"


def _meaning(result: str) -> str:
    if result in _UPGRADE_ERRORS:
        return f" ({_UPGRADE_ERRORS[result]})"
    number = result.rpartition(": ")[2]
    return f" ({_NUMBERS[int(number)]})" if number.isdecimal() and int(number) in _NUMBERS else ""


def _upgrade_failure(upload: Upload) -> str:
    """How the upgrade ended with a package that was not what the host meant to send."""
    if upload.upgrade is not Upgrade.ENDED:
        return ""
    return f"; the upgrade ended with {upload.result}{_meaning(upload.result)}"


def _opening(upload: Upload) -> str:
    """What a host waits for before it sends the data."""
    return "FILESTART" if upload.command == PACKAGE_UPLOAD else "CONNECT"


def _joined(first: str, glue: str, second: str) -> str:
    return f"{first}{glue}{second}" if first else second


def _swallowed(upload: Upload) -> str:
    if not upload.swallowed:
        return ""
    first = upload.swallowed[0].text
    more = f" and {len(upload.swallowed) - 1} more" if len(upload.swallowed) > 1 else ""
    return f"; {first!r}{more} became file data"


def _early(upload: Upload) -> str:
    early = upload.early
    if not early.taken_as_data and not early.lost:
        return ""
    lost = f", {early.lost} of them lost" if early.lost else ""
    count = bytes_text(early.taken_as_data + early.lost)
    return f"; {count} came before {_opening(upload)}{lost}"


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
    Verdict.LOST: _lost,
    Verdict.DAMAGED: _damaged,
    Verdict.SHORT: _short,
    Verdict.WAITING: _waiting,
    Verdict.REFUSED: _refused,
    Verdict.BROKEN: _broken,
}
