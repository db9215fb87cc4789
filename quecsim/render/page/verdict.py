"""The answer, and what to do about it: what somebody reads who reads nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quecsim.render.ble import ble_troubles
from quecsim.render.layout import counted, safe
from quecsim.render.recorded import Recorded
from quecsim.report.connection import Outcome
from quecsim.report.files import by_file
from quecsim.report.model import Advice, Report, Upload, Verdict
from quecsim.report.verdict import writes_text
from quecsim.units import format_ns

_MOST_UPLOADS = 20
_MOST_CONNECTIONS = 20
_MOST_ADVICE = 12
_GOOD, _BAD, _UNSURE = "good", "bad", "unsure"
_TONES = {
    Verdict.INTACT: _GOOD,
    Verdict.SURPLUS: _UNSURE,
    Verdict.SHORT: _UNSURE,
    Verdict.WAITING: _UNSURE,
    Verdict.UNFINISHED: _UNSURE,
}
_OUTCOMES = (Outcome.FAILED, Outcome.REFUSED, Outcome.DROPPED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One file or one connection: `word` is its verdict, `tone` good | bad | unsure.

    `goes_on`: it is another write into the same file, which what was before it still counts for.
    """

    word: str
    tone: str
    about: str
    sentence: str
    took: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Advised:
    """What was seen, and what to do."""

    about: str
    seen: str
    advice: str
    is_note: bool


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The section. `head` is the one sentence, `others` are what there is to say besides; `check`
    is what a check has said, as it said it.
    """

    head: Answer
    others: list[Answer]
    more: str
    advice: list[Advised]
    more_advice: int
    check: str


def verdict_view(recorded: Recorded) -> VerdictView:
    """The section for a run. The worst of what happened last stands first."""
    report = recorded.report
    files, connections = _files(report), _connections(report)
    answers = [*files[-_MOST_UPLOADS:], *connections[-_MOST_CONNECTIONS:]]
    worst = _worst([*files, *connections])
    head = _judged(recorded, worst) or worst or _quiet(report)
    is_told = worst is not None and head.sentence == worst.sentence
    advice = [_advised(each) for each in report.advice[:_MOST_ADVICE]]
    if recorded.cure:
        advice.insert(0, Advised("", safe(recorded.blame), safe(recorded.cure), is_note=False))
    return VerdictView(
        head=head,
        others=[answer for answer in answers if not (is_told and answer is worst)],
        more=_more(report, files, connections),
        advice=advice,
        more_advice=max(0, len(report.advice) - _MOST_ADVICE),
        check="\n".join(map(safe, recorded.verdict.splitlines())),
    )


def _advised(each: Advice) -> Advised:
    times = f" (so {each.count} times)" if each.count > 1 else ""
    return Advised(safe(each.name), safe(each.seen) + times, safe(each.advice), each.is_note)


def _files(report: Report) -> list[Answer]:
    return [_file(uploads) for uploads in by_file(report.uploads)]


def _file(uploads: Sequence[Upload]) -> Answer:
    """One upload, or several writes into one file that all went well."""
    upload = uploads[-1]
    took = ""
    if upload.end_ns is not None and upload.verdict is not Verdict.REFUSED:
        took = format_ns(upload.end_ns - uploads[0].begin_ns)
    sentence = writes_text(uploads) if len(uploads) > 1 else upload.sentence
    name = safe(upload.name) or f"AT{upload.command}"
    tone = _TONES.get(upload.verdict, _BAD)
    goes_on = uploads[0].write > 1
    return Answer(upload.verdict.value, tone, name, safe(sentence), took, goes_on)


def _connections(report: Report) -> list[Answer]:
    """Those that came to no good, and what Bluetooth LE lost."""
    told = [
        Answer(each.outcome.value, _BAD, "", safe(each.sentence))
        for each in report.network.connections
        if each.outcome in _OUTCOMES
    ]
    return told + [
        Answer(word, _BAD if word != "dropped" else _UNSURE, "", f"Bluetooth LE: {safe(sentence)}")
        for word, sentence in ble_troubles(report.ble)
    ]


def _judged(recorded: Recorded, worst: Answer | None) -> Answer | None:
    """What a check has said goes before what the record alone can know."""
    if recorded.has_passed is None:
        return None
    told = worst or Answer("none", _GOOD, "", "no file was uploaded")
    if recorded.has_passed:
        return replace(told, word="passed", tone=_GOOD)
    if told.tone == _GOOD:
        blame = safe(recorded.blame) or "the check found fault with what the host did"
        told = Answer("failed", _BAD, "", blame)
    return replace(told, word="failed", tone=_BAD)


def _worst(answers: Sequence[Answer]) -> Answer | None:
    """The last of the worst; a file that was uploaded again is what became of it then."""
    of_files: dict[str, list[Answer]] = {}
    for answer in answers:
        before = of_files.pop(answer.about or answer.sentence, [])
        of_files[answer.about or answer.sentence] = [*(before if answer.goes_on else ()), answer]
    newest = [answer for of_file in of_files.values() for answer in of_file]
    order = (_BAD, _UNSURE, _GOOD)
    return min(reversed(newest), key=lambda answer: order.index(answer.tone), default=None)


def _quiet(report: Report) -> Answer:
    lost = report.counters.lost
    if lost:
        return Answer("lost", _BAD, "", f"{counted(lost, 'byte')} lost, outside of any upload")
    if report.is_dead:
        return Answer("broken", _BAD, "", "the device does not start: it has no firmware")
    sentence = "no upload was made, and no byte was lost"
    if not report.is_ended:
        return Answer("unfinished", _UNSURE, "", f"{sentence}, as far as the record goes")
    return Answer("quiet", _GOOD, "", sentence)


def _more(report: Report, files: Sequence[Answer], connections: Sequence[Answer]) -> str:
    """What is not listed."""
    return "; ".join(_counted(report, files, connections))


def _counted(
    report: Report, files: Sequence[Answer], connections: Sequence[Answer]
) -> Iterator[str]:
    hidden = files[:-_MOST_UPLOADS]
    if count := len(hidden) + report.uploads_unlisted:
        words = Counter(answer.word for answer in hidden)
        known = ", ".join(f"{number} {word}" for word, number in sorted(words.items()))
        yield f"{counted(count, 'earlier upload')}{': ' if known else ''}{known}"
    if older := len(connections[:-_MOST_CONNECTIONS]):
        yield f"{counted(older, 'earlier connection')} that came to no good"
