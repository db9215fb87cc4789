"""The one place that says what became of a file."""

import pytest
from msgspec.structs import replace

from quecsim.checksum import checksum
from quecsim.judge.file import as_judged, verdict_of
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Upload, Verdict
from tests.report.test_verdict import UPLOAD

DATA = bytes(range(100))
EMPTY = ReportBuilder().report()


def report(*uploads: Upload, fell_short: bool = False) -> Report:
    return replace(EMPTY, uploads=list(uploads), fell_short=fell_short)


def told(verdict: Verdict, **changes: object) -> Upload:
    return replace(UPLOAD, verdict=verdict, sentence="so it is said", **changes)


@pytest.mark.parametrize(
    ("said", "content", "becomes"),
    [
        (Verdict.INTACT, DATA, Verdict.INTACT),
        (Verdict.INTACT, DATA[:-1], Verdict.SHORT),
        (Verdict.INTACT, b"", Verdict.SHORT),
        (Verdict.INTACT, DATA + b"x", Verdict.SURPLUS),
        (Verdict.INTACT, b"x" + DATA[1:], Verdict.WRONG),
        (Verdict.SURPLUS, DATA, Verdict.SURPLUS),
        (Verdict.SHORT, DATA[:7], Verdict.SHORT),
        (Verdict.LOST, DATA[1:], Verdict.LOST),
        (Verdict.WRONG, b"x" + DATA[1:], Verdict.WRONG),
        (Verdict.WRONG, DATA, Verdict.INTACT),  # the file itself begins with its command, say
        (Verdict.WAITING, b"", Verdict.UNFINISHED),
        (Verdict.UNFINISHED, b"", Verdict.UNFINISHED),
        (Verdict.REFUSED, b"", Verdict.REFUSED),
        (Verdict.BROKEN, None, Verdict.BROKEN),
    ],
)
def test_the_file_itself_decides(said: Verdict, content: bytes | None, becomes: Verdict) -> None:
    found = verdict_of(report(told(said)), content=content, expected=DATA)
    assert found.verdict is becomes


@pytest.mark.parametrize(
    ("size", "given", "becomes"),
    [
        (100, checksum(DATA), Verdict.INTACT),
        (100, 7, Verdict.WRONG),
        (99, 7, Verdict.SHORT),
        (101, 7, Verdict.SURPLUS),
        (100, None, Verdict.INTACT),
        (None, None, Verdict.INTACT),
    ],
)
def test_else_the_numbers_of_the_device(
    size: int | None, given: int | None, becomes: Verdict
) -> None:
    upload = told(Verdict.INTACT, file_bytes=size, checksum=given)
    assert verdict_of(report(upload), expected=DATA).verdict is becomes


def test_without_an_upload_there_is_none() -> None:
    found = verdict_of(EMPTY, expected=DATA)
    assert (found.verdict, found.upload) == (Verdict.NONE, None)
    error = (5, '+QFOPEN="x"', "ERROR")
    sent = replace(EMPTY, counters=replace(EMPTY.counters, sent=9))
    assert 'AT+QFOPEN="x" was answered ERROR' in verdict_of(sent, write_error=error).sentence


def test_a_file_in_several_writes_is_one_file() -> None:
    writes = [
        told(Verdict.INTACT, command="+QFWRITE", write=n, size=50, stored=50, file_bytes=50 * n)
        for n in (1, 2)
    ]
    found = verdict_of(report(*writes), content=DATA, expected=DATA)
    assert (found.verdict, found.sentence) == (
        Verdict.INTACT,
        "all 100 bytes are stored, in 2 writes",
    )
    bad = [replace(writes[0], verdict=Verdict.LOST), writes[1]]
    assert verdict_of(report(*bad, fell_short=True)).verdict is Verdict.LOST


def test_a_host_that_was_stopped_has_not_finished() -> None:
    found = verdict_of(report(told(Verdict.INTACT)), unfinished="it was stopped after 3 s")
    assert found.verdict is Verdict.UNFINISHED
    assert found.sentence == "it was stopped after 3 s; so it is said"


def test_a_verdict_of_whoever_knows_the_file_goes_into_the_report() -> None:
    made = as_judged(report(told(Verdict.INTACT)), "", Verdict.WRONG, "it is another")
    assert [(each.verdict, each.sentence) for each in made.uploads] == [
        (Verdict.WRONG, "it is another")
    ]
    assert made.fell_short
    assert as_judged(EMPTY, "", Verdict.NONE, "none") == EMPTY


def test_lines_that_are_missing_are_told_of_a_short_file() -> None:
    text = b"".join(b"line %d\n" % number for number in range(30))
    lines = text.splitlines(keepends=True)
    content = b"".join(lines[::3])
    found = verdict_of(report(told(Verdict.SHORT)), content=content, expected=text)
    assert found.verdict is Verdict.SHORT
    assert "only one line in 3 came" in found.sentence
