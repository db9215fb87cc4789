"""pyserial's spy://, as pyserial writes it."""

from pathlib import Path

import pytest
import serial

import quecsim
from quecsim.captures.opened import Tally
from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from tests.captures.wire import heard_device, heard_host, imported

DATA = bytes(range(256))


def spied(path: Path, more: str = "") -> tuple[bytes, bytes]:
    """What a host wrote and read through spy://, on a device in real time."""
    wrote, read = [], []
    with quecsim.open("ec200u") as device:
        port = serial.serial_for_url(f"spy://{device.port}?file={path}{more}", timeout=5)
        for line in (b"ATI\r", b"AT+CSQ\r", f'AT+QFUPL="a",{len(DATA)}\r'.encode(), DATA):
            port.write(line)
            wrote.append(line)
            end = b"CONNECT\r\n" if b"QFUPL" in line else b"OK\r\n"
            read.append(port.read_until(end))
        port.close()
        port.formatter.output.close()  # which spy:// never does
    return b"".join(wrote), b"".join(read)


@pytest.mark.pty
@pytest.mark.parametrize("more", ["", "&color"])
def test_what_pyserial_writes_comes_back(tmp_path: Path, more: str) -> None:
    path = tmp_path / "spy.log"
    wrote, read = spied(path, more)
    made, record = imported(path)
    assert made.format.name == "spy"
    assert heard_host(record) == wrote
    assert heard_device(record) == read
    assert made.tally == Tally()
    assert made.is_known
    assert made.source.lacks == ("byte-times", "modem-lines", "line")


LINES = """\
000000.000 DTR  inactive
000000.100 RTS  active
000000.200 Q-RX reset_input_buffer
000000.301 TX   0000  41 54 0D                                          AT.
000000.602 RX   0000  0D 0A 4F 4B 0D 0A                                 ..OK..
000000.702 RX   <empty>
"""


def test_control_lines_are_events(tmp_path: Path) -> None:
    path = tmp_path / "spy.log"
    path.write_text(LINES)
    _, record = imported(path)
    happened = [each for each in record if isinstance(each, ev.HostDtr | ev.HostRts)]
    assert happened == [ev.HostDtr(0, False), ev.HostRts(100_000_000, True)]
    assert heard_host(imported(path, swap=True)[1]) == b"\r\nOK\r\n"


def test_a_line_that_makes_no_sense_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "spy.log"
    path.write_text(LINES + "000000.802 TX   0000  4x\nTraceback\n000000.9")
    made, record = imported(path)
    assert (made.tally.bad_lines, made.tally.first_bad, made.tally.torn) == (2, "line 7", True)
    assert heard_host(record) == b"AT\r"


def test_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("AT\nOK\n")
    with pytest.raises(QuecsimError, match="no lines of spy"):
        imported(path, "spy")
