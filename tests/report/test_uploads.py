"""Several uploads, several writes, and one that has not begun: which is which."""

import pytest

from quecsim.faults import ConnectLate
from quecsim.flash.stall import AddedStall
from quecsim.render.text import render_text
from quecsim.report import uploads as module
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Verdict
from quecsim.rig import RigConfig
from quecsim.trace.event import FileChanged, TransferAsked, TransferEnd
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl


def _text(story: Story) -> str:
    return " ".join(render_text(story.report, colour=False).split())


def test_two_uploads_on_one_line_are_two() -> None:
    story = Story(device(ring_bytes=512), RigConfig(stalls=(AddedStall(ms(200), at_byte=1),)))
    story.say(0, b'AT+QFUPL="a",3000,5;+QFUPL="b",5,5\r')
    story.say(ms(100), PAYLOAD[:3000]).say(s(1), PAYLOAD[:2500]).wait(s(8))
    first, second = story.report.uploads
    assert (first.name, first.verdict, first.stored, first.ended) == ("a", "lost", 3000, "size")
    assert (second.name, second.verdict, second.stored) == ("b", "surplus", 5)
    assert second.start >= first.end
    assert "b" not in [each.name for each in story.report.advice]  # its surplus is a's loss
    assert story.report.fell_short
    assert story.report.counters.holds


def test_two_writes_on_one_line_are_two() -> None:
    story = Story(device(ring_bytes=64), RigConfig(stalls=(AddedStall(ms(50), at_byte=1),)))
    story.tell([(0, b'AT+QFOPEN="x"\r')], s(1))
    story.say(0, b"AT+QFWRITE=1027,1000,1;+QFWRITE=1027,10,1\r")
    story.say(ms(100), PAYLOAD[:1000]).wait(s(4))
    assert [upload.verdict for upload in story.report.uploads] == [Verdict.LOST]
    assert story.report.fell_short


def test_the_first_of_two_is_refused_and_the_second_never_asked_for() -> None:
    story = Story(config=RigConfig(contents={"a": b"old"}))
    story.tell([(0, b'AT+QFUPL="a",3,5;+QFUPL="b",5,5\r')], s(1))
    assert [(u.name, u.verdict) for u in story.report.uploads] == [("a", Verdict.REFUSED)]


def test_writes_into_one_file_are_one_file() -> None:
    story = Story().tell([(0, b'AT+QFOPEN="x"\r')], s(1))
    for size in (1000, 220):
        story.say(0, b"AT+QFWRITE=1027,%d\r" % size).say(ms(100), PAYLOAD[:size]).wait(s(1))
    text = _text(story)
    assert text.startswith("intact x: all 1220 bytes are stored, in 2 writes (")
    assert text.count("intact") == 1
    last = story.report.uploads[-1]
    assert (last.write, last.file_bytes) == (2, 1220)
    assert last.sentence == "write 2: all 220 bytes are stored; the file has 1220 bytes now"


def test_a_file_that_is_opened_anew_is_another() -> None:
    story = Story()
    for _ in range(2):
        story.tell([(0, b'AT+QFOPEN="x",1\r')], s(1))
        (*_, opened) = [e for e in story.events if isinstance(e, FileChanged)]
        story.say(0, b"AT+QFWRITE=%d,10;+QFCLOSE=%d\r" % (opened.handle, opened.handle))
        story.say(ms(100), PAYLOAD[:10]).wait(s(1))
    assert [upload.write for upload in story.report.uploads] == [1, 1]
    assert _text(story).count("x: all 10 bytes are stored (") == 2


def test_a_late_connect_shows_the_upload_that_waits_for_it() -> None:
    config = RigConfig(faults=(ConnectLate(delay_ms=10_000),))
    story = Story(config=config).say(0, qfupl(1188)).wait(s(3))
    (upload,) = story.report.uploads
    assert (upload.verdict, upload.name, upload.size) == (Verdict.WAITING, "ca.pem", 1188)
    assert upload.sentence == (
        "1188 bytes announced; the command has not been answered yet: waiting for CONNECT"
    )
    assert story.report.fell_short
    assert "waiting ca.pem: 1188 bytes announced" in _text(story)


def test_one_that_lost_its_power_before_connect() -> None:
    config = RigConfig(faults=(ConnectLate(delay_ms=10_000),))
    story = Story(config=config).say(0, qfupl(1188)).wait(s(3)).cut_power()
    (upload,) = story.report.uploads
    assert upload.verdict is Verdict.UNFINISHED
    assert "the power went before the command was answered" in upload.sentence


@pytest.mark.parametrize("cmee", [0, 1, 2])
def test_a_refusal_is_told_with_its_meaning_whatever_cmee_is(cmee: int) -> None:
    story = Story(config=RigConfig(contents={"ca.pem": b"old"}))
    story.tell([(0, b"AT+CMEE=%d\r" % cmee), (ms(50), qfupl(10))], s(1))
    (upload,) = story.report.uploads
    assert (upload.error, upload.cause) == (407, "file_exists")
    assert "407" in upload.sentence
    assert "file already existed" in upload.sentence


def test_one_stray_byte_is_one() -> None:
    """The command behind it is refused, and is a command all the same."""
    story = Story().say(0, b'AT+QFUPL="a",5\r').say(ms(50), b"hello\x1a").wait(s(1))
    story.say(0, b'AT+QFDEL="b"\r').wait(s(1))
    (upload,) = story.report.uploads
    assert (upload.stray, upload.surplus, upload.verdict) == (1, 1, Verdict.SURPLUS)
    assert story.report.mistaken_bytes == 1
    assert "1 byte sent after the file" in upload.sentence


def test_bytes_behind_the_file_are_counted_once() -> None:
    """The last line of a PEM file has an AT, no CR, and so swallows the next command."""
    data = PAYLOAD[:900] + b"-----END CERTIFICATE-----\n"
    story = Story().say(0, b'AT+QFUPL="a",50\r').say(ms(50), data).wait(s(1))
    story.say(0, b"AT\r").wait(s(1))
    (upload,) = story.report.uploads
    assert upload.stray == len(data) - 50 == story.report.mistaken_bytes


def test_a_run_of_days_keeps_a_bounded_list(monkeypatch: pytest.MonkeyPatch) -> None:
    builder = ReportBuilder()
    for number in range(1, 3 * module.MOST_UPLOADS):
        asked = TransferAsked(number, number, number, "+QFUPL", "in", f"f{number}", 10, s(5))
        builder.feed([asked, TransferEnd(number, number, "ERROR")])
    report = builder.report()
    assert len(report.uploads) == module.MOST_UPLOADS
    assert report.uploads_unlisted == 2 * module.MOST_UPLOADS - 1
    assert not builder._uploads._open
    assert len(builder._uploads._recent) <= 8
