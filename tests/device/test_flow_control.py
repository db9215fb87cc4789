"""The device's transmitter under the host's flow control: CTS, XON/XOFF, a host that is gone."""

from typing import Any

import pytest

from quecsim.device.flow_control import before_control
from quecsim.trace.event import Eaten, SendDropped
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.run import ByteRun
from quecsim.units import ms, s, us
from tests.device.bench import OK, Bench, info, profile

CSQ = info("+CSQ: 24,99")
XON, XOFF = b"\x11", b"\x13"


def byte_ns(count: int) -> int:
    return count * 10 * s(1) // 115200


def with_xonxoff(**config: Any) -> Bench:
    """A chip that knows XON/XOFF, set to obey the host's."""
    bench = Bench(profile(uart={"ifc_values": (0, 1, 2)}), ifc=(1, 0), **config)
    bench.ask("ATE0")
    return bench


# CTS


def test_a_host_that_is_not_ready_holds_the_output_and_gets_it_later() -> None:
    bench = Bench(ifc=(2, 2), host_flow="rtscts")
    bench.ask("ATE0")
    bench.rig.host_ready(bench.now_ns, ready=False)
    bench.send(b"AT+CSQ\r")
    assert bench.run_for(ms(300)) == b""
    bench.rig.host_ready(bench.now_ns, ready=True)
    released_ns = bench.now_ns
    assert bench.rest() == CSQ
    assert bench.times[-1] == released_ns + byte_ns(len(CSQ))
    assert bench.events(SendDropped) == []


def test_a_byte_that_has_begun_is_finished() -> None:
    bench = Bench(ifc=(2, 2), host_flow="rtscts")
    bench.send(b"ATI\r")
    bench.until(b"Quec")
    bench.run_for(us(10))
    bench.rig.host_ready(bench.now_ns, ready=False)
    assert bench.run_for(ms(100)) == b"t"


def test_what_cannot_leave_within_500_ms_is_dropped() -> None:
    """UIS8910DM AT engine."""
    bench = Bench(ifc=(2, 2), host_flow="rtscts")
    bench.ask("ATE0")
    bench.rig.host_ready(bench.now_ns, ready=False)
    bench.send(b"AT+CSQ\r")
    reply_ns = bench.now_ns + byte_ns(7) + ms(23)
    bench.run_for(s(1))
    assert bench.events(SendDropped) == [SendDropped(reply_ns + ms(500), len(CSQ), "cts")]
    bench.rig.host_ready(bench.now_ns, ready=True)
    assert bench.rest() == b""
    assert bench.ask("AT") == OK


def test_without_flow_control_in_the_device_the_hosts_rts_means_nothing() -> None:
    bench = Bench(ifc=(0, 2), host_flow="rtscts")
    bench.rig.host_ready(bench.now_ns, ready=False)
    assert bench.ask("AT") == OK


def test_ifc_without_the_wires_stops_the_output() -> None:
    """Quectel's FAQ on "no communication": the module waits for a CTS that never comes."""
    bench = Bench(has_wires=False)
    assert bench.ask("AT+IFC=2,2") == OK
    assert bench.ask("AT") == b""
    assert bench.ask("AT+CSQ") == b""
    dropped = bench.events(SendDropped)
    assert {event.why for event in dropped} == {"cts"}
    assert sum(event.count for event in dropped) == len(b"AT\r" + OK + b"AT+CSQ\r" + CSQ)


def test_it_still_hears_and_can_be_set_back() -> None:
    bench = Bench(has_wires=False)
    bench.ask("AT+IFC=2,2")
    bench.ask("AT+IFC=0,0")
    bench.run_for(s(1))
    assert bench.ask("AT") == OK


def test_a_command_that_waits_for_room_goes_on_when_bytes_are_given_up() -> None:
    """A download to a host that never takes it: all is dropped, and the device answers again."""
    bench = Bench(ifc=(2, 2), host_flow="rtscts", contents={"x": bytes(20_000)})
    bench.ask("ATE0")
    bench.send(b'AT+QFDWL="x"\r')
    bench.until(b"CONNECT\r\n")
    bench.rig.host_ready(bench.now_ns, ready=False)
    bench.run_for(s(10))
    bench.rig.host_ready(bench.now_ns, ready=True)
    bench.rest()
    assert sum(event.count for event in bench.events(SendDropped)) > 15_000
    assert bench.ask("AT") == OK


# XON/XOFF from the host


def test_xoff_holds_and_xon_lets_go() -> None:
    bench = with_xonxoff()
    bench.send(XOFF)
    bench.send(b"AT+CSQ\r")
    assert bench.run_for(ms(200)) == b""
    bench.send(XON)
    assert bench.rest() == CSQ
    assert [eaten.data for eaten in bench.events(Eaten) if eaten.why == "flow control"] == [
        XOFF,
        XON,
    ]


def test_in_the_middle_of_a_command_they_are_no_part_of_it() -> None:
    bench = with_xonxoff()
    bench.send(b"AT+C" + XOFF + b"S" + XON + b"Q\r")
    assert bench.rest() == CSQ


def test_in_data_mode_they_are_no_data() -> None:
    bench = with_xonxoff()
    reply = bench.upload('AT+QFUPL="x",6', b"ab" + XOFF + XON + b"cd" + XON + b"ef")
    assert reply.startswith(b"\r\n+QFUPL: 6,")
    assert bench.file("x") == b"abcdef"


@pytest.mark.parametrize("ifc", [(0, 0), (2, 2), (0, 1)])
def test_without_that_setting_they_are_data(ifc: tuple[int, int]) -> None:
    bench = Bench(profile(uart={"ifc_values": (0, 1, 2)}), ifc=ifc)
    bench.upload('AT+QFUPL="x",4', b"a" + XOFF + XON + b"b")
    assert bench.file("x") == b"a" + XOFF + XON + b"b"


def test_an_xoff_for_too_long_costs_the_output() -> None:
    bench = with_xonxoff()
    bench.send(XOFF + b"AT+CSQ\r")
    bench.run_for(s(1))
    bench.send(XON)
    assert bench.rest() == b""
    assert [event.count for event in bench.events(SendDropped)] == [len(CSQ)]


def test_an_xoff_is_forgotten_at_a_restart() -> None:
    bench = with_xonxoff()
    bench.ask("AT&W")
    bench.send(XOFF)
    bench.run_for(ms(1))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    assert b"RDY" in bench.run_for(s(15))


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (b"abc", b"abc"),
        (b"ab\x11c", b"ab"),
        (b"\x13abc", b"\x13"),
        (b"a\x13\x11", b"a"),
        (b"\x11\x13", b"\x11"),
    ],
)
def test_a_run_is_cut_at_control_bytes(data: bytes, head: bytes) -> None:
    assert before_control(ByteRun(0, 0, UnlimitedRate(), data, 0)).data == head
