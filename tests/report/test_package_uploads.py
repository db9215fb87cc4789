"""A firmware package by AT+QFOTADL: its OK comes first, and its verdict with FILEEND or END."""

import pytest

from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.render.text import render_text
from quecsim.report.assumed import assumed_values
from quecsim.report.model import Upload, Verdict
from quecsim.rig import RigConfig
from quecsim.units import s
from tests.commands.fota import package
from tests.report.story import Story

DEVICE = load_profile("ec200t")
PACKAGE = package(DEVICE)
NAME = "firmware package"
FAST = RigConfig(flash_mode=FlashMode.INSTANT)


def command(length: int = len(PACKAGE), arguments: str = "") -> bytes:
    return f'AT+QFOTADL="FILE:{length}"{arguments}\r'.encode()


def told(*parts: bytes, config: RigConfig = FAST, rest_ns: int = s(120)) -> Story:
    """The host says each of `parts`, 3 s after the one before."""
    return Story(DEVICE, config).tell([(s(3), part) for part in parts], rest_ns)


def only(story: Story) -> Upload:
    (upload,) = story.report.uploads
    if upload.ended:
        assert upload.sent == upload.stored + upload.lost + upload.eaten
    return upload


def test_a_package_that_arrives_and_serves() -> None:
    story = told(command(), PACKAGE)
    upload = only(story)
    assert (upload.command, upload.name, upload.size) == ("+QFOTADL", NAME, len(PACKAGE))
    assert (upload.verdict, upload.ended, upload.result) == (Verdict.INTACT, "size", "END,0")
    assert not story.report.fell_short


@pytest.mark.parametrize(
    ("data", "result", "words"),
    [
        (PACKAGE[:-1] + b"\0", "END,506", "damaged"),
        (package(DEVICE, source="ANOTHER"), "END,504", "not for this firmware"),
    ],
)
def test_an_upgrade_that_fails_fails_the_package(data: bytes, result: str, words: str) -> None:
    story = told(command(len(data)), data)
    upload = only(story)
    assert (upload.verdict, upload.result) == (Verdict.REFUSED, result)
    assert words in upload.sentence
    assert f"all {len(data)} bytes came" in upload.sentence
    assert story.report.fell_short


def test_even_where_the_host_does_not_hear_of_it() -> None:
    story = told(b'AT+QINDCFG="all",0\r', command(), PACKAGE[:-1] + b"\0")
    assert only(story).verdict is Verdict.REFUSED


def test_a_second_package_makes_it_good() -> None:
    bad = PACKAGE[:-1] + b"\0"
    story = Story(DEVICE, FAST)
    story.tell([(0, command()), (s(3), bad)], s(60))
    assert story.report.fell_short
    story.tell([(0, command()), (s(3), PACKAGE)], s(60))
    assert [upload.verdict for upload in story.report.uploads] == ["refused", "intact"]
    assert not story.report.fell_short


def test_a_package_that_stays_short() -> None:
    story = told(command(), PACKAGE[:-100])
    upload = only(story)
    assert (upload.verdict, upload.ended, upload.result) == (Verdict.SHORT, "idle", "FILEEND,500")
    assert f"only {len(PACKAGE) - 100} of {len(PACKAGE)} bytes came" in upload.sentence
    assert story.report.fell_short
    named = [line.split(" = ")[0] for line in assumed_values(story.report, DEVICE).assumed]
    assert "fota.idle_ms" in named
    assert "files.upload_timeout" not in named


def test_a_package_that_lost_bytes() -> None:
    config = RigConfig(flash_mode=FlashMode.WORST, ipr=921_600, host_flow="none")
    upload = only(told(command(), PACKAGE, config=config))
    assert upload.verdict is Verdict.LOST
    assert upload.lost == sum(loss.count for loss in upload.losses) > 0


def test_bytes_lost_before_filestart_are_the_packages() -> None:
    story = Story(DEVICE, FAST)
    story.tell([(0, command() + PACKAGE)], s(60))
    upload = only(story)
    assert upload.early.taken_as_data == DEVICE.uart.rx_ring_bytes
    assert upload.early.lost > 0
    assert "came before FILESTART" in upload.sentence
    assert upload.verdict is Verdict.LOST
    assert story.report.lost_outside == 0


def test_one_that_waits_for_its_bytes() -> None:
    story = told(command(), PACKAGE[:5_000], rest_ns=s(5))
    assert only(story).verdict is Verdict.WAITING
    assert story.report.fell_short


def test_one_that_is_refused_at_once() -> None:
    upload = only(told(command(1 << 30)))
    assert (upload.verdict, upload.result) == (Verdict.REFUSED, "ERROR")


def test_power_that_goes_on_the_way() -> None:
    story = Story(DEVICE, FAST)
    story.tell([(0, command()), (s(3), PACKAGE[:10_000])], s(2)).cut_power()
    upload = only(story)
    assert (upload.verdict, upload.ended) == (Verdict.LOST, "power")
    assert (upload.stored, upload.lost) == (0, 10_000)


@pytest.mark.parametrize(
    "line",
    [
        '+QFOTADL="ftp://u:p@h/f"',
        '+QFOTADL="FILE:100",2',
        '+QFOTADL="FILE:100",02',
        "+QFOTADL=?",
        "+QFOTADL",
    ],
)
def test_what_brings_no_package(line: str) -> None:
    assert Story(DEVICE, FAST).tell([(0, f"AT{line}\r".encode())], s(1)).report.uploads == []


@pytest.mark.parametrize("line", ['+QFOTADL="FILE:100"', '+qfotadl="file:100",0,50'])
def test_what_brings_one(line: str) -> None:
    upload = only(Story(DEVICE, FAST).tell([(0, f"AT{line}\r".encode())], s(1)))
    assert (upload.command, upload.name, upload.size) == ("+QFOTADL", NAME, 100)


def test_protocol_download_is_no_upload() -> None:
    story = told(b"junk", command(100, ",2"), bytes(110))
    report = story.report
    assert report.uploads == []
    assert report.counters.holds
    assert report.protocol_bytes == 110
    assert sum(place.count for place in report.eaten) == len("junk")  # this was a mistake
    text = " ".join(render_text(report, colour=False).split())
    assert (
        "110 bytes were taken by protocol download, whose frames are not public (docs/PYTHON.md)."
        in text
    )
    read = len(b"junk" + command(100, ",2"))
    assert f"{read} read as commands (4 of them by mistake), 110 by protocol download," in text


def test_what_follows_protocol_download_is_a_mistake_again() -> None:
    report = told(command(100, ",2"), bytes(100), rest_ns=s(40)).say(0, b"junk").wait(s(1)).report
    assert (report.protocol_bytes, [place.count for place in report.eaten]) == (100, [4])
