"""What became of a file: what the report says of its upload, and what the device really has.

`verdict_of` is the one place that decides, for check, fuzz, sweep, claims and asserts; what the
device has is asked by `quecsim.judge.stored`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from quecsim.checksum import checksum, checksum_text
from quecsim.explanation import Told
from quecsim.flash.labels import label_of
from quecsim.judge.difference import cause_of, told_cause
from quecsim.report.files import same_file
from quecsim.report.model import Report, Upload, Verdict
from quecsim.report.verdict import bytes_text, writes_text
from quecsim.trace.kinds import WRITE_BY_HANDLE

_OVER = {Verdict.WAITING: Verdict.UNFINISHED}  # the run has ended, and the device still waits
_COMPARABLE = (Verdict.INTACT, Verdict.SHORT, Verdict.LOST, Verdict.SURPLUS, Verdict.WRONG)
_THERE = (Verdict.INTACT, Verdict.SURPLUS)


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The verdict, its sentence, and the upload it is about (None: there was none).

    `error` is the result that the upload ended with, if it was one; `summary` the device's line
    of size and checksum.
    """

    verdict: Verdict
    sentence: str
    name: str
    upload: Upload | None
    error: str
    summary: str
    at_ns: int


def verdict_of(
    report: Report,
    *,
    name: str = "",
    content: bytes | None = None,
    expected: bytes | None = None,
    write_error: tuple[int, str, str] | None = None,
    unfinished: str = "",
) -> FileVerdict:
    """What became of the file `name` (without one: of the last upload's) in a run that is over.

    `content` and `expected` as in `quecsim.judge.judgement.judge`; `write_error` is (time, command,
    result) of a command for writing files that failed; `unfinished` says why the host was stopped.
    """
    uploads = _uploads_of(report, name)
    upload = _judged_upload(report, uploads)
    name = name or (upload.name if upload else "")
    if upload is None:
        word, sentence = Verdict.NONE, _no_upload(report, name, write_error)
    else:
        word, sentence = _OVER.get(upload.verdict, upload.verdict), _sentence(upload, uploads)
        if expected is not None and word in _COMPARABLE:
            word, sentence = _compared(upload, name, content, expected, (word, sentence))
    if unfinished:
        word, sentence = Verdict.UNFINISHED, f"{unfinished}; {sentence}"
    error = upload.result if upload and upload.result not in ("", "OK", "END,0") else ""
    summary = upload.summary if upload else ""
    return FileVerdict(word, sentence, name, upload, error, summary, report.at_ns)


def _uploads_of(report: Report, name: str) -> Sequence[Upload]:
    """Those of the name, or of all."""
    if not name:
        return report.uploads
    return [each for each in report.uploads if each.name == label_of(name)]


def _judged_upload(report: Report, uploads: Sequence[Upload]) -> Upload | None:
    """The last one; for writes by handle the last that fell short."""
    if not uploads:
        return None
    last = uploads[-1]
    if report.fell_short and last.verdict in _THERE and last.command == WRITE_BY_HANDLE:
        same = [each for each in uploads if each.name == last.name]
        return next((each for each in reversed(same) if each.verdict not in _THERE), last)
    return last


def _sentence(upload: Upload, uploads: Sequence[Upload]) -> str:
    """The report's; of a file in several writes, one for all of them."""
    writes = same_file(uploads)
    return writes_text(writes) if upload is uploads[-1] and len(writes) > 1 else upload.sentence


