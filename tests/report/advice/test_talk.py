"""Hosts that talk to the command line in a wrong way: what the report of a real run says."""

import pytest

from quecsim.faults import BitError
from quecsim.profiles.loader import load_profile
from quecsim.render.text import render_text
from quecsim.report.model import Advice, Report
from quecsim.rig import RigConfig
from quecsim.trace.event import Called, Noise
from quecsim.units import ms, s
from tests.report.story import DEVICE, PAYLOAD, Story

UPLOAD = b'AT+QFUPL="ca.pem",1000,5'


def run(*pieces: bytes, story: Story | None = None) -> Report:
    """Each piece after a pause; the host is silent in the end."""
    story = story or Story()
    for piece in pieces:
        story.say(ms(300), piece)
    story.wait(s(8))
    story.builder.until(story.now_ns)
    return story.report


def the_one(report: Report) -> Advice:
    (advice,) = report.advice
    return advice


def text(report: Report) -> str:
    return " ".join(render_text(report, colour=False).split())


def test_commands_that_end_in_lf_alone() -> None:
    report = run(b"AT\n", UPLOAD + b"\n", PAYLOAD[:300])
    advice = the_one(report)
    assert (advice.kind, advice.offset, advice.count) == ("lf-alone", 0, 1)
    assert advice.seen == (
        "2 command lines end in LF alone (0x0a), first `AT`: no CR came, so none was carried out"
    )
    assert advice.advice == "end each command with CR (0x0d): write \\r, not \\n"
    assert report.unfinished_bytes == report.counters.in_flight == 328
    assert "328 in a command line without its end." in text(report)


def test_more_data_than_a_line_can_hold_came_behind_them() -> None:
    report = run(b"AT\n", UPLOAD + b"\n", PAYLOAD[:1800])
    assert the_one(report).kind == "lf-alone"


def test_the_data_had_a_cr_at_last() -> None:
    report = run(b"AT\n", UPLOAD + b"\n", b"text of dos\r\n")
    assert the_one(report).kind == "lf-alone"


def test_a_misspelled_command_is_told_with_what_it_may_mean() -> None:
    report = run(b'AT+QFULP="ca.pem",1000\r', PAYLOAD[:1000])
    assert the_one(report).kind == "misspelled"
    assert the_one(report).advice == "did you mean AT+QFUPL?"
    assert the_one(report).at_ns > 0


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (b'AT+QFPUL="x"\r', "AT+QFUPL"),
        (b'AT+QUFPL="x"\r', "AT+QFUPL"),
        (b'AT+QFUPLL="x"\r', "AT+QFUPL"),
        (b'AT+QFDELL="x"\r', "AT+QFDEL"),
        (b"AT+CME=1\r", "AT+CMEE"),
        (b'at+qfulp="x"\r', "AT+QFUPL"),
    ],
)
def test_what_people_mistype(line: bytes, meant: str) -> None:
    assert the_one(run(line)).advice == f"did you mean {meant}?"


@pytest.mark.parametrize("line", [b"AT+QXCLOSE=1\r", b"AT+XYZZY\r"])
def test_another_command_is_not_taken_for_a_misspelled_one(line: bytes) -> None:
    assert the_one(run(line)).kind in ("unknown", "not-here")


def test_a_command_of_other_devices() -> None:
    advice = the_one(run(b'AT+QFUPL="a",5\r', story=Story(load_profile("fcm242d"))))
    assert advice.kind == "not-here"
    assert advice.advice == "other devices have it; to upload it has AT+QFWRITE"


