"""All settings of a terminal at once."""

import os
import termios
from collections.abc import Iterator

import pytest

from quecsim.live.ports.host_termios import HostLineSettings, read_settings
from quecsim.live.ports.termios2 import read_termios, restore_termios, write_termios


@pytest.fixture
def terminal() -> Iterator[int]:
    master, terminal = os.openpty()
    yield terminal
    os.close(terminal)
    os.close(master)


@pytest.mark.parametrize("baud", [9600, 115_200, 123_456, 3_000_000])
@pytest.mark.parametrize("flow", ["none", "rtscts", "xonxoff"])
def test_any_rate_and_flow_control(terminal: int, baud: int, flow: str) -> None:
    write_termios(terminal, read_termios(terminal).raw(HostLineSettings(baud, "8N2", flow)))
    assert read_settings(terminal) == HostLineSettings(baud, "8N2", flow)


def test_no_rate_leaves_the_one_it_has(terminal: int) -> None:
    write_termios(terminal, read_termios(terminal).raw(HostLineSettings(123_456, "8N1", "none")))
    write_termios(terminal, read_termios(terminal).raw(HostLineSettings(0, "8N1", "rtscts")))
    assert read_settings(terminal) == HostLineSettings(123_456, "8N1", "rtscts")


@pytest.mark.parametrize("frame", ["7E1", "8O1", "8M1", "5S2"])
def test_frames_that_a_pty_does_not_keep(terminal: int, frame: str) -> None:
    made = read_termios(terminal).raw(HostLineSettings(9600, frame, "none"))
    bits = {"5": termios.CS5, "7": termios.CS7, "8": termios.CS8}[frame[0]]
    assert made.cflag & termios.CSIZE == bits
    assert bool(made.cflag & termios.PARODD) == (frame[1] in "OM")
    assert made.cflag & termios.PARENB


def test_it_is_restored(terminal: int) -> None:
    before = read_termios(terminal)
    write_termios(terminal, before.raw(HostLineSettings(57_600, "8N1", "rtscts")))
    assert read_termios(terminal) != before
    restore_termios(terminal, before)
    assert read_termios(terminal) == before
