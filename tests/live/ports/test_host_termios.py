"""What hosts set on their side of the pty, seen from ours."""

import fcntl
import os
import struct
import termios
from collections.abc import Iterator

import pytest
import serial

from quecsim.live.ports.host_termios import HostLineSettings, read_settings

pytestmark = pytest.mark.pty


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    ours, theirs = os.openpty()
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("baud", [1200, 9600, 115_200, 921_600, 250_000, 1_842_000])
def test_standard_and_custom_rates(pty: tuple[int, str], baud: int) -> None:
    with serial.Serial(pty[1], baud):
        assert read_settings(pty[0]).baud == baud


@pytest.mark.parametrize(
    ("options", "frame"),
    [
        ({}, "8N1"),
        ({"parity": "E"}, "8E1"),
        ({"parity": "O"}, "8O1"),
        ({"parity": "M"}, "8M1"),
        ({"parity": "S"}, "8S1"),
        ({"stopbits": 2}, "8N2"),
        ({"bytesize": 7, "parity": "E"}, "7E1"),
    ],
)
def test_frames(pty: tuple[int, str], options: dict[str, object], frame: str) -> None:
    # A Linux pty keeps 8 data bits and no parity whatever is asked; what it shows is what counts.
    with serial.Serial(pty[1], 115_200, **options):
        shown = read_settings(pty[0]).frame
    assert shown in (frame, "8N1", f"8N{frame[2]}")


def test_flow_control(pty: tuple[int, str]) -> None:
    with serial.Serial(pty[1], 115_200, rtscts=True):
        assert read_settings(pty[0]) == HostLineSettings(115_200, "8N1", "rtscts")
    with serial.Serial(pty[1], 115_200, xonxoff=True):
        assert read_settings(pty[0]).flow == "xonxoff"
    with serial.Serial(pty[1], 115_200):
        assert read_settings(pty[0]).flow == "none"


def test_every_parity_bit_combination_has_a_letter() -> None:
    from quecsim.live.ports.host_termios import _frame

    mark = 0o10000000000
    assert _frame(termios.CS8) == "8N1"
    assert _frame(termios.CS8 | termios.PARENB) == "8E1"
    assert _frame(termios.CS8 | termios.PARENB | termios.PARODD) == "8O1"
    assert _frame(termios.CS8 | termios.PARENB | mark) == "8S1"
    assert _frame(termios.CS8 | termios.PARENB | termios.PARODD | mark) == "8M1"
    assert _frame(termios.CS7 | termios.CSTOPB) == "7N2"


def test_the_custom_rate_structure_has_the_kernels_size() -> None:
    from quecsim.live.ports.host_termios import _TERMIOS2

    # 4 flags, line, 19 control characters, 2 speeds: 44 bytes on Linux.
    assert _TERMIOS2.size == 44
    assert struct.calcsize("4IB19B2I") == 44
    assert callable(fcntl.ioctl)


def test_a_pty_tells_nothing_about_data_bits_and_parity() -> None:
    shown = HostLineSettings(9600, "8N2", "none")
    assert shown.on_a_pty("7E1") == HostLineSettings(9600, "7E2", "none")
