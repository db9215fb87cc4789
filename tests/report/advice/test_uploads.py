"""Traps that published hosts fell into: each is named by its cause, in a run's own sentence."""

import pytest

from quecsim.flash.stall import AddedStall
from quecsim.render.text import render_text
from quecsim.report.model import Report, Upload, Verdict
from quecsim.rig import RigConfig
from quecsim.units import ms, s
from tests.report.story import Story, device
from tests.test_checksum import AMAZON

SIZE = len(AMAZON)


def run(size: int, *pieces: bytes, command: bytes = b'AT+QFUPL="ca.pem",%d,5\r') -> Report:
    """The pieces with a second between them, as of a host that waits for answers; and then rest."""
    story = Story().say(0, command % size if b"%d" in command else command).wait(ms(100))
    for piece in pieces:
        story.say(0, piece).wait(s(1))
    story.wait(s(8))
    story.builder.until(story.now_ns)
    return story.report


def the_one(report: Report) -> tuple[Upload, str]:
    (upload,) = report.uploads
    (advice,) = (each for each in report.advice if not each.is_note)
    assert advice.name == upload.name == "ca.pem"
    return upload, advice.kind


@pytest.mark.parametrize(
    ("behind", "kind", "words"),
    [
        (b"\x1a", "control-behind", "1 byte sent after the file met the command line: it is SUB"),
        (b"\0", "nul-behind", "1 byte sent after the file met the command line: it is a NUL"),
        (b"\xff" * 36, "padding-behind", "line: they are 36 times 0xff, as of erased flash"),
        (b"\0" * 12, "padding-behind", "line: they are 12 times 0x00"),
        (b"+++", "escape-behind", "line: it is +++"),
        (AMAZON, "sent-twice", "line: the file was sent twice"),
    ],
)
def test_something_behind_the_file(behind: bytes, kind: str, words: str) -> None:
    upload, found = the_one(run(SIZE, AMAZON + behind))
    assert (upload.verdict, found) == (Verdict.SURPLUS, kind)
    assert words in upload.sentence


def test_println() -> None:
    upload, kind = the_one(run(SIZE, AMAZON.replace(b"\n", b"\r\n")))
    assert (upload.verdict, kind) == (Verdict.SURPLUS, "cr-lf-sent")
    assert "its lines came with CR LF, and the size counts LF alone" in upload.sentence


def test_println_of_a_file_with_two_lines() -> None:
    """All that came too many is blank, and the file is not what it should be all the same."""
    upload, kind = the_one(run(12, b"hello\r\nhello\r\n"))
    assert kind == "cr-lf-sent"
    assert "its lines came with CR LF" in upload.sentence


def test_one_byte_too_many_for_each_line() -> None:
    upload, kind = the_one(run(SIZE + 20, AMAZON))
    assert (upload.verdict, kind) == (Verdict.SHORT, "cr-lf-counted")
    assert upload.sentence.endswith(
        "the size is 20 too large: one for each of its 20 lines: CR LF was counted, and LF sent"
    )


def test_and_the_next_command_completes_the_file() -> None:
    upload, kind = the_one(run(SIZE + 20, AMAZON, b'AT+QFLST="ca.pem"\r', b"AT\r"))
    assert (upload.verdict, kind) == (Verdict.WRONG, "cr-lf-counted")
    assert "the size is 20 too large: one for each of its 20 lines" in upload.sentence


def test_the_last_line_end_is_missing() -> None:
    upload, kind = the_one(run(SIZE, AMAZON[:-1]))
    assert (upload.verdict, kind) == (Verdict.SHORT, "last-newline")
    assert "the last line end was dropped" in upload.sentence


def test_the_nul_of_a_string_is_counted() -> None:
    upload, kind = the_one(run(SIZE + 1, AMAZON))
    assert (upload.verdict, kind) == (Verdict.SHORT, "nul-counted")


def test_the_size_is_that_of_a_buffer() -> None:
    upload, kind = the_one(run(4096, AMAZON))
    assert (upload.verdict, kind) == (Verdict.SHORT, "buffer-size")


def test_no_size_at_all() -> None:
    upload, kind = the_one(run(0, AMAZON, command=b'AT+QFUPL="ca.pem"\r'))
    assert (upload.verdict, kind) == (Verdict.SHORT, "no-size")
    assert "the command names no size, which means 10240 bytes here" in upload.sentence


def test_the_command_is_sent_twice() -> None:
    command = b'AT+QFUPL="ca.pem",%d,5\r' % SIZE
    upload, kind = the_one(run(SIZE, command, AMAZON))
    assert (upload.verdict, kind) == (Verdict.WRONG, "command-first")
    assert "it was sent twice" in upload.sentence


def test_a_nul_behind_the_command() -> None:
    command = b'AT+QFUPL="ca.pem",%d,5\r\0' % SIZE
    upload, kind = the_one(run(SIZE, AMAZON, command=command))
    assert kind == "nul-first"
    assert "the first byte of the file is a NUL" in upload.sentence


def test_the_cause_stays_what_it_is_whatever_follows() -> None:
    story = Story().say(0, b'AT+QFUPL="ca.pem",5,5\r').say(ms(100), b"hello\x1a").wait(s(1))
    first = story.report
    story.say(0, b"AT\r").say(s(1), b'AT+QFUPL="b",5,5\r').say(ms(100), b"hello").wait(s(1))
    assert story.report.uploads[0].sentence == first.uploads[0].sentence
    assert [each.kind for each in story.report.advice] == ["control-behind"]


def test_a_right_upload_has_no_advice() -> None:
    report = run(SIZE, AMAZON, b"AT\r\n")
    assert report.advice == []
    assert "What the host can do" not in render_text(report, colour=False)


def test_an_upload_that_goes_on_is_not_explained_yet() -> None:
    story = Story().say(0, b'AT+QFUPL="ca.pem",%d,5\r' % (SIZE + 20)).say(ms(100), AMAZON)
    story.wait(ms(500))
    assert story.report.advice == []
    assert "too large" not in story.report.uploads[0].sentence


def test_a_host_that_waits_for_an_acknowledgement_has_not_counted_wrongly() -> None:
    command = b'AT+QFUPL="ca.pem",%d,5,1\r'
    report = run(SIZE, AMAZON[:1024], command=command)
    upload, kind = the_one(report)
    assert (upload.verdict, kind) == (Verdict.SHORT, "stopped-at-ack")
    assert f"byte 1024 of {SIZE}, where an `A` is due" in report.advice[0].seen
    assert the_one(run(SIZE, AMAZON[:1000], command=command))[1] == "size-too-large"


def test_who_has_ack_mode_is_not_told_to_use_it() -> None:
    """It was asked for, and the `A`s were not waited for."""
    stop = RigConfig(stalls=(AddedStall(ms(200), at_byte=1),))
    hasty = Story(device(256), stop).say(0, b'AT+QFUPL="ca.pem",%d,5,1\r' % SIZE).wait(ms(100))
    hasty.say(0, AMAZON).wait(s(9))
    hasty.builder.until(hasty.now_ns)
    upload, kind = the_one(hasty.report)
    assert (upload.verdict, kind) == (Verdict.LOST, "lost")
    (advice,) = (each for each in hasty.report.advice if each.kind == "lost")
    assert "read until the `A` has come" in advice.advice
    assert "use ACK mode" not in advice.advice
