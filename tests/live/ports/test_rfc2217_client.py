"""RFC 2217, the side that uses the port: against pyserial's own server, and against ours."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial.rfc2217 import PortManager

from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.deed import ModemLines, Purge, Switch
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.line_marks import Item, Mark
from quecsim.live.ports.rfc2217 import Rfc2217Talk
from quecsim.live.ports.rfc2217_client import BytesOnly, Rfc2217Client

LINES = ModemLines(cts=True, dsr=True, dcd=False, ri=False, idle=True)


class Theirs:
    """pyserial's server, with a serial port that is only looked at."""

    def __init__(self) -> None:
        self.said = bytearray()
        self.got = bytearray()
        self.port = SimpleNamespace(
            baudrate=1200, bytesize=7, parity="E", stopbits=2, xonxoff=True, rtscts=False,
            dsrdtr=False, rts=True, dtr=True, cts=False, dsr=True, ri=False, cd=False,
            break_condition=False,
            reset_input_buffer=lambda: None, reset_output_buffer=lambda: None,
        )  # fmt: skip
        self.manager = PortManager(self.port, SimpleNamespace(write=self.said.extend))

    def feed(self, data: bytes) -> None:
        for byte in self.manager.filter(data):
            self.got += byte

    def take(self) -> bytes:
        said = bytes(self.said)
        self.said.clear()
        return said


def exchange(client: Rfc2217Client, theirs: Theirs) -> list[Item]:
    """Until neither has anything more to say."""
    items: list[Item] = []
    while True:
        said, answer = client.take_said(), theirs.take()
        if not said and not answer:
            return items
        theirs.feed(said)
        items += client.feed(answer)


@pytest.fixture
def theirs() -> Theirs:
    return Theirs()


@pytest.fixture
def client(theirs: Theirs) -> Rfc2217Client:
    made = Rfc2217Client()
    exchange(made, theirs)
    assert made.has_agreed
    made.begin()
    exchange(made, theirs)
    return made


def test_settings_and_lines_reach_the_port(client: Rfc2217Client, theirs: Theirs) -> None:
    client.set_line(921_600, "8N1")
    client.drive(rts=False, dtr=True)
    exchange(client, theirs)
    port = theirs.port
    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (921_600, 8, "N", 1)
    assert (port.xonxoff, port.rtscts) == (False, False)
    assert (port.rts, port.dtr) == (False, True)
    client.drive(rts=True, dtr=False)
    exchange(client, theirs)
    assert (port.rts, port.dtr) == (True, False)
    assert client.take_complaints() == []


def test_the_boards_lines_are_told_when_they_change(client: Rfc2217Client, theirs: Theirs) -> None:
    assert client.take_lines()[-1] == BoardLines(rts=False, dtr=True)
    theirs.port.cts, theirs.port.dsr = True, False
    theirs.manager.check_modem_lines()
    exchange(client, theirs)
    theirs.port.dsr = True
    theirs.manager.check_modem_lines()
    exchange(client, theirs)
    was, now = client.take_lines()
    assert was == BoardLines(rts=True, dtr=False)
    assert now == BoardLines(rts=True, dtr=True)
    assert client.take_lines() == []


def test_every_byte_both_ways(client: Rfc2217Client, theirs: Theirs) -> None:
    everything = bytes(range(256)) + b"\xff\xff\r\0\r\n"
    theirs.feed(client.wrapped(everything))
    assert theirs.got == everything
    told = b"".join(theirs.manager.escape(everything))
    cut = [item for place in range(len(told)) for item in client.feed(told[place : place + 1])]
    assert b"".join(item for item in cut if isinstance(item, bytes)) == everything


def test_a_rate_that_the_port_has_not(client: Rfc2217Client, theirs: Theirs) -> None:
    class Fixed(SimpleNamespace):
        def __setattr__(self, name: str, value: Any) -> None:
            if name == "baudrate" and value != 9600:
                raise ValueError(value)
            super().__setattr__(name, value)

    theirs.manager.serial = Fixed(**{**vars(theirs.port), "baudrate": 9600})
    client.set_line(460_800, "8N1")
    exchange(client, theirs)
    assert client.take_complaints() == ["it was set to 460800 baud and runs at 9600"]


def test_errors_and_breaks_are_counted(client: Rfc2217Client) -> None:
    def told(state: int) -> bytes:
        return bytes((255, 250, 44, 106, state, 255, 240))

    assert client.feed(told(0x02) + b"a" + told(0x0A) + told(0x04)) == [b"a"]
    assert client.errors == ErrorCounts(overruns=2, framing=1, parity=1)
    assert client.feed(told(0x18)) == [Mark.BREAK]
    assert client.errors.framing == 1, "a break's missing stop bit is none"


def test_it_may_ask_for_a_pause(client: Rfc2217Client) -> None:
    client.feed(bytes((255, 250, 44, 108, 255, 240)))
    assert not client.takes_output
    client.feed(bytes((255, 250, 44, 109, 255, 240)))
    assert client.takes_output


def test_whoever_has_no_serial_port_says_so() -> None:
    client = Rfc2217Client()
    client.feed(bytes((255, 254, 44)))
    assert client.has_refused
    assert not client.has_agreed


@pytest.mark.parametrize(
    "junk",
    [
        b"\xff\xfa,\xff\xf0",
        b"\xff\xfa,\x6b\xff\xf0",
        b"\xff\xfax\xff\xf0",
        b"\xff\xfa,\x65\x01\xff\xf0",
        b"\xff\xfb\x18\xff\xfd\x01",
    ],
)
def test_what_is_no_answer_does_nothing(client: Rfc2217Client, junk: bytes) -> None:
    client.take_lines()
    assert client.feed(junk) == []
    assert client.take_lines() == []
    assert client.take_complaints() == []


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_whatever_comes_is_taken(pieces: list[bytes]) -> None:
    """A server may be anything: nothing it says breaks us, or is kept without a bound."""
    client = Rfc2217Client()
    client.set_line(9600, "8N1")
    for piece in pieces:
        for item in client.feed(b"\xff\xfa,\x6b" + piece):
            assert isinstance(item, bytes | Mark)
    assert len(client.take_lines()) <= 65
    client.take_complaints()
    client.take_said()


def test_with_our_own_server() -> None:
    server = Rfc2217Talk(HostLineSettings(115_200, "8N1", "none"), "a device")
    client = Rfc2217Client()
    deeds = []

    def talk() -> None:
        while said := client.take_said():
            deeds.extend(server.feed(said, LINES))
            client.feed(server.take_said(LINES))

    client.feed(server.take_said(LINES))
    talk()
    assert client.has_agreed
    client.begin()
    client.set_line(9600, "7E2")
    client.drive(rts=False, dtr=True)
    talk()
    settings = [deed for deed in deeds if isinstance(deed, HostLineSettings)]
    assert settings[-1] == HostLineSettings(9600, "7E2", "none")
    assert Switch("rts", is_on=False) in deeds
    assert Purge(received=True, unsent=True) in deeds
    assert client.take_lines()[-1] == BoardLines(rts=True, dtr=True)


def test_bytes_only_has_nothing_to_say() -> None:
    talk = BytesOnly()
    talk.begin()
    talk.set_line(9600, "8N1")
    talk.drive(rts=False, dtr=False)
    assert talk.feed(b"\xff\0") == [b"\xff\0"]
    assert talk.wrapped(b"\xff") == b"\xff"
    assert (talk.take_said(), talk.take_complaints(), talk.take_lines()) == (b"", [], [])
