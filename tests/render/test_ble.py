"""Bluetooth LE in the report for a terminal."""

from quecsim.render.ble import connection_text, transfer_text
from quecsim.render.text import render_text
from quecsim.report.air import BleConnection, BleTransfer
from quecsim.trace.event import BleHeard
from quecsim.units import s
from tests.report.ble_story import JOINED, MTU, left, lost, notified, told, transparent


def test_trouble_comes_first_and_then_everything_there_was() -> None:
    report = told(JOINED, MTU, notified(s(3), 0, 244), lost(s(4), 244, 20), left(s(9), "peer"))
    assert render_text(report, colour=False).split("\n\n")[:3:2] == [
        "lost     Bluetooth LE: 20 of 264 bytes for fff2 never reached the other side:\n"
        "         bytes 244..263 at 4.000 s, the other side had not switched\n"
        "         notifications on",
        "Bluetooth LE:\n"
        "  1.000 s: 58d391010203 connected (30.0 ms interval, MTU 247, at most 32533\n"
        "    bytes/s), until 9.000 s: the other side ended it\n"
        "  fff2, to the other side: 264 bytes in 2 pieces, 244 there, 20 lost",
    ]


def test_what_transparent_mode_lost_is_told_once() -> None:
    text = render_text(told(JOINED, transparent(100, 2000)), colour=False)
    assert "lost     Bluetooth LE: 153 of 2000 bytes" in text
    assert "outside of uploads" not in text


def test_a_silent_other_side_and_one_that_never_came() -> None:
    text = render_text(told(JOINED, left(s(9), "timeout")), colour=True)
    assert text.startswith("\x1b[33mdropped\x1b[0m  Bluetooth LE: the connection with 58d391010203")


def test_a_connection_as_it_is() -> None:
    made = BleConnection(
        number=1, address="aa", is_central=True, joined_ns=s(2), interval=6, first_interval=24,
        latency=4,
    )  # fmt: skip
    assert connection_text(made) == (
        "2.000 s: connected to aa (7.5 ms interval, 30.0 ms at first, latency 4, MTU 23), and still"
        " is"
    )


def test_what_is_on_its_way() -> None:
    made = BleTransfer(connection=1, uuid="fff2", way="down", given=30, pieces=1, arrived=10)
    assert transfer_text(made) == (
        "fff2, to the device: 30 bytes in 1 piece, 10 there, 20 on their way"
    )


def test_nothing_in_it_is_obeyed_by_a_terminal() -> None:
    evil = BleHeard(s(1), "joined", words="address=\x1b[2J interval=24")
    assert "\x1b" not in render_text(told(evil), colour=False)


def test_several_places_are_listed_and_one_is_not() -> None:
    text = render_text(told(JOINED, lost(s(4), 0, 20), lost(s(5), 20, 9, "it fell")), colour=False)
    assert "    bytes 20..28 at 5.000 s\n      it fell" in text
    assert "\n    bytes 0..19" not in render_text(told(JOINED, lost(s(4), 0, 20)), colour=False)
