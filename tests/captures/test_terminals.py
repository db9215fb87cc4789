"""Logs of picocom, tio and minicom, as these programs write them on a simulated device's port."""

import os
import select
from pathlib import Path

import ptyprocess
import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.units import S
from tests.captures.wire import heard_device, heard_host, imported
from tests.e2e.simulator import READ_TIMEOUT_S
from tests.examples.hosts import need

HOST = b'ATI\rAT+QFUPL="a.txt",10,5\r'
DEVICE = (
    b"ATI\r\r\nQuectel\r\nEC200U\r\nRevision: EC200UCNAAR03A15M08\r\n\r\nOK\r\n"
    b'AT+QFUPL="a.txt",10,5\r\r\nCONNECT\r\n\r\n+QFUPL: 10,3839\r\n\r\nOK\r\n'
)


class Typist:
    """A person at a terminal program: looks for words behind those that were found before."""

    def __init__(self, command: list[str]) -> None:
        self.terminal = ptyprocess.PtyProcess.spawn(command, env={**os.environ, "TERM": "xterm"})
        self._seen = b""

    def until(self, words: bytes) -> None:
        while words not in self._seen:
            if not select.select([self.terminal.fd], [], [], READ_TIMEOUT_S)[0]:
                pytest.fail(f"waited for {words!r}, saw {self._seen[-300:]!r}")
            self._seen += self.terminal.read(1024)
        self._seen = self._seen.partition(words)[2]

    def type(self, keys: bytes) -> None:
        self.terminal.write(keys)

    def until_end(self) -> None:
        try:
            while True:
                self.terminal.read(1024)
        except EOFError:
            self.terminal.wait()


def typed(
    command: list[str], ready: bytes, leave: bytes, asked: bytes = b"", first: bytes = b""
) -> None:
    """What a person does in that terminal program: `first` are keys for it, `leave` leave it;
    `asked` is what it asks then.
    """
    with quecsim.open("ec200u") as device:
        words = [word.replace("{port}", device.port) for word in command[1:]]
        person = Typist([need(command[0]), *words])
        try:
            person.until(ready)
            person.type(first)
            person.type(b"ATI\r")
            person.until(b"Revision")
            person.until(b"OK")
            person.type(b'AT+QFUPL="a.txt",10,5\r')
            person.until(b"CONNECT")
            person.type(b"0123456789")
            person.until(b"3839")
            person.until(b"OK")
            for key in leave:
                person.type(bytes((key,)))
            if asked:
                person.until(asked)
                person.type(b"\r")
            person.until_end()
        finally:
            person.terminal.close(force=True)


@pytest.mark.pty
def test_picocom(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    command = ["picocom", "-b", "115200", "--logfile", str(path), "{port}"]
    typed(command, b"Terminal ready", b"\x01\x18")
    made, record = imported(path)
    assert made.format.name == "picocom"
    assert (heard_host(record), heard_device(record)) == (HOST, DEVICE)
    assert made.source.lacks == ("times", "byte-times", "host-bytes", "modem-lines", "line")
    assert made.is_known


@pytest.mark.pty
@pytest.mark.parametrize("stamp", ["24hour", "24hour-start", "iso8601"])
def test_tio(tmp_path: Path, stamp: str) -> None:
    path = tmp_path / "session.log"
    options = ["--timestamp", "--timestamp-format", stamp, "--log", "--log-file", str(path)]
    typed(["tio", *options, "{port}"], b"Connected", b"\x14q")
    made, record = imported(path)
    assert made.format.name == "tio"
    assert (heard_host(record), heard_device(record)) == (HOST, DEVICE)
    assert made.source.lacks == ("byte-times", "host-bytes", "modem-lines", "line")
    assert 0 < made.found.last_ns < 600 * S
    assert (made.source.date != "") is (stamp == "iso8601")


@pytest.mark.pty
@pytest.mark.parametrize("strip", [[], ["--log-strip"]])
def test_tio_with_its_own_echo(tmp_path: Path, strip: list[str]) -> None:
    path = tmp_path / "session.log"
    options = ["--timestamp", "--local-echo", *strip, "--log", "--log-file", str(path)]
    typed(["tio", *options, "{port}"], b"Connected", b"\x14q")
    made, record = imported(path)
    assert made.format.name == "tio"
    assert heard_host(record).rstrip() == HOST + b"0123456789"
    assert heard_device(record).endswith(b"+QFUPL: 10,3839\r\n\r\nOK\r\n")
    assert "host-bytes" not in made.source.lacks
    assert ("exact-bytes" in made.source.lacks) is bool(strip)


@pytest.mark.pty
@pytest.mark.parametrize("times", [0, 1, 2])
def test_minicom(tmp_path: Path, times: int) -> None:
    """C-a N: no times, seconds, or milliseconds."""
    path = tmp_path / "session.log"
    command = ["minicom", "-D", "{port}", "-b", "115200", "-o", "-C", str(path)]
    typed(command, b"for help on special keys", b"\x01x", b"Leave", first=b"\x01n" * times)
    made, record = imported(path, "minicom")
    assert heard_host(record) == HOST
    assert {b"Quectel\r", b"OK\r", b"+QFUPL: 10,3839\r"} <= set(heard_device(record).split(b"\n"))
    assert {"host-bytes", "exact-bytes", "byte-times"} <= set(made.source.lacks)
    assert ("times" in made.source.lacks) is (times == 0)
    assert imported(path)[0].format.name == ("minicom" if times else "text")


STAMPED = """\
ATI
Quectel
[2023-11-14 22:13:20] EC200U
[2023-11-14 22:13:20] OK
[2023-11-14 22:13:25.500] AT+CSQ
[2023-11-14 22:13:26] +CSQ: 24,99
[2023-11-14 22:13:26] OK
"""


def test_times_have_a_date_and_count_from_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(STAMPED)
    made, record = imported(path)
    assert made.format.name == "minicom"
    assert made.source.date == "2023-11-14T22:13:20"
    assert record[1].at_ns == 0
    assert record[-1].at_ns == 6 * S
    assert made.tally.backward == 0


def test_times_over_midnight(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(
        b"[23:59:59.900] AT\r\r\n[23:59:59.950] OK\r\n[00:00:00.100] AT\r\r\n[00:00:00.200] OK\r\n"
    )
    made, record = imported(path)
    assert made.format.name == "tio"
    assert record[-1].at_ns == 300_000_000
    assert made.tally.backward == 0


def test_times_that_go_back_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"[12:00:02.000] AT\r\r\n[12:00:01.000] OK\r\n")
    made, record = imported(path)
    assert made.tally.backward == 1
    assert [each.at_ns for each in record] == sorted(each.at_ns for each in record)


def test_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"hello\r\nworld\r\n")
    for form in ("picocom", "tio", "minicom"):
        with pytest.raises(QuecsimError, match="neither an AT command nor an answer"):
            imported(path, form)
