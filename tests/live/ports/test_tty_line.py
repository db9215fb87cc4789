"""A serial port of this machine: a pty stands for it, which has no modem lines and no rate."""

import fcntl
import os
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.ports import tty_line
from quecsim.live.ports.host_termios import read_settings
from quecsim.live.ports.termios2 import read_termios, write_termios
from quecsim.live.ports.tty_line import TtyLine

pytestmark = pytest.mark.pty


class Pair:
    """Both ends of a pty; `path` is that of the port."""

    def __init__(self) -> None:
        self.wire, self.tty = os.openpty()
        self.path = os.ttyname(self.tty)

    def close(self) -> None:
        os.close(self.tty)
        os.close(self.wire)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


def test_it_is_set_and_left_as_it_was_found(pair: Pair) -> None:
    before = termios.tcgetattr(pair.tty)
    line = TtyLine(pair.path)
    assert line.set(57_600, "8N2") == ""
    now = read_settings(pair.tty)
    assert (now.baud, now.frame[2], now.flow) == (57_600, "2", "none")
    assert not termios.tcgetattr(pair.tty)[3] & (termios.ICANON | termios.ECHO)
    line.close()
    assert termios.tcgetattr(pair.tty) == before


@pytest.mark.parametrize("baud", [115_200, 28_800, 921_600, 123_456])
def test_rates_that_have_no_name_too(pair: Pair, baud: int) -> None:
    line = TtyLine(pair.path)
    assert line.set(baud, "8N1") == ""
    assert read_settings(pair.tty).baud == baud
    line.close()


def test_a_rate_without_a_name_is_left_too(pair: Pair) -> None:
    write_termios(pair.tty, read_termios(pair.tty).at(123_456))
    line = TtyLine(pair.path)
    line.set(9600, "8N1")
    line.close()
    assert read_settings(pair.tty).baud == 123_456


def test_who_has_it_is_named(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl.ioctl(pair.tty, termios.TIOCEXCL)  # which does not keep root out
    monkeypatch.setattr(tty_line, "rivals", lambda _path: ["ModemManager (process 812)"])
    with pytest.raises(QuecsimError, match="busy") as told:
        TtyLine(pair.path)
    assert "ModemManager (process 812) has it open" in (told.value.hint or "")


def test_one_program_at_a_time(pair: Pair) -> None:
    fcntl.flock(pair.tty, fcntl.LOCK_EX)  # as pyserial's exclusive=True, picocom and tio do
    with pytest.raises(QuecsimError, match=r"cannot open .*: Device or resource busy") as told:
        TtyLine(pair.path)
    assert "another program" in (told.value.hint or "")
    fcntl.flock(pair.tty, fcntl.LOCK_UN)
    line = TtyLine(pair.path)
    with pytest.raises(QuecsimError, match="busy"):
        TtyLine(pair.path)
    line.close()
    TtyLine(pair.path).close()


@pytest.mark.parametrize(
    ("name", "why"),
    [("none", "No such file"), ("plain", "no serial port"), ("folder", "directory")],
)
def test_what_is_no_port(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "plain").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(QuecsimError, match=why):
        TtyLine(str(tmp_path / name))


def test_damage_is_marked(pair: Pair) -> None:
    line = TtyLine(pair.path)
    line.set(115_200, "8N1")
    assert line.marks_errors
    os.write(pair.wire, b"a\xffb")
    assert os.read(line.descriptor, 100) == b"a\xff\xffb"
    line.close()
