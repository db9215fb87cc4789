"""`quecsim.open(serial=...)`: a board's UART in place of the pty, from Python."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

import quecsim
from quecsim.run.replay import replay
from quecsim.trace.event import End
from quecsim.trace.jsonl import read_trace
from tests.e2e.board import TwoPtys

pytestmark = pytest.mark.pty
READ_TIMEOUT_S = 60.0


@pytest.fixture
def wires() -> Iterator[TwoPtys]:
    made = TwoPtys()
    yield made
    made.close()


def test_a_board_talks_to_it(wires: TwoPtys) -> None:
    with quecsim.open("ec200u", serial=wires.adapter) as device:
        assert device.port == wires.adapter
        with serial.Serial(wires.board, 115_200, timeout=READ_TIMEOUT_S) as port:
            port.write(b"AT\r")
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
        assert device.counters["sent"] == 3
    assert device.report().real_line is not None


def test_what_does_not_go_with_it(wires: TwoPtys) -> None:
    with pytest.raises(quecsim.QuecsimError, match="a time scale cannot be had"):
        quecsim.open("ec200u", serial=wires.adapter, time_scale=10)


def test_who_waits_for_a_board_that_is_pulled_out_is_told(wires: TwoPtys, tmp_path: Path) -> None:
    trace = tmp_path / "t.jsonl"
    device = quecsim.open("ec200u", serial=wires.adapter, trace=trace)
    wires.unplug()
    with pytest.raises(quecsim.QuecsimError, match="has gone"):
        device.wait_for("DataEnd", timeout_s=READ_TIMEOUT_S)
    with pytest.raises(quecsim.QuecsimError, match="has gone"):
        device.close()
    _, record = read_trace(trace)
    assert isinstance(record[-1], End)
    assert replay(record).is_same
