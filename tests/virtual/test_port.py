"""The virtual port: pyserial's meaning, in virtual time."""

import pytest
import serial

from quecsim.flash.stall import AddedStall
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.units import ms
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.port import VirtualPort


def make_port(config: RigConfig | None = None, **options: object) -> VirtualPort:
    rig = Rig(load_profile("ec200u"), config)
    rig.start()
    return VirtualPort(rig, **options)  # type: ignore[arg-type]


def test_a_reply_arrives_at_the_pace_of_the_line() -> None:
    port = make_port(timeout=1.0)
    port.write(b"ATE0\r")
    assert port.read(11) == b"ATE0\r\r\nOK\r\n"
    # 5 bytes there, the wait for an LF, the latency, 6 bytes back; 86.8 us each.
    assert ms(20) < port.now_ns < ms(30)


def test_a_read_times_out_in_virtual_time() -> None:
    port = make_port(timeout=2.5)
    assert port.read(1) == b""
    assert port.now_ns == ms(2500)


def test_a_read_without_time_out_hangs_when_nothing_will_come() -> None:
    port = make_port(timeout=None)
    port.write(b"AT\r")
    assert port.read(9) == b"AT\r\r\nOK\r\n"
    with pytest.raises(HostHungError):
        port.read(1)


def test_in_waiting_and_reset_input_buffer() -> None:
    port = make_port()
    port.write(b"AT\r")
    port.sleep(1)
    assert port.in_waiting == 9
    port.reset_input_buffer()
    assert port.in_waiting == 0


def test_sleep_lets_time_pass() -> None:
    port = make_port()
    port.sleep(0.25)
    assert port.now_ns == ms(250)


def test_a_write_waits_for_the_line() -> None:
    port = make_port()
    port.write(b"x" * 20_000)
    # All but what the far UART's queue holds has gone over the wire at 11,520 bytes a second.
    assert port.now_ns > ms(1000)


def test_a_write_times_out_when_the_device_holds_the_line() -> None:
    stall = AddedStall(ms(60_000), at_byte=1)
    config = RigConfig(ifc=(2, 2), host_flow="rtscts", stalls=(stall,))
    port = make_port(config, write_timeout=3.0, timeout=1.0, rtscts=True)
    port.write(b'AT+QFUPL="x",100000,60\r')
    assert b"CONNECT" in port.read(200)
    with pytest.raises(serial.SerialTimeoutException):
        port.write(b"x" * 100_000)
    assert port.rig.counters()["lost"] == 0
