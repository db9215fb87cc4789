"""AT+CMGS: the prompt, the echo, Ctrl-Z and Esc; what is sent is on record, and no byte is lost."""

from collections.abc import Sequence

import pytest

from quecsim.trace.event import Eaten, Forwarded, MessageSent
from quecsim.units import s
from tests.commands.test_messages import cms
from tests.device.bench import OK, Bench, info, profile

PDU = "0001000B914477009010320000" + "05E8329BFD06"
OCTETS = len(PDU) // 2 - 1
PROMPT = b"\r\n> "


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.ask("ATE0")
    return bench


def send(bench: Bench, command: str, typed: bytes, pieces: Sequence[int] = ()) -> bytes:
    """The reply behind the prompt; `pieces` are where `typed` is cut."""
    bench.send(command.encode() + b"\r")
    bench.until(PROMPT)
    for start, end in zip((0, *pieces), (*pieces, None), strict=True):
        bench.send(typed[start:end])
    return bench.rest()


def sent(bench: Bench) -> list[tuple[int, str, str, bool]]:
    return [(m.reference, m.to, m.body, m.is_pdu) for m in bench.events(MessageSent)]


def test_a_pdu(bench: Bench) -> None:
    assert send(bench, f"AT+CMGS={OCTETS}", PDU.encode() + b"\x1a") == info("+CMGS: 1")
    assert send(bench, f"AT+CMGS={OCTETS}", PDU.lower().encode() + b"\x1a") == info("+CMGS: 2")
    assert sent(bench) == [(1, "", PDU, True), (2, "", PDU.lower(), True)]
    assert bench.rig.counters()["forwarded"] == 2 * len(PDU)


def test_nothing_is_behind_the_prompt_and_it_waits_for_ever(bench: Bench) -> None:
    bench.send(f"AT+CMGS={OCTETS}\r".encode())
    assert bench.rest() == PROMPT
    assert bench.run_for(s(3600)) == b""
    bench.send(PDU.encode() + b"\x1a")
    assert bench.rest() == info("+CMGS: 1")


def test_a_device_without_a_blank_behind_its_prompt() -> None:
    bench = Bench(profile(at={"prompt_blank": False}))
    bench.ask("ATE0")
    bench.send(f"AT+CMGS={OCTETS}\r".encode())
    assert bench.rest() == b"\r\n>"
    bench.send(PDU.encode() + b"\x1a")
    assert bench.rest() == info("+CMGS: 1")


def test_a_text(bench: Bench) -> None:
    bench.ask("AT+CMGF=1")
    assert send(bench, 'AT+CMGS="+447700900001"', b"AT\r\n+++ \x11\x13\x1a") == info("+CMGS: 1")
    assert send(bench, 'AT+CMGS="07700900001",129', b"\x1a") == info("+CMGS: 2")
    assert sent(bench) == [
        (1, "+447700900001", "AT\r\n+++ \x11\x13", False),
        (2, "07700900001", "", False),
    ]


def test_to_whom_may_be_written_in_hexadecimal(bench: Bench) -> None:
    bench.ask('AT+CMGF=1;+CSCS="UCS2"')
    to = "+4477".encode("utf-16-be").hex()
    assert send(bench, f'AT+CMGS="{to}"', b"00480069\x1a") == info("+CMGS: 1")
    assert sent(bench) == [(1, "+4477", "00480069", False)]


@pytest.mark.parametrize("typed", [b"\x1b", b"half a pdu\x1b"])
def test_esc_takes_it_back(bench: Bench, typed: bytes) -> None:
    assert send(bench, f"AT+CMGS={OCTETS}", typed) == OK
    assert sent(bench) == []
    assert bench.rig.counters().get("forwarded", 0) == 0
    assert bench.ask("AT") == OK


def test_it_is_echoed_as_far_as_echo_is_on() -> None:
    """V.250 6.2.4; the Ctrl-Z is not, nor the Esc."""
    bench = Bench()
    assert send(bench, f"AT+CMGS={OCTETS}", PDU.encode() + b"\x1a") == PDU.encode() + info(
        "+CMGS: 1"
    )
    assert send(bench, f"AT+CMGS={OCTETS}", b"00\x1b") == b"00" + OK
    bench.ask("AT+CMGF=1")
    text = b"x" * 1000
    assert send(bench, 'AT+CMGS="1"', text + b"\x1a") == text + info("+CMGS: 2")