def _compared(
    upload: Upload,
    name: str,
    content: bytes | None,
    expected: bytes,
    found: tuple[Verdict, str],
) -> tuple[Verdict, str]:
    """The verdict once the content has been compared with what it should be."""
    word, sentence = found
    if content is None:
        return _by_numbers(upload, expected, found)
    if content == expected:
        is_good = word in _THERE
        return found if is_good else (Verdict.INTACT, f"all {bytes_text(len(expected))} are stored")
    if word in (Verdict.LOST, Verdict.WRONG):
        return found
    if word is Verdict.SHORT and len(content) < len(expected):
        cause = cause_of(content, expected)
        return word, f"{sentence}; {cause}" if cause else sentence
    if len(content) < len(expected) and expected.startswith(content):
        if not content:
            return Verdict.SHORT, f"the file is empty, or not there; {sentence}"
        where = f"{len(content)} of {bytes_text(len(expected))}"
        what = f"the file has only the first {where}: the host announced {upload.size}"
        return Verdict.SHORT, what
    if content.startswith(expected):
        more = bytes_text(len(content) - len(expected))
        cause = cause_of(content, expected)
        what = f"the file has {more} more than it should" + (f" ({cause})" if cause else "")
        return Verdict.SURPLUS, f"{what}; {sentence}"
    return Verdict.WRONG, f"{name} {_difference(content, expected)}"


def _by_numbers(upload: Upload, expected: bytes, found: tuple[Verdict, str]) -> tuple[Verdict, str]:
    """The device does not give the file out: its own size and checksum must do."""
    size = upload.file_bytes
    if size is None or found[0] not in _THERE:
        return found
    wanted = checksum(expected)
    if size != len(expected):
        word = Verdict.SHORT if size < len(expected) else Verdict.SURPLUS
        return (
            word,
            f"the device has {size} of {bytes_text(len(expected))}{_story(upload, expected)}",
        )
    if upload.checksum is not None and upload.checksum != wanted:
        given = checksum_text(upload.checksum)
        what = f"the size is right, but the checksum is {given} and not {checksum_text(wanted)}"
        return Verdict.WRONG, f"{what}{_story(upload, expected)}"
    return found


def _story(upload: Upload, expected: bytes) -> str:
    """What happened, as far as the two numbers tell it beyond doubt."""
    assert upload.file_bytes is not None
    if upload.checksum is None:
        return ""
    cause = told_cause(Told(upload.file_bytes, upload.checksum), expected)
    return f": {cause}" if cause else ""


def _difference(content: bytes, expected: bytes) -> str:
    """Where the two part, in words."""
    pairs = enumerate(zip(content, expected, strict=False))
    place = next((index for index, (a, b) in pairs if a != b), min(len(content), len(expected)))
    size = f"it has {bytes_text(len(content))}, and should have {len(expected)}"
    if place >= len(content):
        return f"ends at byte {place}: {size}"
    if place >= len(expected):
        return f"goes on at byte {place}: {size}"
    there, wanted = content[place], expected[place]
    text = f"differs from byte {place} on: 0x{there:02x}, should be 0x{wanted:02x}"
    cause = cause_of(content, expected)
    text += f" ({cause})" if cause else ""
    return text if len(content) == len(expected) else f"{text}; {size}"


def as_judged(report: Report, name: str, verdict: Verdict, sentence: str) -> Report:
    """`report` with what is known of file `name` by somebody who knows more of it than the record
    does; without a name it is the last upload's.
    """
    judged = _judged_upload(report, _uploads_of(report, name))
    if judged is None:
        return report
    uploads = [
        replace(each, verdict=verdict, sentence=sentence) if each is judged else each
        for each in report.uploads
    ]
    has_fallen = report.fell_short or verdict not in _THERE
    return replace(report, uploads=uploads, fell_short=has_fallen)


def _no_upload(report: Report, name: str, error: tuple[int, str, str] | None) -> str:
    others = sorted({upload.name for upload in report.uploads if upload.name})
    if name and others:
        return f"no upload of {name}; there was one of {', '.join(others[:3])}"
    if not report.counters.sent:
        return "the host wrote nothing to the port"
    if error is not None:
        return f"no upload was begun: AT{error[1]} was answered {error[2]}"
    return f"no upload command among the {bytes_text(report.counters.sent)} from the host"
