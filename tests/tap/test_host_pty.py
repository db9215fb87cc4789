"""A pseudo terminal as the host's side: who comes and goes, and what he sets."""

import os
import termios
from collections.abc import Iterator

import pytest

from quecsim.live.ports.deed import Purge
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.tap.host import Presence
from quecsim.tap.host_pty import HostPty
from tests.tap.bench import Host

LINE = HostLineSettings(57_600, "8N1", "none")


@pytest.fixture
def pty() -> Iterator[HostPty]:
    made = HostPty(LINE)
    yield made
    made.close()


def test_nobody_is_there_at_first(pty: HostPty) -> None:
    assert pty.take(100) == []
    assert not pty.is_open


def test_it_is_raw_and_at_the_ports_rate_before_anybody_opens_it(pty: HostPty) -> None:
    host = Host(pty.path)
    iflag, oflag, _, lflag, *_ = termios.tcgetattr(host.descriptor)
    assert not lflag & (termios.ECHO | termios.ICANON)
    assert not iflag & termios.ICRNL
    assert not oflag & termios.OPOST
    assert pty.settings == LINE
    host.close()


def test_a_host_comes_says_something_and_goes(pty: HostPty) -> None:
    host = Host(pty.path)
    assert pty.take(100) == [Presence(is_open=True)]
    host.say(b"AT\r")
    assert pty.take(100) == [b"AT\r"]
    assert pty.take(100) == []
    host.close()
    assert pty.take(100) == [Presence(is_open=False)]
    assert pty.take(100) == []


def test_one_who_is_gone_before_we_look_has_been_there(pty: HostPty) -> None:
    host = Host(pty.path)
    host.say(b"AT\r")
    host.close()
    assert pty.take(100) == [Presence(is_open=True), b"AT\r"]
    assert pty.take(100) == [Presence(is_open=False)]


def test_without_hupcl_the_lines_stay(pty: HostPty) -> None:
    host = Host(pty.path)
    attributes = termios.tcgetattr(host.descriptor)
    attributes[2] &= ~termios.HUPCL
    termios.tcsetattr(host.descriptor, termios.TCSANOW, attributes)
    pty.take(100)
    host.close()
    assert pty.take(100) == [Presence(is_open=False, hangs_up=False)]


def test_settings_come_before_the_bytes_that_are_read_with_them(pty: HostPty) -> None:
    host = Host(pty.path)
    host.set(baud=termios.B9600, cflag=termios.CRTSCTS | termios.CSTOPB)
    host.say(b"AT\r")
    settings = HostLineSettings(9600, "8N2", "rtscts")
    assert pty.take(100) == [Presence(is_open=True), settings, b"AT\r"]
    host.set(baud=termios.B0, cflag=termios.CRTSCTS | termios.CSTOPB)
    assert pty.take(100) == []
    host.close()


def test_what_the_host_throws_away(pty: HostPty) -> None:
    host = Host(pty.path)
    pty.take(100)
    termios.tcflush(host.descriptor, termios.TCIFLUSH)
    assert pty.take(100) == [Purge(received=True)]
    termios.tcflush(host.descriptor, termios.TCOFLUSH)
    host.say(b"x")
    assert pty.take(100) == [Purge(unsent=True), b"x"]
    host.close()


def test_no_more_is_taken_than_was_asked_for(pty: HostPty) -> None:
    host = Host(pty.path)
    host.say(bytes(range(100)))
    assert pty.take(40)[1:] == [bytes(range(40))]
    assert pty.take(0) == []
    assert pty.take(100) == [bytes(range(40, 100))]
    host.close()


def test_the_next_host_does_not_get_what_the_last_one_left(pty: HostPty) -> None:
    host = Host(pty.path)
    pty.take(100)
    assert pty.write(b"left") == 4
    host.close()
    assert pty.take(100) == [Presence(is_open=False)]
    other = Host(pty.path)
    assert pty.take(100)[0] == Presence(is_open=True)
    assert other.heard() == b""
    pty.write(b"new")
    assert other.heard() == b"new"
    other.close()


def test_all_bytes_are_the_same(pty: HostPty) -> None:
    host = Host(pty.path)
    every = bytes(range(256))
    host.say(every)
    assert pty.take(1000)[1] == every
    pty.write(every)
    assert host.heard() == every
    host.close()


def test_the_port_is_hung_up_at_the_end() -> None:
    pty = HostPty(LINE)
    host = Host(pty.path)
    pty.close()
    assert os.read(host.descriptor, 1) == b""
    host.close()