@pytest.mark.parametrize("pieces", [(), (1,), (3, 10), tuple(range(1, len(PDU) + 1))])
def test_the_record_does_not_depend_on_how_it_was_written(pieces: tuple[int, ...]) -> None:
    whole, cut = Bench(), Bench()
    for bench, at in ((whole, ()), (cut, pieces)):
        send(bench, f"AT+CMGS={OCTETS}", PDU.encode() + b"\x1a", at)
    kinds = (MessageSent, Forwarded, Eaten)
    assert [whole.events(kind) for kind in kinds] == [cut.events(kind) for kind in kinds]
    assert whole.output == cut.output
    assert whole.times == cut.times


@pytest.mark.parametrize(
    ("octets", "typed"),
    [
        (OCTETS + 1, PDU),
        (OCTETS - 1, PDU),
        (OCTETS, PDU[:-1]),
        (OCTETS, PDU + "0"),
        (1, ""),
        (1, "no"),
        (3, "07914477"),
    ],
)
def test_a_pdu_that_is_none(bench: Bench, octets: int, typed: str) -> None:
    """27.005: 304, invalid PDU mode parameter; the device reads commands again."""
    assert send(bench, f"AT+CMGS={octets}", typed.encode() + b"\x1a") == cms(304)
    assert sent(bench) == []
    assert bench.ask("AT") == OK


def test_a_pdu_with_a_service_centre_and_line_ends(bench: Bench) -> None:
    typed = b"0791447700900000F0"[:16] + PDU[2:].encode()
    assert send(bench, f"AT+CMGS={OCTETS}", b"\r\n" + typed + b"\r\n\x1a") == info("+CMGS: 1")
    assert sent(bench)[0][2] == typed.decode()


@pytest.mark.parametrize(
    ("mode", "given", "number"),
    [
        (0, "0", 304),
        (0, "165", 304),
        (0, '"+44"', 304),
        (0, "10,145", 304),
        (1, '"x"', 305),
        (1, '""', 305),
        (1, "", 302),
    ],
)
def test_no_prompt_without_sense(bench: Bench, mode: int, given: str, number: int) -> None:
    bench.ask(f"AT+CMGF={mode}")
    assert bench.ask(f"AT+CMGS={given}") == cms(number)


def test_without_a_network(bench: Bench) -> None:
    bench.ask("AT+CFUN=4")
    assert send(bench, f"AT+CMGS={OCTETS}", PDU.encode() + b"\x1a") == cms(331)
    assert sent(bench) == []


def test_what_is_too_long_is_cut(bench: Bench) -> None:
    bench.ask("AT+CMGF=1")
    assert send(bench, 'AT+CMGS="1"', b"y" * 5000 + b"\x1a") == info("+CMGS: 1")
    assert sent(bench)[0][2] == "y" * 2048
    bench.rig.check()


def test_it_takes_its_time(bench: Bench) -> None:
    slow = Bench(profile(radio={"message_ms": 30_000}))
    slow.send(f"AT+CMGS={OCTETS}\r".encode())
    slow.until(PROMPT)
    slow.send(PDU.encode() + b"\x1a")
    began_ns = slow.now_ns
    assert slow.until(b"+CMGS: 1") - began_ns > s(30)
    assert bench.now_ns < s(1)


def test_what_the_device_has_to_say_waits_for_the_end(bench: Bench) -> None:
    """An unsolicited result code never comes between the prompt and the answer."""
    bench.send(b'AT+CUSD=1,"*101#",15\r')
    bench.until(OK)
    assert send(bench, f"AT+CMGS={OCTETS}", b"") == b"", "the network's answer is due, and waits"
    bench.send(PDU.encode() + b"\x1a")
    said = bench.rest()
    assert said.startswith(info("+CMGS: 1"))
    assert said.endswith(b'\r\n+CUSD: 0,"Your balance is 10.00",15\r\n')


def test_a_prompt_ends_with_the_power(bench: Bench) -> None:
    bench.send(f"AT+CMGS={OCTETS}\r".encode())
    bench.until(PROMPT)
    bench.send(PDU.encode())
    bench.run_for(s(1))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert bench.ask("ATE0").endswith(OK)
    bench.rig.check()
