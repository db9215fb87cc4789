"""The first word: what is no module is told in one message, and nothing but AT was sent to it."""

from collections.abc import Callable
from itertools import count

import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.probe.reach import reach
from quecsim.probe.wire import Wire
from tests.probe.fakes import Scripted

NMEA = b"$GPGGA,120000.00,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n"


def reached(port: Scripted) -> None:
    with quecsim.virtual_time():
        reach(Wire(port), "/dev/ttyUSB2")


WRONG: dict[str, tuple[Scripted, str, str]] = {
    "nothing": (Scripted(), "nothing answers to AT on /dev/ttyUSB2 at 115200 baud", "--baud"),
    "gps": (Scripted(chatter=NMEA), "a GPS receiver talks on", "another one"),
    "loopback": (Scripted(lambda data: data), "only our own bytes come back", "ATQ0"),
    "printer": (Scripted(lambda _data: b"\x12\x12"), "is no module: '\\x12\\x12", "right port"),
    "wrong rate": (Scripted(lambda data: bytes(len(data))), "is no module: '\\x00", "--baud"),
    "digits": (Scripted(lambda data: data + b"0\r"), "answers in digits", "ATV1"),
    "a flood": (Scripted(chatter=b"\xff" * 4000), "is no module", "right port"),
    "an error": (Scripted(lambda data: data + b"\r\nERROR\r\n"), "is no module", "right port"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_module_is_told(name: str) -> None:
    port, message, hint = WRONG[name]
    with pytest.raises(QuecsimError) as told:
        reached(port)
    assert message in told.value.message
    assert hint in told.value.hint
    assert set(port.written) <= {b"AT\r"}


def after(attempts: int) -> Callable[[bytes], bytes]:
    """A module that answers only then: it looks for the rate, or starts."""
    numbers = count(1)
    return lambda _data: b"\r\nOK\r\n" if next(numbers) >= attempts else b""


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_a_module_may_take_its_time(attempts: int) -> None:
    port = Scripted(after(attempts))
    reached(port)
    assert port.written == [b"AT\r"] * attempts


def test_a_gps_receiver_is_not_even_asked() -> None:
    port = Scripted(chatter=NMEA)
    with pytest.raises(QuecsimError):
        reached(port)
    assert port.written == []
