"""A serial port as the module's side: alone, and given back as it was found."""

import errno
import fcntl
import os
import select
import struct
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.ports.deed import ModemLines
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.termios2 import read_termios
from quecsim.tap import tty_port
from quecsim.tap.module_port import PortGoneError
from quecsim.tap.tty_port import TtyPort
from tests.tap.bench import Module

_PATIENCE_S = 10  # the kernel hands bytes over when it has time


@pytest.fixture
def module() -> Iterator[Module]:
    made = Module()
    yield made
    made.vanish()


def test_it_is_given_back_as_it_was_found(module: Module) -> None:
    before = read_termios(module.terminal)
    port = TtyPort(module.path)
    assert port.set_line(HostLineSettings(57_600, "8N1", "rtscts")) == ""
    assert read_termios(module.terminal) != before
    port.close()
    assert read_termios(module.terminal) == before
    TtyPort(module.path).close()


def test_bytes_go_both_ways(module: Module) -> None:
    port = TtyPort(module.path)
    port.set_line(HostLineSettings(115_200, "8N1", "none"))
    every = bytes(range(256))
    assert port.write(every) == 256
    assert module.heard() == every
    module.say(every)
    assert port.read() == every
    assert port.read() == b""
    port.close()


def test_a_second_one_is_refused(module: Module) -> None:
    port = TtyPort(module.path)
    with pytest.raises(QuecsimError, match="in use"):
        TtyPort(module.path)
    port.close()


def test_a_port_that_somebody_has_for_himself_is_refused(module: Module) -> None:
    fcntl.ioctl(module.terminal, termios.TIOCEXCL)
    with pytest.raises(QuecsimError, match="in use"):
        TtyPort(module.path)


def test_modem_manager_has_its_own_advice() -> None:
    error = tty_port._in_use("/dev/ttyUSB2", ["ModemManager (process 812)"])
    assert "ModemManager (process 812)" in str(error)
    assert "systemctl stop ModemManager" in str(error)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b"x"), "no serial port"),
        (lambda _path: None, "no such port"),
        (lambda path: os.mkfifo(path), "no serial port"),
        (lambda path: path.symlink_to("/dev/null"), "no serial port"),
    ],
)
def test_what_is_no_port(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    path = tmp_path / "port"
    make(path)
    with pytest.raises(QuecsimError, match=message):
        TtyPort(str(path))


def test_a_name_that_cannot_be_one() -> None:
    with pytest.raises(QuecsimError, match="cannot be a port"):
        TtyPort("\0")


def test_a_vanished_port_says_so_once_it_is_read(module: Module) -> None:
    port = TtyPort(module.path)
    module.vanish()
    with pytest.raises(PortGoneError, match="unplugged"):
        port.read()
    with pytest.raises(PortGoneError, match="unplugged"):
        port.write(b"x")
    with pytest.raises(PortGoneError, match="unplugged"):
        port.set_line(HostLineSettings(9600, "8N1", "none"))
    port.close()


class Wires:
    """Modem lines and counters that a pseudo terminal has not: in place of `fcntl.ioctl`."""

    def __init__(self) -> None:
        self.lines = termios.TIOCM_DTR | termios.TIOCM_RTS
        self.counters = [0] * 20
        self.calls: list[int] = []
        self._real = fcntl.ioctl

    def ioctl(self, descriptor: int, request: int, argument: bytes | int = 0) -> bytes | int:
        self.calls.append(request)
        if request == termios.TIOCMGET:
            return struct.pack("i", self.lines)
        if request == 0x545D:
            return struct.pack("20i", *self.counters)
        if request in (0x5427, 0x5428):
            return 0
        if request in (termios.TIOCMBIS, termios.TIOCMBIC, termios.TIOCMSET):
            assert isinstance(argument, bytes)
            (bits,) = struct.unpack("i", argument)
            self.lines = {
                termios.TIOCMBIS: self.lines | bits,
                termios.TIOCMBIC: self.lines & ~bits,
                termios.TIOCMSET: bits,
            }[request]
            return 0
        return self._real(descriptor, request, argument)


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> Wires:
    made = Wires()
    monkeypatch.setattr(fcntl, "ioctl", made.ioctl)
    return made


def test_modem_lines_are_switched_and_restored(module: Module, wires: Wires) -> None:
    before = wires.lines
    port = TtyPort(module.path)
    assert port.has_modem_lines
    port.switch("dtr", is_on=False)
    assert wires.lines == termios.TIOCM_RTS
    port.switch("rts", is_on=False)
    port.switch("dtr", is_on=True)
    assert wires.lines == termios.TIOCM_DTR
    port.close()
    assert wires.lines == before


def test_the_modules_lines(module: Module, wires: Wires) -> None:
    port = TtyPort(module.path)
    wires.lines = termios.TIOCM_CTS | termios.TIOCM_CAR
    assert port.lines() == ModemLines(cts=True, dsr=False, dcd=True, ri=False, idle=True)
    port.close()


def test_a_break(module: Module, wires: Wires) -> None:
    port = TtyPort(module.path)
    port.switch("break", is_on=True)
    port.switch("break", is_on=False)
    assert wires.calls[-2:] == [0x5427, 0x5428]
    port.close()


def test_what_the_driver_counts_from_now_on(module: Module, wires: Wires) -> None:
    wires.counters[7] = 5
    port = TtyPort(module.path)
    assert set(port.line_errors().values()) == {0}
    wires.counters[7] = 8
    assert port.line_errors()["overrun"] == 3
    port.close()


def test_a_pty_has_neither(module: Module) -> None:
    port = TtyPort(module.path)
    assert not port.has_modem_lines
    port.switch("dtr", is_on=True)
    assert port.line_errors() == {}
    port.close()


def test_a_rate_that_the_driver_does_not_take_is_told(
    module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = TtyPort(module.path)

    def refuse(_descriptor: int, _wanted: object) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    with monkeypatch.context() as patch:
        patch.setattr(tty_port, "write_termios", refuse)
        assert port.set_line(HostLineSettings(7, "8N1", "none")) == "7 baud"
    with monkeypatch.context() as patch:
        patch.setattr(
            tty_port, "read_settings", lambda _descriptor: HostLineSettings(9600, "8N1", "none")
        )
        assert port.set_line(HostLineSettings(7, "8N1", "none")) == "7 baud (it has 9600)"
    port.close()


def test_what_a_user_has_to_know(module: Module, monkeypatch: pytest.MonkeyPatch) -> None:
    assert TtyPort(module.path).traits == []
    monkeypatch.setattr(tty_port, "latency", lambda _path: (16, Path("/sys/timer")))
    monkeypatch.setattr(tty_port, "is_usb_of_module", lambda _path: True)
    other = Module()
    late, usb = TtyPort(other.path).traits
    assert "up to 16 ms: write 1 into /sys/timer" in late
    assert "own USB" in usb
    other.vanish()


def test_closing_throws_nothing_away_that_nobody_counts(module: Module) -> None:
    port = TtyPort(module.path)
    port.set_line(HostLineSettings(115_200, "8N1", "none"))
    data, taken = bytes(range(256)) * 64, 0
    while (count := port.write(data[taken : taken + 1000])) > 0:
        taken += count
    assert port.unsent_bytes() == 0
    port.close()
    heard = b""
    while len(heard) < taken and select.select([module.master], [], [], _PATIENCE_S)[0]:
        heard += module.heard()
    assert (len(heard), heard) == (taken, data[:taken])
