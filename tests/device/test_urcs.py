"""Unsolicited result codes: held back, cleared, bounded, and never close behind an OK."""

import pytest

from quecsim.trace.event import Urc, UrcDropped
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, info, profile

CONNECT = b"\r\nCONNECT\r\n"
RING = b"\r\nRING\r\n"


def byte_ns(count: int, baud: int = 115200) -> int:
    return count * 10 * s(1) // baud


def plan(bench: Bench, at_ns: int, text: str = "RING") -> None:
    """A URC that comes due at `at_ns`; the rig does not know of it, and so must look again."""
    bench.rig.moment.idle_until_ns = 0
    bench.rig.device.context.control.send_urc_later(bench.now_ns, at_ns - bench.now_ns, text)


def test_on_a_quiet_line_it_comes_at_its_time() -> None:
    bench = Bench()
    plan(bench, s(3))
    assert bench.rest() == RING
    assert bench.arrival_ns(RING) == s(3) + byte_ns(len(RING))
    assert [event.at_ns for event in bench.events(Urc)] == [s(3)]


def test_numeric_form() -> None:
    bench = Bench()
    bench.ask("ATV0")
    plan(bench, bench.now_ns + s(1))
    assert bench.rest() == b"RING\r\n"


@pytest.mark.parametrize("due_ms", [1, 15, 21, 23])
def test_during_a_command_it_waits_until_after_the_result_and_a_gap(due_ms: int) -> None:
    """UIS8910DM AT engine: queued while a command is executing, flushed after the final result."""
    bench = Bench()
    bench.send(b"AT+CSQ\r")
    plan(bench, ms(due_ms))
    bench.rest()
    reply = info("+CSQ: 24,99")
    assert bytes(bench.output) == b"AT+CSQ\r" + reply + RING
    gap_ns = bench.arrival_ns(RING) - byte_ns(len(RING)) - bench.arrival_ns(reply)
    assert gap_ns >= ms(10), "hosts must tell it from the reply"


@pytest.mark.parametrize("baud", [2400, 9600, 115200])
def test_the_gap_is_on_the_line_however_slow_it_is(baud: int) -> None:
    """At 2400 baud the OK alone takes 25 ms to leave: the gap begins after it."""
    bench = Bench(ipr=baud)
    bench.send(b"AT\r")
    plan(bench, byte_ns(3, baud) + ms(5))
    bench.rest()
    assert bytes(bench.output) == b"AT\r" + OK + RING
    first_ns = bench.arrival_ns(RING) - byte_ns(len(RING), baud)
    assert first_ns - bench.arrival_ns(OK) >= ms(10) - 1


def test_in_the_middle_of_a_long_reply_it_waits() -> None:
    data = bytes(3000)
    bench = Bench(contents={"x": data})
    bench.ask('AT+QFOPEN="x"')
    bench.send(b"AT+QFREAD=1027\r")
    plan(bench, bench.now_ns + ms(50))
    reply = bench.rest()
    assert reply.endswith(b"\r\nCONNECT 3000\r\n" + data + OK + RING)


def test_entering_data_mode_clears_what_is_queued() -> None:
    """UIS8910DM AT engine: they are lost, not delayed."""
    bench = Bench()
    bench.send(b'AT+QFUPL="x",3\r')
    plan(bench, byte_ns(15) + ms(10))
    bench.until(CONNECT)
    bench.send(b"abc")
    bench.rest()
    assert RING not in bench.output
    assert [(event.text, event.why) for event in bench.events(UrcDropped)] == [
        ("RING", "data mode")
    ]


def test_a_family_that_keeps_them() -> None:
    bench = Bench(profile(at={"urc_on_data_mode": "keep"}))
    bench.send(b'AT+QFUPL="x",3\r')
    plan(bench, byte_ns(15) + ms(10))
    bench.until(CONNECT)
    bench.send(b"abc")
    assert bench.rest().endswith(OK + RING)


def test_a_prompt_is_no_data_mode() -> None:
    """UIS8910DM AT engine: a prompt belongs to the command line's part of it."""
    bench = Bench()
    bench.ask("AT+CMGF=1")
    bench.send(b'AT+CMGS="123"\r')
    plan(bench, bench.now_ns + byte_ns(14) + ms(1))
    bench.until(b"\r\n> ")
    bench.send(b"\x1b")
    assert bench.rest() == OK + RING


def test_one_that_comes_due_during_data_mode_follows_it() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",3\r')
    bench.until(CONNECT)
    plan(bench, bench.now_ns + s(1))
    assert bench.run_for(s(2)) == b"", "nothing stands between CONNECT and the summary"
    bench.send(b"ABC")
    assert bench.rest() == info("+QFUPL: 3,242") + RING


def test_the_queue_holds_32() -> None:
    """UIS8910DM AT engine: 32 entries, overflow is discarded."""
    bench = Bench()
    bench.send(b'AT+QFUPL="x",3\r')
    bench.until(CONNECT)
    for number in range(40):
        plan(bench, bench.now_ns + ms(100 + number), f"URC {number}")
    bench.run_for(s(1))
    bench.send(b"abc")
    bench.rest()
    assert [event.text for event in bench.events(Urc)] == [f"URC {n}" for n in range(32)]
    dropped = bench.events(UrcDropped)
    assert [event.text for event in dropped] == [f"URC {n}" for n in range(32, 40)]
    assert {event.why for event in dropped} == {"queue full"}


def test_the_queue_holds_2048_bytes() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",3\r')
    bench.until(CONNECT)
    for number in range(12):
        plan(bench, bench.now_ns + ms(100 + number), f"{number:02}" + "x" * 198)
    bench.run_for(s(1))
    bench.send(b"abc")
    bench.rest()
    assert len(bench.events(Urc)) == 10
    assert len(bench.events(UrcDropped)) == 2


def test_no_more_than_256_are_planned() -> None:
    bench = Bench()
    for number in range(300):
        plan(bench, s(1) + ms(100 * number), f"URC {number}")
    bench.rest()
    assert [event.text for event in bench.events(Urc)] == [f"URC {n}" for n in range(256)]
    dropped = [(event.text, event.why) for event in bench.events(UrcDropped)]
    assert dropped == [(f"URC {n}", "queue full") for n in range(256, 300)]


def test_they_come_in_the_order_of_their_times() -> None:
    bench = Bench()
    plan(bench, s(2), "B")
    plan(bench, s(1), "A")
    plan(bench, s(2), "C")
    assert bench.rest() == b"\r\nA\r\n\r\nB\r\n\r\nC\r\n"


@pytest.mark.parametrize("is_unlimited", [True, False])
def test_more_than_the_transmitter_holds_comes_all_the_same(is_unlimited: bool) -> None:
    """On a line that takes no time, too, where what was said has left before anybody looks."""
    bench = Bench(profile(uart={"tx_ring_bytes": 64}), is_unlimited=is_unlimited)
    texts = [letter * 100 for letter in "ABC"]
    for text in texts:
        plan(bench, s(1), text)
    assert bench.rest() == b"".join(b"\r\n%s\r\n" % text.encode() for text in texts)


def test_a_restart_forgets_them() -> None:
    bench = Bench()
    bench.ask("AT")
    plan(bench, bench.now_ns + s(1))
    bench.ask("AT+CFUN=1,1")
    bench.rest()
    assert RING not in bench.output
