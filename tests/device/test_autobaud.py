"""Auto-bauding: Quectel FAQ 9.1 (send AT two to four times, then fix the rate by AT+IPR, AT&W)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.timing import FlashMode
from quecsim.trace.event import DeviceLine, Eaten, LineMismatch, Urc
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.m95 import m95, profile, shipped

BOOT = b"\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n"


def at(baud: int, *, is_up: bool = True, **config: Any) -> Bench:
    return Bench(shipped(), is_up=is_up, host_baud=baud, **config)


def finding(lost_lines: int, baud: int = 9600) -> Bench:
    return Bench(profile(autobaud={"lost_lines": lost_lines}), host_baud=baud)


@pytest.mark.parametrize("baud", shipped().uart.bauds)
def test_it_takes_the_host_s_rate_and_loses_the_first_line(baud: int) -> None:
    bench = at(baud)
    assert bench.ask("AT") == b""
    assert bench.output == b""  # no echo either
    assert bench.ask("AT") == OK
    assert bench.ask("AT+IPR?") == info("+IPR: 0")
    assert [(line.baud) for line in bench.events(DeviceLine)] == [baud]
    (eaten, *more) = bench.events(Eaten)
    assert eaten.why == "the baud rate was still being found"
    assert eaten.count + sum(event.count for event in more) == 3
    assert bench.events(LineMismatch) == []
    bench.rig.check()


def test_the_answer_takes_as_long_as_the_rate_has_it() -> None:
    bench = at(300)
    bench.ask("AT")
    began_ns = bench.now_ns
    bench.send(b"AT\r")
    arrived_ns = bench.until(b"AT\r" + OK)
    byte_ns = 10 * s(1) // 300  # 3 bytes there, and 7 more until the echo's CR and the OK are back
    assert arrived_ns - began_ns == pytest.approx(10 * byte_ns, abs=ms(1))


def test_all_in_one_burst() -> None:
    bench = at(115_200)
    bench.send(b"AT\rAT\rAT\r")
    assert bench.rest() == b"AT\r" + OK + b"AT\r" + OK


@pytest.mark.parametrize("lost", [1, 2, 4])
def test_how_many_lines_it_takes(lost: int) -> None:
    bench = finding(lost)
    for _ in range(lost):
        assert bench.ask("AT") == b""
    assert bench.ask("AT") == OK


def test_one_letter_can_be_enough() -> None:
    bench = finding(0)
    assert bench.ask("xyAT") == b"AT\r" + OK
    (eaten, *more) = bench.events(Eaten)
    assert (eaten.offset, eaten.count + sum(event.count for event in more)) == (0, 2)


@pytest.mark.parametrize("line", ["", "hello", "A", "+QSECREAD", "A T"])
def test_only_a_line_with_at_tells_the_rate(line: str) -> None:
    bench = at(9600)
    for _ in range(5):
        assert bench.ask(line) == b""
    assert bench.ask("at") == b""
    assert bench.ask("at") == OK


def test_a_long_command_is_lost_like_any_other() -> None:
    bench = at(9600)
    assert bench.ask('AT+QSECWRITE="NVRAM:CA0",10') == b""
    assert bench.ask("AT") == OK


def test_lines_at_two_rates_tell_nothing() -> None:
    bench = finding(2)
    bench.rig.host_line(0, 9600, "8N1", "none")
    bench = Bench(profile(autobaud={"lost_lines": 2}))
    for baud in (9600, 19_200, 9600):
        bench.rig.host_line(bench.now_ns, baud, "8N1", "none")
        assert bench.ask("AT") == b""
    assert bench.ask("AT") == b""
    assert bench.ask("AT") == OK


def test_a_rate_that_it_does_not_have() -> None:
    bench = at(230_400)
    for _ in range(5):
        assert bench.ask("AT") == b""
    (mismatch,) = bench.events(LineMismatch)
    assert (mismatch.host, mismatch.device) == ("230400 8N1", "any rate up to 115200")
    assert mismatch.garbled
    bench.rig.check()


def test_the_rate_holds_once_it_is_found() -> None:
    bench = Bench(shipped())
    bench.rig.host_line(0, 9600, "8N1", "none")
    bench.ask("AT")
    assert bench.ask("AT") == OK
    bench.rig.host_line(bench.now_ns, 19_200, "8N1", "none")
    bench.ask("AT")
    (mismatch,) = bench.events(LineMismatch)
    assert (mismatch.host, mismatch.device) == ("19200 8N1", "9600 8N1")


def test_flow_control_leaves_the_rate_alone() -> None:
    bench = at(9600)
    bench.ask("AT")
    assert bench.ask("AT+IFC=2,2") == OK
    assert bench.ask("AT+IFC?") == info("+IFC: 2,2")
    assert {line.baud for line in bench.events(DeviceLine)} == {9600}


def test_nothing_is_said_before_the_rate_is_known() -> None:
    bench = at(9600, is_up=False)
    assert bench.run_for(s(60)) == b""
    assert bench.events(Urc) == []
    bench.ask("AT")
    assert bench.ask("AT") == OK


def test_a_fixed_rate_brings_the_start_up_texts() -> None:
    bench = at(115_200)
    bench.ask("AT")
    assert bench.ask("AT+IPR=115200;&W") == OK
    assert bench.ask("AT+IPR?") == info("+IPR: 115200")
    assert bench.ask("AT+CFUN=1,1") == OK + BOOT
    assert bench.ask("AT") == OK


def test_a_rate_that_is_not_kept_is_gone_after_a_restart() -> None:
    bench = at(115_200)
    bench.ask("AT")
    bench.ask("AT+IPR=115200")
    assert bench.ask("AT+CFUN=1,1") == OK
    assert bench.ask("AT") == b""
    assert bench.ask("AT") == OK


def test_back_to_auto_bauding() -> None:
    bench = at(115_200)
    bench.ask("AT")
    bench.ask("AT+IPR=115200")
    assert bench.ask("AT+IPR=0") == OK
    assert bench.ask("AT") == b""
    assert bench.ask("AT+IPR?") == info("+IPR: 0")


def test_a_fixed_rate_that_is_not_the_host_s() -> None:
    """The usual mistake: the OK still comes at the old rate, and then there is silence."""
    bench = at(115_200, garbles=True)
    bench.ask("AT")
    assert bench.ask("AT+IPR=9600") == OK
    assert OK not in bench.ask("AT")


def test_the_rates() -> None:
    rates = "0,75,150,300,600,1200,2400,4800,9600,14400,19200,28800,38400,57600,115200"
    bench = m95()
    assert bench.ask("AT+IPR=?") == info(f"+IPR: ({rates})")
    assert b"+CME ERROR" in bench.ask("AT+IPR=230400")


def test_a_line_without_bits_has_no_rate_to_find() -> None:
    bench = Bench(shipped(), is_unlimited=True)
    assert bench.ask("AT") == OK
    assert bench.ask("AT+NONE") == ERROR


def test_the_power_can_go_in_the_middle_of_it() -> None:
    bench = at(9600)
    bench.send(b"AT")
    bench.run_for(s(1))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(10))
    assert bench.ask("") == b""  # the AT before the cut does not count
    assert bench.ask("AT") == b""
    assert bench.ask("AT") == OK
    bench.rig.check()


# XON/XOFF, which this generation has


def test_flow_control_has_three_values() -> None:
    bench = m95()
    assert bench.ask("AT+IFC=?") == info("+IFC: (0-2),(0-2)")
    assert bench.ask("AT+IFC?") == info("+IFC: 0,0")
    assert bench.ask("AT+IFC=1,1") == OK
    assert bench.ask("AT+IFC?") == info("+IFC: 1,1")


def test_power_down_in_its_own_words() -> None:
    assert m95().ask("AT+QPOWD=1") == OK + b"\r\nNORMAL POWER DOWN\r\n"


@pytest.mark.parametrize(("host", "is_lost"), [("none", True), ("xonxoff", False)])
def test_xon_and_xoff_hold_the_host_back(host: str, is_lost: bool) -> None:
    bench = m95(host_flow=host, flash_mode=FlashMode.WORST)
    assert bench.ask("AT+IFC=1,1") == OK
    bench.send(b'AT+QFUPL="text",20000,3\r')
    bench.until(b"CONNECT\r\n")
    bench.send(b"0123456789" * 2000)
    bench.rest()
    assert (bench.rig.counters()["lost"] > 0) == is_lost
    assert (bench.file("text") == b"0123456789" * 2000) == (not is_lost)
    bench.rig.check()


# laws

_BYTES = st.lists(
    st.sampled_from([b"AT\r", b"A", b"T", b"at", b"\r", b"\n", b"x", b"AT+IPR?\r", b"ATE0\r"]),
    max_size=20,
).map(b"".join)


@given(_BYTES, st.lists(st.integers(1, 5), max_size=40), st.integers(0, 3))
def test_however_the_bytes_are_cut_it_is_the_same(
    data: bytes, cuts: list[int], lost_lines: int
) -> None:
    whole, cut = finding(lost_lines), finding(lost_lines)
    whole.send(data)
    for size in cuts:
        cut.send(data[:size])
        data = data[size:]
    cut.send(data)
    for bench in (whole, cut):
        bench.rest()
        bench.rig.check()
    assert (cut.output, cut.times) == (whole.output, whole.times)
    assert cut.events(DeviceLine) == whole.events(DeviceLine)
    assert cut.rig.counters() == whole.rig.counters()
