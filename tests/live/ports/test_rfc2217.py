"""The side of RFC 2217 that has the port: what is asked, what is answered, what is done."""

import re
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.live.ports.deed import Deed, ModemLines, Purge, Switch
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.rfc2217 import Rfc2217Talk

IAC, SB, SE = b"\xff", b"\xfa", b"\xf0"
LINES = ModemLines(cts=True, dsr=True, dcd=False, ri=False, idle=True)
START = HostLineSettings(115_200, "8N1", "none")
WILL_COM_PORT = b"\xff\xfb\x2c"


def ask(code: int, value: bytes = b"") -> bytes:
    return IAC + SB + bytes((44, code)) + value.replace(IAC, IAC + IAC) + IAC + SE


def answer(code: int, value: bytes) -> bytes:
    return ask(code + 100, value)


def begun() -> Rfc2217Talk:
    """One whose client has agreed, and knows the lines."""
    talk = Rfc2217Talk(START, "quecsim Quectel EC200U")
    talk.take_said(LINES)
    assert talk.feed(WILL_COM_PORT, LINES) == []
    assert talk.take_said(LINES) == answer(7, b"\x30")
    return talk


def asked(talk: Rfc2217Talk, data: bytes, lines: ModemLines = LINES) -> tuple[list[Deed], bytes]:
    return talk.feed(data, lines), talk.take_said(lines)


def test_it_begins_with_what_it_asks_for() -> None:
    talk = Rfc2217Talk(START, "")
    said = talk.take_said(LINES)
    assert said == bytes.fromhex("fffb03 fffb01 fffb00 fffd03 fffd00 fffd2c")
    assert talk.take_said(LINES) == b""


@pytest.mark.parametrize(
    ("code", "value", "told", "settings"),
    [
        (1, struct.pack("!I", 9600), None, HostLineSettings(9600, "8N1", "none")),
        (1, struct.pack("!I", 4_000_000), None, HostLineSettings(4_000_000, "8N1", "none")),
        (1, b"\0\0\xff\xff", None, HostLineSettings(65_535, "8N1", "none")),
        (2, b"\x05", None, HostLineSettings(115_200, "5N1", "none")),
        (2, b"\x07", None, HostLineSettings(115_200, "7N1", "none")),
        (3, b"\x02", None, HostLineSettings(115_200, "8O1", "none")),
        (3, b"\x03", None, HostLineSettings(115_200, "8E1", "none")),
        (3, b"\x04", None, HostLineSettings(115_200, "8M1", "none")),
        (3, b"\x05", None, HostLineSettings(115_200, "8S1", "none")),
        (4, b"\x02", None, HostLineSettings(115_200, "8N2", "none")),
        (4, b"\x03", None, HostLineSettings(115_200, "8N2", "none")),
        (5, b"\x01", None, HostLineSettings(115_200, "8N1", "none")),
        (5, b"\x02", None, HostLineSettings(115_200, "8N1", "xonxoff")),
        (5, b"\x03", None, HostLineSettings(115_200, "8N1", "rtscts")),
    ],
)
def test_what_is_set_is_done_and_answered(
    code: int, value: bytes, told: bytes | None, settings: HostLineSettings
) -> None:
    assert asked(begun(), ask(code, value)) == ([settings], answer(code, told or value))


