"""What the host said, where only its echo was heard."""

from pathlib import Path

import pytest

from quecsim.captures.echo import with_commands
from quecsim.captures.opened import Told
from quecsim.observed.heard import Heard
from quecsim.trace.event import HostDtr
from tests.captures.samples import logic_1, session
from tests.captures.wire import heard_device, heard_host, imported, said


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_each_echoed_command_stands_before_its_echo(size: int) -> None:
    data = b"\r\nRDY\r\nAT\r\r\nOK\r\nATTACHED\r\n AT\r\nAT+CSQ\r\r\n+CSQ: 1,99\r\n"
    told: list[Told] = [
        Heard(start, "device", data[start : start + size]) for start in range(0, len(data), size)
    ]
    made = list(with_commands(iter(told)))
    assert [each for each in made if each in told] == told
    host = [each for each in made if isinstance(each, Heard) and each.side == "host"]
    if size == 1:
        assert [each.data for each in host] == [b"AT\r", b"AT+CSQ\r"]
        assert [each.at_ns for each in host] == [7, 31]
    assert [each.at_ns for each in made] == sorted(each.at_ns for each in made)


def test_nothing_is_kept_back() -> None:
    for data in (b"AT", b"A", b"A" + b"T" * 3000, b"xAT\r"):
        told: list[Told] = [HostDtr(0, True), Heard(1, "device", data), HostDtr(2, False)]
        assert list(with_commands(iter(told))) == told


def test_one_wire_of_an_analyser(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(logic_1(session(), "device"))
    made, record = imported(path)
    assert heard_host(record) == b'AT\rATI\rAT+QFUPL="a",4\r'
    assert heard_device(record) == said(session(), "device")
    assert "host-bytes" in made.source.lacks
    assert any("echo" in note for note in made.notes)
