"""The form of what the device says, line by line."""

import pytest

from quecsim.at.results import AtError
from quecsim.at.settings import Settings, factory_settings
from quecsim.device.responder import Responder
from quecsim.trace.event import Sent
from quecsim.trace.recorder import Recorder
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.sender import Sender
from tests.device.bench import shipped


class Dut:
    """A responder, its settings, and what it put into the transmitter."""

    def __init__(self, **settings: int) -> None:
        self.settings: Settings = factory_settings(shipped(), "uart1")
        for name, value in settings.items():
            setattr(self.settings, name, value)
        self.tx, self.record = Sender(UnlimitedRate()), Recorder()
        self.says = Responder(self, self.tx, self.record, shipped().errors)

    def said(self) -> bytes:
        return b"".join(run.data for run in self.tx.take_sent(1000))


def test_lines_in_a_row_form_a_block_until_it_ends() -> None:
    dut = Dut()
    dut.says.info(0, "a")
    dut.says.info(0, "b")
    dut.says.end_block()
    dut.says.info(0, "c")
    assert dut.said() == b"\r\na\r\nb\r\n\r\nc\r\n"


def test_raw_bytes_and_codes_end_a_block() -> None:
    dut = Dut()
    dut.says.info(0, "a")
    dut.says.raw(0, b"raw")
    dut.says.info(0, "b")
    dut.says.final(0, None)
    dut.says.info(0, "c")
    assert dut.said() == b"\r\na\r\nraw\r\nb\r\n\r\nOK\r\n\r\nc\r\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, b"\r\nCONNECT 5\r\n\r\nOK\r\n\r\nERROR\r\n\r\n+CME ERROR: 405\r\n\r\nRING\r\n"),
        ({"verbose": 0}, b"1\r0\r4\r+CME ERROR: 405\r\nRING\r\n"),
        ({"quiet": 1}, b"\r\nRING\r\n"),
        ({"cmee": 0}, b"\r\nCONNECT 5\r\n\r\nOK\r\n\r\nERROR\r\n\r\nERROR\r\n\r\nRING\r\n"),
        (
            {"s3": 33, "s4": 42, "cmee": 2},
            b"!*CONNECT 5!*!*OK!*!*ERROR!*!*+CME ERROR: 405!*!*RING!*",
        ),
        ({"verbose": 0, "s3": 33, "s4": 42}, b"1!0!4!+CME ERROR: 405!*RING!*"),
    ],
    ids=["verbose", "numeric", "quiet", "cmee0", "registers", "numeric-registers"],
)
def test_codes(settings: dict[str, int], said: bytes) -> None:
    dut = Dut(**settings)
    dut.says.connect(0, "5")
    assert dut.says.final(0, None) == "OK"
    assert dut.says.final(0, AtError()) == "ERROR"
    dut.says.final(0, AtError(405))
    dut.says.urc(0, "RING")
    assert dut.said() == said


def test_echo_is_sent_at_once_and_recorded_in_one_piece() -> None:
    dut = Dut()
    for at_ns, byte in enumerate(b"AT\r"):
        dut.says.echo(at_ns, byte)
    assert dut.record.take() == []
    dut.says.final(10, None)
    assert dut.record.take() == [Sent(0, b"AT\r"), Sent(10, b"\r\nOK\r\n")]
    assert dut.said() == b"AT\r\r\nOK\r\n"


def test_echo_of_endless_junk_is_due_on_record_before_the_line_is_done() -> None:
    dut = Dut()
    for _ in range(600):
        dut.says.echo(0, 0xFF)
        if dut.says.has_long_echo:
            dut.says.flush_echo()
    recorded = [event.data for event in dut.record.take() if isinstance(event, Sent)]
    assert len(recorded) == 2
    dut.says.flush_echo()
    assert len(dut.said()) == 600