@pytest.mark.parametrize(
    ("code", "value", "told"),
    [
        (1, bytes(4), struct.pack("!I", 115_200)),  # these ask
        (2, b"\0", b"\x08"),
        (3, b"\0", b"\x01"),
        (4, b"\0", b"\x01"),
        (1, b"\xff\xff\xff\xff", struct.pack("!I", 115_200)),  # these cannot be
        (1, b"\x01", struct.pack("!I", 115_200)),
        (1, b"", struct.pack("!I", 115_200)),
        (2, b"\x04", b"\x08"),
        (2, b"\x09", b"\x08"),
        (3, b"\x06", b"\x01"),
        (4, b"\x04", b"\x01"),
        (5, b"\0", b"\x01"),
        (5, b"\x11", b"\x01"),  # flow control by DCD: none, as before
        (5, b"\x13", b"\x01"),
        (5, b"\x0d", b"\x0e"),  # inbound
        (5, b"\x10", b"\x0e"),
        (5, b"\x12", b"\x0e"),
        (5, b"\x04", b"\x06"),  # no break
        (5, b"\x07", b"\x08"),  # DTR and RTS are on
        (5, b"\x0a", b"\x0b"),
        (6, b"", b"\x60"),
        (7, b"", b"\x30"),
        (10, b"\x55", b"\x55"),
        (11, b"\xff", b"\xff"),
    ],
)
def test_what_is_asked_or_cannot_be_is_answered_with_what_holds(
    code: int, value: bytes, told: bytes
) -> None:
    assert asked(begun(), ask(code, value)) == ([], answer(code, told))


@pytest.mark.parametrize("data", [ask(5, b"\x14"), ask(5), ask(12), ask(12, b"\x04"), ask(99),
                                  ask(0, b"putty"), ask(107, b"\0"), b"\xff\xfa\x2c\xff\xf0",
                                  b"\xff\xfa\xff\xf0", b"\xff\xfa\x18\x01\xff\xf0"])  # fmt: skip
def test_what_is_nothing_is_passed_over(data: bytes) -> None:
    assert asked(begun(), data) == ([], b"")


@pytest.mark.parametrize(("ask_code", "wire"), [(4, "break"), (7, "dtr"), (10, "rts")])
def test_switches(ask_code: int, wire: Any) -> None:
    talk = begun()
    for is_on in (False, True, False):
        code = bytes((ask_code + (1 if is_on else 2),))
        assert asked(talk, ask(5, code)) == ([Switch(wire, is_on)], answer(5, code))
        assert asked(talk, ask(5, bytes((ask_code,)))) == ([], answer(5, code))


def test_purges() -> None:
    talk = begun()
    assert asked(talk, ask(12, b"\x01")) == ([Purge(received=True)], answer(12, b"\x01"))
    assert asked(talk, ask(12, b"\x02")) == ([Purge(unsent=True)], answer(12, b"\x02"))
    deed = Purge(received=True, unsent=True)
    assert asked(talk, ask(12, b"\x03")) == ([deed], answer(12, b"\x03"))


def test_the_order_is_kept() -> None:
    data = b"AT\r" + ask(1, struct.pack("!I", 9600)) + b"A\xff\xffT" + ask(5, b"\x09") + b"\r"
    deeds, _ = asked(begun(), data)
    line = HostLineSettings(9600, "8N1", "none")
    assert deeds == [b"AT\r", line, b"A\xffT", Switch("dtr", is_on=False), b"\r"]


def test_it_says_what_it_is() -> None:
    assert asked(begun(), ask(0)) == ([], answer(0, b"quecsim Quectel EC200U"))


def test_a_telnet_break_is_a_short_one() -> None:
    short = [Switch("break", is_on=True), Switch("break", is_on=False)]
    assert asked(begun(), b"\xff\xf3") == (short, b"")


def test_a_pause_of_the_output() -> None:
    talk = begun()
    talk.feed(ask(8), LINES)
    assert not talk.takes_output
    talk.feed(ask(9), LINES)
    assert talk.takes_output


def test_inbound_flow_control_is_that_of_both_ways() -> None:
    talk = begun()
    talk.feed(ask(5, b"\x03"), LINES)
    talk.take_said(LINES)
    for code in (b"\x0d", b"\x0e", b"\x10"):
        assert asked(talk, ask(5, code)) == ([], answer(5, b"\x10"))


def changed(**values: bool) -> ModemLines:
    return ModemLines(**{"cts": True, "dsr": True, "dcd": False, "ri": False, "idle": True,
                         **values})  # fmt: skip


