"""What the report of a real device says besides: how its host went about it, and which bytes of an
upload may be those that the device did not get.

A run of our own is judged by whoever knows what was to arrive (`quecsim.judge`), and its lost bytes
are on record. Of a real device neither is so; but which rules its host broke can be seen, and the
size and checksum that the device said can be held against what the host sent.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from quecsim.checksum import checksum_text
from quecsim.judge.conduct import ConductWatch
from quecsim.report.model import Advice, Report, Upload
from quecsim.trace.event import Event, HostBytes

_ELSEWHERE = "`quecsim check` judges it, with a simulated device"
_UNEXPLAINED = "read the file back, or listen at the module's own pins: these bytes tell no more"
_MOST_EXPLAINED = 5
_MOST_BYTES = 256 << 10


def as_heard(report: Report, events: Sequence[Event]) -> Report:
    """The report of a real device with the host's breaches and what became of lost bytes as
    advice; any other as it is.
    """
    if not report.origin.heard_from:
        return report
    watch = ConductWatch()
    watch.feed(events)
    watch.until(report.at_ns)
    advice = [*_explained(report, events), *_with_the_file(report), *_broken(watch), *report.advice]
    return replace(report, advice=[*advice, *_unjudged(watch, report.at_ns)])


def _broken(watch: ConductWatch) -> Iterator[Advice]:
    for each in watch.breaches():
        yield Advice(
            kind=each.rule,
            seen=each.text,
            advice=each.advice,
            at_ns=each.at_ns,
            offset=each.offset,
        )


def _unjudged(watch: ConductWatch, at_ns: int) -> Iterator[Advice]:
    for note in watch.notes():
        yield Advice(kind="not-judged", seen=note, advice=_ELSEWHERE, at_ns=at_ns, is_note=True)


def _explained(report: Report, events: Sequence[Event]) -> Iterator[Advice]:
    """The uploads that the device did not get as they were sent, the first few of them."""
    from quecsim.explanation import Certainty, Told, explain  # no other report needs it

    wrong = [each for each in report.uploads if each.unseen or each.is_altered]
    for upload in wrong[:_MOST_EXPLAINED]:
        sent = _sent(upload, events)
        if sent is None or "exact-bytes" in report.origin.lacks:
            continue
        found = explain(sent, Told(upload.stored, upload.checksum), declared=upload.size)
        has_story = found.fits and found.certainty is not Certainty.SIZE_ONLY
        yield Advice(
            kind="explained",
            seen=found.sentence,
            advice=found.stories[0].cure if has_story else _UNEXPLAINED,
            at_ns=upload.begin_ns if upload.end_ns is None else upload.end_ns,
            offset=upload.start,
            name=upload.name,
        )


def _with_the_file(report: Report) -> Iterator[Advice]:
    """The uploads whose bytes nobody heard, and whose two numbers tell more beside the file."""
    for upload in report.uploads:
        if upload.is_unheard and upload.checksum is not None:
            numbers = f"{upload.stored},{checksum_text(upload.checksum)}"
            yield Advice(
                kind="explain-it",
                seen=f"the device says {numbers} of it",
                advice=f"`quecsim explain FILE {numbers}`, with your file, tells which bytes",
                at_ns=upload.begin_ns if upload.end_ns is None else upload.end_ns,
                name=upload.name,
                is_note=True,
            )


def _sent(upload: Upload, events: Sequence[Event]) -> bytes | None:
    """What the host sent of it; None where that is too much, or hidden."""
    if not 0 < upload.sent <= _MOST_BYTES:
        return None
    sent = bytearray()
    for event in events:
        if isinstance(event, HostBytes) and event.offset < upload.end:
            if event.hidden:
                return None
            first = max(0, upload.start - event.offset)
            sent += event.data[first : upload.end - event.offset]
    return bytes(sent)
