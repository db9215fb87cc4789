import re

import pytest
from msgspec.structs import replace

from quecsim.flash.stall import AddedStall
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import DroppedUrc, Mismatch, Report
from quecsim.rig import RigConfig
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl

CODES = re.compile(r"\x1b\[[0-9;]*m")


def _lossy(size: int = 4000, **stall: int) -> Report:
    config = RigConfig(stalls=(AddedStall(ms(50), **stall),))
    script = [(0, qfupl(size)), (ms(50), PAYLOAD[:size]), (s(1), b"AT+QFLST\r")]
    return Story(device(ring_bytes=64), config).tell(script).report


def test_nothing_to_say_is_one_line() -> None:
    expected = "No upload was made, and no byte was lost."
    assert render_text(ReportBuilder().report(), colour=True) == expected
    assert render_text(Story().tell([(0, b"AT\r\n")]).report, colour=False) == expected


def test_the_answer_comes_first_and_then_the_loss() -> None:
    report = _lossy(at_byte=1)
    (loss,) = report.uploads[0].losses
    lines = render_text(report, colour=False).splitlines()
    assert lines[0].startswith(f"lost     ca.pem: {loss.count} bytes lost; ")
    place = lines.index("Lost from ca.pem, by their places in the file as sent:")
    last = loss.at_byte + loss.count - 1 if loss.at_byte is not None else 0
    assert lines[place + 1].startswith(
        f"  bytes {loss.at_byte}..{last} ({loss.count} bytes, stream "
    )
    assert lines[place + 2].startswith("    ring full for 44.4 ms while the stall that")
    assert " ".join(line.strip() for line in lines).count(loss.why) == 1


def test_many_losses_are_summed_up() -> None:
    report = _lossy(size=9000, every_bytes=100)
    upload = report.uploads[0]
    text = render_text(report, colour=False)
    assert len(upload.losses) > 10
    assert text.count("    ring full for") == 10
    rest = upload.losses[10:]
    total = sum(loss.count for loss in rest)
    assert f"  and {total} bytes in {len(rest)} more places" in text
    longer = replace(upload, lost=upload.lost + 500, unlisted_places=8946)
    text = render_text(replace(report, uploads=[longer]), colour=False)
    assert f"  and {total + 500} bytes in {len(rest) + 8946} more places" in text


def test_many_uploads_are_summed_up() -> None:
    upload = _lossy(at_byte=1).uploads[0]
    report = replace(_lossy(at_byte=1), uploads=[upload] * 25, uploads_unlisted=3)
    lines = render_text(report, colour=False).splitlines()
    assert lines[0] == "8 earlier uploads: 5 lost"
    assert sum(line.startswith("lost  ") for line in lines) == 20


def test_a_device_that_was_dead_before() -> None:
    text = " ".join(render_text(replace(ReportBuilder().report(), is_dead=True), False).split())
    assert text.startswith("The device does not start: its power went during a firmware upgrade")
    assert "--restore brings it back" in text


def _everything() -> Report:
    report = _lossy(every_bytes=300)
    return replace(
        report,
        mismatches=[Mismatch(1, "9600 8N1", "115200 8N1", True)],
        held_ns=ms(3),
        stopped_ns=ms(7000),
        unsent={"cts": 7},
        urcs_dropped=9,
        dropped_urcs=[DroppedUrc(5, "+QIND: PB DONE", "data mode")] * 9,
        lost_outside=50,
        losses_outside=report.uploads[0].losses[:1],
        counters=replace(report.counters, holds=False),
    )


@pytest.mark.parametrize("colour", [False, True])
def test_it_fits_80_columns(colour: bool) -> None:
    for line in render_text(_everything(), colour=colour).splitlines():
        assert len(CODES.sub("", line)) <= 80, line


def test_everything_is_told() -> None:
    text = " ".join(render_text(_everything(), colour=False).split())
    for part in (
        "At 0.000 s the host sent at 9600 8N1, the device listened at 115200 8N1: the bytes",
        "Flow control held the host back for 3.0 ms: late, not lost.",
        "7 bytes from the device never reached the host (cts).",
        "+QIND: PB DONE was never sent: data mode",
        "So were 4 more",
        "50 bytes lost outside of uploads:",
        "These numbers do not add up",
        "files.block_bytes=4096",
        "bytes from the host:",
    ):
        assert part in text, part


def test_colour_says_nothing_that_the_words_do_not() -> None:
    report = _everything()
    plain, coloured = render_text(report, colour=False), render_text(report, colour=True)
    assert "\x1b" not in plain
    assert coloured != plain
    assert CODES.sub("", coloured) == plain


def test_what_the_host_wrote_cannot_steer_the_terminal() -> None:
    report = Story().tell([(0, b'AT+QFUPL="a\x9b2Jb",5\r')], s(1)).report
    assert report.uploads[0].name == "a\x9b2Jb"
    text = render_text(report, colour=False)
    assert "\\x9b2J" in text
    assert text.replace("\n", "").isprintable()


def test_a_swallowed_line_cannot_either() -> None:
    script = [(0, qfupl(4000)), (ms(50), PAYLOAD[:100]), (s(1), b"AT+\x1b[2J\r")]
    text = render_text(Story().tell(script).report, colour=False)
    assert "AT+\\x1b[2J" in text
    assert "\x1b" not in text


def _texting(count: int) -> Report:
    script: list[tuple[int, bytes]] = [(0, b"AT+CMGF=1\r")]
    for number in range(count):
        script.append((s(1), b'AT+CMGS="+447700900%03d"\r' % number))
        script.append((ms(100), b"Hello, you\x1a"))
        script.append((s(3), b"AT\r"))
    return Story().tell(script).report


def test_short_messages_are_shown() -> None:
    report = _texting(1)
    text = render_text(report, colour=False)
    (message,) = report.messages
    assert (message.reference, message.to, message.body) == (1, "+447700900000", "Hello, you")
    at = f"{message.at_ns / 1e9:.3f}"
    assert f"1 short message sent:\n  1, at {at} s, to +447700900000: Hello, you\n" in text
    assert ", 10 passed on, 0 on their way." in text.replace("\n", " ")


def test_many_short_messages_are_summed_up() -> None:
    report = _texting(7)
    text = render_text(report, colour=False)
    assert report.messages_sent == len(report.messages) == 7
    assert "7 short messages sent:" in text
    assert text.count("Hello, you") == 5
    assert "\n  and 2 more\n" in text
    pdu = replace(report.messages[0], to="", body="00AA\x1b", is_pdu=True)
    text = render_text(replace(report, messages=[pdu], messages_sent=1), colour=False)
    assert "PDU 00AA\\x1b" in text