def test_lines_are_told_when_they_change() -> None:
    talk = begun()
    assert talk.take_said(changed()) == b""
    assert talk.take_said(changed(cts=False)) == answer(7, b"\x21")
    assert talk.take_said(changed(cts=False)) == b""
    assert talk.take_said(changed(dcd=True)) == answer(7, b"\xb9")
    assert talk.take_said(changed(dsr=False)) == answer(7, b"\x1a")
    assert talk.take_said(changed()) == answer(7, b"\x32")
    assert talk.take_said(changed(ri=True)) == answer(7, b"\x70")
    assert talk.take_said(changed()) == answer(7, b"\x34"), "the ring's end"


def test_a_mask_says_which_lines_are_told() -> None:
    talk = begun()
    talk.feed(ask(11, b"\x80"), LINES)
    talk.take_said(LINES)
    assert talk.take_said(changed(cts=False)) == b""
    assert talk.take_said(changed(cts=False, dcd=True)) == answer(7, b"\x80")
    talk.feed(ask(11, b"\0"), LINES)
    talk.take_said(LINES)
    assert talk.take_said(changed()) == b""


def test_the_empty_transmitter_is_told_where_it_is_asked_for() -> None:
    talk = begun()
    assert talk.take_said(changed(idle=False)) == b""
    talk.feed(ask(10, b"\x40"), changed(idle=False))
    assert talk.take_said(changed(idle=False)) == answer(10, b"\x40")
    assert talk.take_said(changed()) == answer(6, b"\x40")
    assert talk.take_said(changed(idle=False)) == answer(6, b"\0")


def test_nobody_is_told_who_does_not_speak_it() -> None:
    talk = Rfc2217Talk(START, "")
    talk.take_said(LINES)
    assert talk.feed(b"AT\r\0", LINES) == [b"AT\r"]
    assert talk.take_said(changed(cts=False)) == b""
    talk.feed(b"\xff\xfe\x2c\xff\xfc\x2c", LINES)  # it refuses
    assert talk.take_said(LINES) == b""


def test_binary_is_as_it_is_from_there_on() -> None:
    talk = begun()
    assert talk.feed(b"\r\0" + b"\xff\xfb\0" + b"\r\0", LINES) == [b"\r", b"\r\0"]


ORDERS = st.one_of(
    st.binary(max_size=20),
    st.builds(ask, st.integers(0, 20), st.binary(max_size=6)),
    st.builds(lambda verb, option: bytes((255, verb, option)), st.integers(251, 254),
              st.integers(0, 60)),
    st.sampled_from([b"\xff", b"\xff\xfa", b"\xff\xfa\x2c", b"\xff\xf0", b"\xff\xff", b"\r"]),
)  # fmt: skip


def joined(deeds: list[Deed]) -> list[Deed]:
    made: list[Deed] = []
    for deed in deeds:
        if isinstance(deed, bytes) and made and isinstance(made[-1], bytes):
            made[-1] += deed
        else:
            made.append(deed)
    return made


@given(st.lists(ORDERS, max_size=30).map(b"".join), st.data())
def test_whatever_comes_and_however_it_is_cut(stream: bytes, data: st.DataObject) -> None:
    talk = Rfc2217Talk(START, "x" * 40)
    deeds, said = joined(talk.feed(stream, LINES)), talk.take_said(LINES)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    other, done = Rfc2217Talk(START, "x" * 40), []
    for first, last in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        done += other.feed(stream[first:last], LINES)
    assert (joined(done), other.take_said(LINES)) == (deeds, said)
    for deed in deeds:
        if isinstance(deed, HostLineSettings):
            assert 0 < deed.baud <= 12_000_000
            assert re.fullmatch("[5-8][NOEMS][12]", deed.frame)


@given(st.binary(max_size=300))
def test_the_device_s_bytes_arrive_as_they_are(data: bytes) -> None:
    talk, other = begun(), begun()
    other.feed(b"\xff\xfb\0", LINES)  # as a client reads that: binary
    assert b"".join(other.feed(talk.wrapped(data), LINES)) == data  # type: ignore[arg-type]
