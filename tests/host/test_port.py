"""Opening ports: a real pseudo terminal, and each way in which it cannot be done."""

import errno
import os
import socket
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from quecsim.errors import QuecsimError
from quecsim.host.at_client import AtClient, PortError
from quecsim.host.port import POLL_S, Port, line_seconds, open_port

C_CFLAG = 2


def opened(path: str, **changes: Any) -> Port:
    return open_port(path, **{"baud": 115200, "rtscts": False, "timeout_s": 1.0, **changes})


@pytest.fixture
def pty() -> Iterator[tuple[int, str]]:
    """(controlling side, path) of a raw pseudo terminal."""
    controller, terminal = os.openpty()
    tty.setraw(terminal)
    yield controller, os.ttyname(terminal)
    os.close(controller)
    os.close(terminal)


@pytest.mark.pty
@pytest.mark.parametrize("rtscts", [False, True])
def test_a_pty_is_opened_with_the_flow_control_asked_for(
    pty: tuple[int, str], rtscts: bool
) -> None:
    controller, path = pty
    port = opened(path, rtscts=rtscts)
    try:
        assert bool(termios.tcgetattr(controller)[C_CFLAG] & termios.CRTSCTS) == rtscts
        assert (port.baudrate, port.timeout) == (115200, POLL_S)
        os.write(controller, b"\r\nOK\r\n")
        assert port.read(6) == b"\r\nOK\r\n"
    finally:
        port.close()


@pytest.mark.pty
def test_a_second_program_is_refused(pty: tuple[int, str]) -> None:
    first = opened(pty[1])
    try:
        with pytest.raises(QuecsimError, match="in use by another program"):
            opened(pty[1])
    finally:
        first.close()
    opened(pty[1]).close()


@pytest.mark.pty
def test_a_port_that_nobody_reads_does_not_hang_a_write(pty: tuple[int, str]) -> None:
    port = opened(pty[1], baud=3_000_000, timeout_s=0.1)
    try:
        with pytest.raises(PortError, match="takes no more bytes"):
            AtClient(port).write(bytes(1 << 20))
        port.reset_output_buffer()
    finally:
        port.close()


def test_no_such_port_names_the_ports_there_are(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="no such port") as caught:
        opened(str(tmp_path / "ttyX"))
    assert "quecsim run ec200u" in caught.value.hint


def test_a_file_is_no_port(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("no port")
    with pytest.raises(QuecsimError, match="as a serial port") as caught:
        opened(str(path))
    assert "rfc2217" in caught.value.hint


def test_an_unknown_url(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="as a serial port"):
        opened("nonsense://x")


def test_a_url_where_nobody_listens() -> None:
    with socket.socket() as free:  # bound, not listening: connections are refused
        free.bind(("127.0.0.1", 0))
        with pytest.raises(QuecsimError, match="as a serial port"):
            opened(f"socket://127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (serial.SerialException(errno.EACCES, "could not open port"), "no permission"),
        (serial.SerialException(errno.EBUSY, "could not open port"), "in use"),
        (serial.SerialException(errno.ENOENT, "could not open port"), "no such port"),
        (ValueError("Failed to set custom baud rate (7): x"), "cannot do 115200 baud"),
    ],
)
def test_the_systems_errors_become_advice(
    monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(serial, "serial_for_url", fail)
    with pytest.raises(QuecsimError, match=says) as caught:
        opened("/dev/null")
    assert caught.value.hint


def test_line_seconds_is_never_too_short() -> None:
    assert line_seconds(9600, 115200) >= 9600 * 10 / 115200
    assert line_seconds(0, 0) == 0
