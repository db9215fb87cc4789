"""strace of a host, as strace writes it, and what its lines can look like besides."""

import subprocess
import sys
from pathlib import Path

import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from tests.captures.wire import heard_device, heard_host, imported
from tests.examples.hosts import need

HOST = """
import os, sys, tty
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(descriptor)
os.write(1, b"AT is for others\\r\\n")
for line in (b"ATI\\r", b"AT+QFUPL=\\"a\\",40\\r", bytes(range(40))):
    os.write(descriptor, line)
    read = b""
    while not read.endswith((b"OK\\r\\n", b"CONNECT\\r\\n")):
        read += os.read(descriptor, 200)
"""
WROTE = b'ATI\rAT+QFUPL="a",40\r' + bytes(range(40))


def traced(path: Path, *options: str) -> None:
    with quecsim.open("ec200u") as device:
        subprocess.run(
            [need("strace"), "-f", "-o", path, *options, sys.executable, "-c", HOST, device.port],
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
        )


@pytest.mark.pty
@pytest.mark.parametrize(
    "options",
    [
        ("-tt", "-xx", "-s", "65536", "-e", "trace=openat,read,write,ioctl"),
        ("-ttt", "-yy", "-s", "65536", "-e", "trace=read,write,ioctl"),
        ("-tt", "-s", "65536", "-e", "trace=all"),
    ],
)
def test_what_strace_writes_comes_back(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "a.log"
    traced(path, *options)
    made, record = imported(path)
    assert made.format.name == "strace"
    assert heard_host(record) == WROTE
    assert heard_device(record).endswith(b"\r\nOK\r\n")
    assert b"\r\nQuectel\r\nEC200U\r\n" in heard_device(record)
    assert made.tally.bad_lines == 0
    assert any(isinstance(each, ev.HostLine) and each.baud == 115200 for each in record)
    assert (made.source.baud, made.source.lacks) == (115200, ("byte-times", "modem-lines"))


@pytest.mark.pty
def test_strings_that_strace_has_cut_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    traced(path, "-tt", "-e", "trace=read,write")
    made, _ = imported(path)
    assert "exact-bytes" in made.source.lacks
    assert any("-s 65536" in note for note in made.notes)


LINES = r"""[pid   12] openat(AT_FDCWD, "/dev/ttyUSB2", O_RDWR|O_NOCTTY) = 3
[pid   12] ioctl(3, TCSETS, {c_cflag=B921600|CS8|CREAD|CSTOPB|CRTSCTS, c_lflag=0}) = 0
[pid   12] ioctl(3, TIOCMBIS, [TIOCM_DTR|TIOCM_RTS]) = 0
[pid   12] write(3, "AT\r\n", 4) = 3
[pid   12] read(3,  <unfinished ...>
[pid   13] read(3, "other\n", 9) = 6
[pid   12] <... read resumed>"\r\nOK\r\n", 99) = 6
[pid   12] read(3, 0x7ffd, 99) = -1 EAGAIN (Resource temporarily unavailable)
[pid   12] close(3) = 0
[pid   12] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
[pid   12] read(3, "root\n", 99) = 5
"""


def test_calls_in_two_and_numbers_that_are_used_again(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(LINES)
    made, record = imported(path)
    assert heard_host(record) == b"AT\r"
    assert heard_device(record) == b"other\n\r\nOK\r\n"
    assert ev.HostLine(0, 921600, "8N2", "rtscts") in record
    assert ev.HostDtr(0, True) in record
    assert ev.HostRts(0, True) in record
    assert {"times", "byte-times"} <= set(made.source.lacks)


def test_a_program_without_a_port_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text('write(1, "hello\\n", 6) = 6\n')
    with pytest.raises(QuecsimError, match="no AT commands"):
        imported(path)
    path.write_text("AT\nOK\n")
    with pytest.raises(QuecsimError, match="no calls"):
        imported(path, "strace")
