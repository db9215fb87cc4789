"""The two lines: what they say, what they leave out, and that they fit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.cells import cells, cut
from quecsim.render.status import Status
from quecsim.render.status_line import (
    GAP,
    Part,
    ascii_bar,
    block_bar,
    fitted,
    status_lines,
)
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.units import ms
from tests.render.test_status import lossy_story, status_of

CODES = re.compile(r"\x1b\[[0-9;]*m")
PORT = "/dev/pts/7"


def lines(status: Status, width: int = 79, now_ns: int = 0, **how: bool) -> list[str]:
    return status_lines(status, PORT, width, now_ns, **how)


def begun(*events: Event) -> Status:
    settings = {"ring_bytes": "512"}
    start = ev.Start(0, "ec200u", 1, "uart", settings, config={"ipr": 115_200, "ifc": (2, 2)})
    return status_of([start, ev.Power(0, "on", "already up"), *events])


def test_a_quiet_device() -> None:
    assert lines(begun()) == [
        "/dev/pts/7  115200 RTS/CTS  command mode",
        "ring ▕        ▏ 0/512  flash idle  in 0 out 0  stored 0",
    ]


def test_an_upload_under_way() -> None:
    status = begun(
        ev.CommandLine(1, 0, 30, '+QFUPL="UFS:ca.pem",1188', 1),
        ev.DataBegin(2, 30, "+QFUPL", "ca.pem", 1188, ack=False, early=0, transfer=1),
        ev.Stored(3, "ca.pem", 297, 297, 1),
        ev.RingLevel(4, 256),
        ev.FlashBusy(5, 9, "storing the data", []),
    )
    first, second = lines(status, 82, now_ns=6)
    assert first == (
        "/dev/pts/7  115200 RTS/CTS  data mode of +QFUPL, ca.pem: stored 297 of 1188 (25 %)"
    )
    assert second.startswith("ring ▕████    ▏ 256/512")
    assert "busy: storing the data" in second
    assert second.endswith("in 0 out 0  stored 297")


def test_the_last_command_and_its_answer() -> None:
    asked = begun(ev.CommandLine(1, 0, 30, '+QFDEL="UFS:ca.pem"', 1))
    assert lines(asked)[1].endswith('stored 0  AT+QFDEL="UFS:ca.pem" ...')
    asked.feed([ev.Result(2, "+CME ERROR: 418", '+QFDEL="UFS:ca.pem"', 1, 418, "delete_failed")])
    assert lines(asked, 100)[1].endswith('AT+QFDEL="UFS:ca.pem" +CME ERROR: 418')
    assert lines(asked, 70)[1].endswith("stored 0  AT+QFDEL +CME ERROR: 418")
    assert lines(asked, 50)[1].endswith("stored 0  AT+QFDEL")


def test_lost_bytes_are_said_first_in_words() -> None:
    status = status_of(lossy_story().events)
    for width in (19, 40, 79, 120):
        first = lines(status, width)[0]
        assert first.startswith(f"!! {status.lost_bytes} ")
        assert "LOST" in first


@pytest.mark.parametrize("state", ["off", "booting", "stopping", "dead", "asleep"])
def test_a_device_that_is_not_on(state: str) -> None:
    assert f"the device is {state}" in lines(begun(ev.Power(1, state, "")))[0]


def test_the_two_ends_of_the_line_differ() -> None:
    told = ev.LineMismatch(1, "9600 8N1", "115200 8N1", garbled=False)
    assert "!! host 9600 8N1, device 115200 8N1" in lines(begun(told))[0]


def test_flow_control_at_work() -> None:
    assert "the device says stop" in lines(begun(ev.Rts(1, False, 400)))[1]
    assert "the host is held" in lines(begun(ev.Rts(1, False, 400), ev.HostHeld(2, True)))[1]
    goes_on = begun(
        ev.Rts(1, False, 9), ev.HostHeld(2, True), ev.HostHeld(3, False), ev.Rts(3, True, 0)
    )
    assert "held" not in lines(goes_on)[1]


@pytest.mark.parametrize(
    ("port", "short"),
    [("/dev/pts/7", "pts/7"), ("./modem", "modem"), ("/home/me/a/modem", "modem"), ("", "")],
)
def test_the_port_in_little_room(port: str, short: str) -> None:
    first = status_lines(begun(), port, 79, 0)[0]
    assert first.split("  ")[0] == (port or "115200 RTS/CTS")
    first = status_lines(begun(), port, len("115200 RTS/CTS  ") + len(short), 0)[0]
    assert first.split("  ")[0] == (short or "115200 RTS/CTS")


def test_colour_says_nothing_that_the_words_do_not() -> None:
    status = status_of(lossy_story().events)
    coloured = lines(status, colour=True)
    assert "\x1b[1;31m" in coloured[0]
    assert [CODES.sub("", line) for line in coloured] == lines(status)


def test_ascii_alone_for_a_terminal_that_has_no_more() -> None:
    shown = lines(begun(ev.RingLevel(1, 256)), is_unicode=False)
    assert "[####....] 256/512" in shown[1]
    assert all(map(str.isascii, shown))


@pytest.mark.parametrize(
    ("level", "blocks", "plain"),
    [(0, "▕    ▏", "[....]"), (1, "▕▏   ▏", "[#...]"), (50, "▕██  ▏", "[##..]"),
     (99, "▕███▉▏", "[###.]"), (100, "▕████▏", "[####]"), (200, "▕████▏", "[####]")],
)  # fmt: skip
def test_bars(level: int, blocks: str, plain: str) -> None:
    """A single byte shows, and only a full ring looks full."""
    assert (block_bar(level, 100, 4), ascii_bar(level, 100, 4)) == (blocks, plain)
    assert block_bar(level, 0, 4) == "▕    ▏"


PARTS = st.lists(
    st.builds(
        lambda texts, rank: Part(tuple(sorted(texts, key=cells, reverse=True)), rank),
        st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1, max_size=4),
        st.integers(0, 9),
    )
)


def joined(parts: list[Part], width: int) -> str:
    return GAP.join(text for text, _ in fitted(parts, width))


@given(PARTS, st.integers(0, 80))
def test_parts_always_fit(parts: list[Part], width: int) -> None:
    assert cells(joined(parts, width)) <= width


@given(PARTS, st.integers(1, 80))
def test_the_most_important_part_is_always_there(parts: list[Part], width: int) -> None:
    if parts:
        first, told = min(parts, key=lambda part: part.rank), joined(parts, width)
        texts = (*first.texts, cut(first.texts[-1], width))
        assert any(text in told for text in texts)


STRANGE = st.text(min_size=1, max_size=60)


@given(STRANGE, STRANGE, STRANGE, st.integers(8, 130), st.booleans())
def test_nothing_from_outside_steers_the_terminal(
    name: str, command: str, why: str, width: int, is_unicode: bool
) -> None:
    status = begun(
        ev.CommandLine(1, 0, 1, command, 1),
        ev.Result(2, why, command, 1),
        ev.DataBegin(3, 30, command, name, 1188, ack=False, early=0, transfer=1),
        ev.FlashBusy(4, ms(1), why, []),
        ev.LineMismatch(5, name, why, garbled=True),
    )
    for line in status_lines(status, name, width, 6, is_unicode=is_unicode):
        assert line.isprintable()
        assert cells(line) <= width