@pytest.mark.parametrize(
    ("pieces", "kind"),
    [
        ((b'+QFUPL="ca.pem",1000\r', PAYLOAD[:100]), "no-at"),
        (("AT+QFUPL=“ca.pem”,1000\r".encode(), PAYLOAD[:100]), "curly-quotes"),
        ((b'AT+QFUPL="ca.pem,1000\r', PAYLOAD[:100]), "quotes"),
        ((b"AT+QFUPL=\r",), "syntax"),
        ((UPLOAD,), "no-line-end"),
        ((b"AT\\r\n", UPLOAD + b"\\r\n"), "written-out"),
        ((b"\r\nOK\r\n",), "own-words"),
        ((b"\xef\xbb\xbfAT\r",), "byte-order-mark"),
        ((b"A\0T\0\r\0\n\0",), "utf-16"),
        ((b"\x1a", b"AT\r"), "control"),
        ((b"AT\r\0", b"AT\r\0", b"AT\r"), "nul"),
        ((b"At\r",), "at-case"),
        ((b"\x80\xf8\x80\xf8\x78\x80",), "rubbish"),
        ((b'ATQFUPL="ca.pem",1000\r',), "no-plus"),
    ],
)
def test_what_else_is_no_command(pieces: tuple[bytes, ...], kind: str) -> None:
    report = run(*pieces)
    advice = the_one(report)
    assert advice.kind == kind
    assert " ".join(advice.seen.split()) in text(report)
    assert advice.advice in text(report)


def test_the_form_of_a_command_is_shown() -> None:
    advice = the_one(run(b"AT+QFUPL=\r"))
    assert advice.advice == "the form is AT+QFUPL=<filename>[,<file_size>[,<timeout>[,<ackmode>]]]"


def test_the_same_again_is_counted() -> None:
    advice = the_one(run(b"At\r", b"AT\r", b"At\r", b"AT\r", b"At\r"))
    assert (advice.kind, advice.count, advice.offset) == ("at-case", 3, 0)


@pytest.mark.parametrize(
    "pieces",
    [
        (b"at+qflst\r",),
        (b"AT\r\n", b"ATE0\r\n", b"AT+CMEE=1\r\n"),
        (b'AT+QFDEL="none"\r',),  # an error, and no mistake
        (b'AT+QFUPL="old",5\r',),
        (b'AT+QFUPL="old",5\r', bytes(range(128, 256))),  # refused, and the data came all the same
        (b"+++",),
        (b"A",),
    ],
)
def test_nothing_is_said_of_what_is_right_or_told_already(pieces: tuple[bytes, ...]) -> None:
    story = Story(DEVICE, RigConfig(contents={"old": b"old"}))
    assert run(*pieces, story=story).advice == []


def test_whoever_still_writes_is_not_told_that_the_end_is_missing() -> None:
    story = Story().say(0, UPLOAD).wait(ms(500))
    story.builder.until(story.now_ns)
    assert story.report.advice == []
    assert story.report.unfinished_bytes == 0


def test_a_host_that_tries_a_command_and_then_uploads_is_not_bothered() -> None:
    pieces = (b"\x1a", b"AT+QISTATE\r", b'AT+QFUPL="a",1000,5\r', PAYLOAD[:1000])
    assert run(*pieces).advice == []


def test_file_data_is_no_command() -> None:
    """The tail of a PEM file holds `ATE-----`, and data may hold anything."""
    data = b"x" * 102 + b"AT+QFULP\r+QFUPL=\r\nOK\r\n-----END CERTIFICATE-----\n"
    report = run(b'AT+QFUPL="a",100,5\r', data)
    assert [each.kind for each in report.advice] == ["size-too-small"]


def test_noise_is_not_the_hosts_fault() -> None:
    config = RigConfig(faults=(BitError(at_byte=6, bit=0),))
    story = Story(DEVICE, config)
    report = run(b"AT+QFLST\r", story=story)
    assert [e.what for e in story.events if isinstance(e, Noise)] == ["altered"]
    assert [e.is_known for e in story.events if isinstance(e, Called)] == [False]
    assert report.advice == []


def test_ends_of_the_line_that_differ() -> None:
    story = Story(DEVICE, RigConfig(garbles=True))
    story.rig.host_line(0, 9600, "8N1", "none")
    report = run(b"AT\r", story=story)
    assert "line-settings" in [each.kind for each in report.advice]
