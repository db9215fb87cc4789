"""The verdict about a file: what the report says of its upload, and what the device really has."""

import re
from dataclasses import dataclass

from quecsim.checksum import checksum, checksum_text
from quecsim.flash.labels import label_of
from quecsim.judge.conduct import ConductWatch
from quecsim.report.model import Report, Upload, Verdict
from quecsim.report.verdict import bytes_text

_SUMMARY = re.compile(r"\+\w+: (\d+),([0-9a-fA-F]+)")
_WORDS = {
    Verdict.LOST: "lost",
    Verdict.DAMAGED: "wrong",
    Verdict.SHORT: "short",
    Verdict.WAITING: "unfinished",
    Verdict.BROKEN: "unfinished",
    Verdict.REFUSED: "refused",
    Verdict.INTACT: "intact",
}
_COMPARABLE = ("intact", "short", "lost", "surplus")


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """What is known of a run: see `quecsim.judge.judgement.judge`."""

    report: Report
    watch: ConductWatch
    content: bytes | None
    expected: bytes | None
    name: str
    unfinished: str


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The verdict, its sentence, and the upload it is about (None: there was none).

    `error` is the result that the upload ended with, if it was one; `summary` the device's line
    of size and checksum.
    """

    verdict: str
    sentence: str
    name: str
    upload: Upload | None
    error: str
    summary: str
    at_ns: int


def verdict_of(facts: UploadFacts) -> FileVerdict:
    """What became of the file."""
    upload = _judged_upload(facts)
    name = facts.name or (upload.name if upload else "")
    word, sentence = _verdict(facts, upload, name)
    if facts.unfinished:
        word, sentence = "unfinished", f"{facts.unfinished}; {sentence}"
    error = upload.result if upload and upload.result not in ("", "OK", "END,0") else ""
    last = facts.watch.upload
    summary = last.summary if last and upload and last.begin_ns == upload.begin_ns else ""
    at_ns = facts.report.at_ns
    return FileVerdict(word, sentence, name, upload, error, summary, at_ns)


def _judged_upload(facts: UploadFacts) -> Upload | None:
    """The last upload of the name (or of all); for writes by handle the last that fell short."""
    uploads = facts.report.uploads
    if facts.name:
        uploads = [each for each in uploads if each.name == label_of(facts.name)]
    if not uploads:
        return None
    last = uploads[-1]
    if facts.report.fell_short and last.verdict is Verdict.INTACT and last.command == "+QFWRITE":
        same = [each for each in uploads if each.name == last.name]
        return next((each for each in same if each.verdict is not Verdict.INTACT), last)
    return last


def _verdict(facts: UploadFacts, upload: Upload | None, name: str) -> tuple[str, str]:
    if upload is None:
        return "none", _no_upload(facts)
    word, sentence = _WORDS[upload.verdict], upload.sentence
    if word == "short" and upload.ended == "power":
        word = "unfinished"
    if word == "intact" and upload.stray > _blank_strays(facts):
        word = "surplus"
    if facts.expected is None or word not in _COMPARABLE:
        return word, sentence
    return _compared(facts, upload, name, (word, sentence))


def _compared(
    facts: UploadFacts, upload: Upload, name: str, found: tuple[str, str]
) -> tuple[str, str]:
    """The verdict once the content has been compared with what it should be."""
    expected, content = facts.expected, facts.content
    assert expected is not None
    word, sentence = found
    if content is None:
        return _by_summary(facts, found)
    if content == expected:
        is_good = word in ("intact", "surplus")
        return found if is_good else ("intact", f"all {bytes_text(len(expected))} are stored")
    if word == "lost" or (word == "short" and len(content) < len(expected)):
        return found
    if len(content) < len(expected) and expected.startswith(content):
        if not content:
            return "short", f"the file is empty, or not there; {sentence}"
        where = f"{len(content)} of {bytes_text(len(expected))}"
        return "short", f"the file has only the first {where}: the host announced {upload.size}"
    if content.startswith(expected):
        more = bytes_text(len(content) - len(expected))
        return "surplus", f"the file has {more} more than it should; {sentence}"
    return "wrong", f"{name} {_difference(content, expected)}"


def _by_summary(facts: UploadFacts, found: tuple[str, str]) -> tuple[str, str]:
    """The device does not give the file out: its own size and checksum must do."""
    assert facts.expected is not None
    upload = facts.watch.upload
    match = _SUMMARY.fullmatch(upload.summary) if upload else None
    if match is None or found[0] not in ("intact", "surplus"):
        return found
    size, given = int(match[1]), match[2].lower()
    wanted = checksum_text(checksum(facts.expected))
    if size != len(facts.expected):
        word = "short" if size < len(facts.expected) else "surplus"
        return word, f"the device has {size} of {bytes_text(len(facts.expected))}"
    if given != wanted:
        return "wrong", f"the size is right, but the checksum is {given} and not {wanted}"
    return found


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
    text += _line_ends(content, expected)
    return text if len(content) == len(expected) else f"{text}; {size}"


def _line_ends(content: bytes, expected: bytes) -> str:
    """Whether the host wrote the file line by line, with line ends of its own."""
    has_own = expected.replace(b"\n", b"\r\n").startswith(content.rstrip(b"\r\n"))
    return " (each LF came as CR LF: write the file as binary)" if has_own else ""


def _no_upload(facts: UploadFacts) -> str:
    others = sorted({upload.name for upload in facts.report.uploads if upload.name})
    if facts.name and others:
        return f"no upload of {facts.name}; there was one of {', '.join(others[:3])}"
    if not facts.report.counters.sent:
        return "the host wrote nothing to the port"
    error = facts.watch.write_error
    if error is not None:
        return f"no upload was begun: AT{error[1]} was answered {error[2]}"
    return f"no upload command among the {bytes_text(facts.report.counters.sent)} from the host"


def _blank_strays(facts: UploadFacts) -> int:
    last = facts.watch.upload
    return last.blank_strays if last is not None else 0
