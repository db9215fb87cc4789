"""The time server: datagrams by hand."""

import struct

import pytest

from quecsim.peers.ntp_server import SINCE_1970_S, NtpServer
from quecsim.peers.ntp_settings import NtpSettings
from quecsim.units import MS, S

CLOCK_S = 1_780_315_200
ROOM = {1: 1000}
ASKED = bytes([0x23]) + bytes(39) + b"ORIGINAL"


def answered(settings: NtpSettings, now_ns: int = 0) -> tuple[int, ...]:
    """Leap, version, mode, stratum, and the seconds and fraction of the transmit time."""
    server = NtpServer(settings, CLOCK_S)
    server.connect(now_ns, 1)
    server.receive(now_ns, 1, ASKED)
    ((_, data),) = server.take_output(ROOM)
    assert isinstance(data, bytes)
    assert len(data) == 48
    assert data[24:32] == b"ORIGINAL"
    first, stratum = data[0], data[1]
    return first >> 6, first >> 3 & 7, first & 7, stratum, *struct.unpack(">II", data[40:48])


def test_the_time() -> None:
    since_1900 = CLOCK_S + SINCE_1970_S
    assert answered(NtpSettings()) == (0, 4, 4, 1, since_1900, 0)
    assert answered(NtpSettings(), 90 * S + 500 * MS) == (0, 4, 4, 1, since_1900 + 90, 1 << 31)
    assert answered(NtpSettings(offset_ms=-1500)) == (0, 4, 4, 1, since_1900 - 2, 1 << 31)
    assert answered(NtpSettings(stratum=16))[:4] == (3, 4, 4, 16)


def test_a_kiss() -> None:
    server = NtpServer(NtpSettings(kiss="RATE", kiss_first=1), CLOCK_S)
    for stratum, reference in ((0, b"RATE"), (1, b"GPS\0")):
        server.receive(0, 1, ASKED)
        ((_, data),) = server.take_output(ROOM)
        assert isinstance(data, bytes)
        assert (data[1], data[12:16]) == (stratum, reference)


def test_it_is_late_or_silent() -> None:
    server = NtpServer(NtpSettings(delay_ms=20, silent_first=1), CLOCK_S)
    server.receive(0, 1, ASKED)
    assert server.deadline_ns() is None
    server.receive(0, 1, ASKED)
    assert server.take_output(ROOM) == []
    assert server.deadline_ns() == 20 * MS
    server.advance(20 * MS)
    assert len(server.take_output(ROOM)) == 1
    silent = NtpServer(NtpSettings(silent=True))
    silent.receive(0, 1, ASKED)
    assert silent.take_output(ROOM) == []


def test_garbage() -> None:
    server = NtpServer(NtpSettings(garbage_bytes=7))
    server.receive(0, 1, ASKED)
    ((_, data),) = server.take_output(ROOM)
    assert isinstance(data, bytes)
    assert len(data) == 7


@pytest.mark.parametrize("asked", [b"", ASKED[:47], b"\x24" + ASKED[1:], b"\x03" + ASKED[1:]])
def test_what_is_no_question_gets_no_answer(asked: bytes) -> None:
    server = NtpServer()
    server.receive(0, 1, asked)
    assert server.take_output(ROOM) == []
    assert server.deadline_ns() is None


def test_nobody_fills_it() -> None:
    server = NtpServer(NtpSettings(delay_ms=1000))
    for number in range(1000):
        server.receive(0, number, ASKED)
    server.advance(S)
    output = server.take_output(dict.fromkeys(range(1000), 100))
    assert [number for number, _ in output] == list(range(64))
    server.receive(S, 5, ASKED)
    server.gone(S, 5)
    assert server.deadline_ns() is None
