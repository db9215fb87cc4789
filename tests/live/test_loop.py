"""The live loop on a real pty, turned by hand: what goes in comes out, whatever the host does."""

import os
import select
import termios
from collections.abc import Iterator

import pytest
import serial

from quecsim.flash.stall import AddedStall
from quecsim.live.clock import WallClock
from quecsim.live.loop import LiveLoop
from quecsim.live.ports.host_termios import read_settings
from quecsim.live.ports.pty_port import PtyPort
from quecsim.live.pty_host import PtyHost
from quecsim.live.readiness import Waker
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event, HostLine, LineMismatch, Rts, SendDropped

pytestmark = pytest.mark.pty
READ_TIMEOUT_S = 60.0


class Bench:
    """A loop that the test turns; model time runs a thousand times faster than the wall's."""

    def __init__(self, config: RigConfig, *, is_up: bool = True) -> None:
        self.events: list[Event] = []
        self.port = PtyPort(115_200)
        self.waker = Waker()
        self.rig = Rig(load_profile("ec200u"), config)
        self.rig.start(is_up=is_up)
        self.loop = LiveLoop(
            self.rig,
            PtyHost(self.rig, self.port),
            WallClock(1000.0),
            self.events.extend,
            self.waker,
        )

    def close(self) -> None:
        self.loop.close()
        self.port.close()

    def turn_until(self, host: serial.Serial, wanted: bytes) -> bytes:
        """Turn the loop until the host has read `wanted`."""
        seen = b""
        while wanted not in seen:
            self.loop.turn()
            seen += host.read(host.in_waiting)
            if wanted in seen:
                break
            if self.loop.is_quiet:  # the answer is on its way through the kernel
                select.select([host], [], [], READ_TIMEOUT_S)
            else:
                self.loop.wait(0.05)  # a kernel with a full buffer does not always wake a writer
        return seen


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(RigConfig())
    yield made
    made.close()


@pytest.fixture
def unlimited() -> Iterator[Bench]:
    made = Bench(RigConfig(is_unlimited=True))
    yield made
    made.close()


def test_a_command_and_its_answer(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        host.write(b"AT\r")
        assert bench.turn_until(host, b"OK\r\n") == b"AT\r\r\nOK\r\n"
    assert bench.loop.is_quiet


def test_the_hosts_settings_are_on_record_before_its_bytes(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 57_600, rtscts=True, timeout=0) as host:
        host.write(b"AT\r")
        bench.turn_until(host, b"OK\r\n")
    kinds = [type(event).__name__ for event in bench.events]
    assert kinds.index("HostLine") < kinds.index("HostBytes")
    line = next(event for event in bench.events if isinstance(event, HostLine))
    assert (line.baud, line.frame, line.flow) == (57_600, "8N1", "rtscts")


def test_a_host_that_does_not_read_holds_an_unlimited_line(unlimited: Bench) -> None:
    bench = unlimited
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        for _ in range(400):
            host.write(b"ATI\r")
            bench.loop.turn()
        assert not any(isinstance(event, SendDropped) for event in bench.events)
        bench.rig.check()
        host.write(b"AT+QFLDS\r")
        assert bench.turn_until(host, b"+QFLDS: 0,0").count(b"Revision") == 400


def test_nothing_to_do_means_no_deadline(bench: Bench) -> None:
    bench.loop.turn()
    # Idle costs no CPU: the loop sleeps without a time-out until somebody does something.
    assert bench.rig.deadline_ns() is None
    os.write(bench.waker.write_descriptor, b"x")
    bench.loop.wait()


def test_one_read_brings_what_several_system_calls_do(unlimited: Bench) -> None:
    port = unlimited.port
    with serial.Serial(port.path, 115_200, timeout=0, write_timeout=0) as host:
        written = host.write(bytes(range(256)) * 40)
        assert written > 8192, "a pty holds more than one read brings"
        got = b""
        while len(got) < written:
            select.select([port.descriptor], [], [], READ_TIMEOUT_S)
            got += port.read(65536)
    assert got == (bytes(range(256)) * 40)[:written]
    assert port.read(65536) == b""


def test_settings_are_one_object_until_the_host_changes_them(bench: Bench) -> None:
    before = bench.port.settings()
    assert bench.port.settings() is before
    with serial.Serial(bench.port.path, 250_000, timeout=0):
        assert bench.port.settings().baud == 250_000


def mismatches(bench: Bench) -> list[tuple[str, str]]:
    return [(e.host, e.device) for e in bench.events if isinstance(e, LineMismatch)]


def test_a_host_that_stays_at_its_rate_after_ipr_is_noticed(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        host.write(b"AT+IPR=9600\r")
        bench.turn_until(host, b"OK\r\n")
        assert not mismatches(bench)
        host.write(b"AT\r")
        bench.turn_until(host, b"OK\r\n")
    assert mismatches(bench) == [("115200 8N1", "9600 8N1")]


def test_data_bits_and_parity_that_a_pty_cannot_show_are_no_mismatch(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        host.write(b"AT+ICF=2,1\r")
        bench.turn_until(host, b"OK\r\n")
        host.write(b"AT\r")
        bench.turn_until(host, b"OK\r\n")
    assert bench.rig.device.settings.frame != "8N1"
    assert not mismatches(bench)


def test_a_host_that_only_listens_at_another_rate_is_noticed() -> None:
    bench = Bench(RigConfig(), is_up=False)
    with serial.Serial(bench.port.path, 9600, timeout=0) as host:
        seen = b""
        while b"RDY" not in seen:
            bench.loop.turn()
            seen += host.read(host.in_waiting)
            bench.loop.wait(0.01)
    assert mismatches(bench) == [("9600 8N1", "115200 8N1")]
    bench.close()


def test_rate_0_is_a_hang_up_and_leaves_the_line_as_it_was(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 57_600, timeout=0) as host:
        before = bench.port.settings()
        assert before.baud == 57_600
        attributes = termios.tcgetattr(host.fileno())
        attributes[4] = attributes[5] = termios.B0
        termios.tcsetattr(host.fileno(), termios.TCSANOW, attributes)
        assert read_settings(bench.port.descriptor).baud == 0
        assert bench.port.settings() == before
        host.write(b"AT\r")
        assert bench.turn_until(host, b"OK\r\n").endswith(b"OK\r\n")


def test_a_held_host_that_gives_up_flow_control_is_noticed_and_what_it_wrote_is_held() -> None:
    day_ns = 24 * 3600 * 10**9
    bench = Bench(RigConfig(ifc=(2, 2), stalls=(AddedStall(day_ns, 1, None),)))
    with serial.Serial(bench.port.path, 115_200, timeout=0, rtscts=True) as host:
        host.write(b'AT+QFUPL="x",8000,65535\r')
        bench.turn_until(host, b"CONNECT\r\n")
        host.write(bytes(8000))
        while not bench.rig.is_host_held:
            bench.loop.turn()
            bench.loop.wait(0.01)
        host.rtscts = False
        bench.loop.wait()  # the device stops for a day: only the look at the host ends this
        bench.loop.turn()
        assert bench.rig.host_flow == "none"
        assert bench.rig.is_host_held
    bench.close()


def upload(bench: Bench, host: serial.Serial, count: int, **settings: object) -> None:
    """Write `count` bytes of an upload, flush, set the port otherwise, and let the module end."""
    host.write(f'AT+QFUPL="x",{count},60\r'.encode())
    bench.turn_until(host, b"CONNECT\r\n")
    host.write(bytes(count))
    host.flush()
    for name, value in settings.items():
        setattr(host, name, value)
    bench.turn_until(host, b"+QFUPL: ")


def test_bytes_that_were_flushed_keep_the_rate_that_they_were_written_at(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        upload(bench, host, 2000, baudrate=9600)
    assert not [each for each in bench.events if _is_hosts_mismatch(each)]
    lines = [each.baud for each in bench.events if isinstance(each, HostLine)]
    assert lines == [115_200, 9600]


def test_bytes_that_were_flushed_keep_their_flow_control() -> None:
    """More than the UART takes at once: the rest waits in the kernel when the port is changed."""
    bench = Bench(RigConfig(ifc=(2, 2), stalls=(AddedStall(10**9, 1, None),)))
    with serial.Serial(bench.port.path, 115_200, timeout=0, rtscts=True) as host:
        upload(bench, host, 8000, rtscts=False)  # a pty holds that much
    assert bench.rig.counters()["lost"] == 0
    assert bench.rig.host_flow == "none"
    bench.close()


def test_bytes_behind_a_change_to_the_right_rate_are_at_that(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 9600, timeout=0) as host:
        host.write(b"AT\r")
        bench.turn_until(host, b"OK\r\n")
        host.baudrate = 115_200
        host.write(b"AT\r")
        bench.turn_until(host, b"OK\r\n")
    assert sum(map(_is_hosts_mismatch, bench.events)) == 1


def _is_hosts_mismatch(event: Event) -> bool:
    return isinstance(event, LineMismatch) and event.sender == "host"


def test_waiting_can_be_bounded(bench: Bench) -> None:
    bench.loop.turn()
    assert bench.rig.deadline_ns() is None
    bench.loop.wait(0.001)


def test_a_backlog_that_nobody_reads_is_not_quiet_but_settled(unlimited: Bench) -> None:
    bench = unlimited
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        while not bench.loop._host.has_backlog:
            host.write(b"ATI\r" * 10)
            bench.loop.turn()
        for _ in range(100):
            bench.loop.turn()
        assert not bench.loop.is_quiet
        assert bench.loop.is_settled


@pytest.mark.parametrize("flow", ["none", "xonxoff"])
def test_a_driver_with_xon_xoff_keeps_them_from_its_program(flow: str) -> None:
    stall = AddedStall(10**9, at_byte=1)
    bench = Bench(RigConfig(ifc=(1, 1), host_flow=flow, stalls=(stall,)))
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        host.write(b'AT+QFUPL="x",4000,65535\r')  # the model's seconds: 5 are soon over here
        bench.turn_until(host, b"CONNECT\r\n")
        host.write(b"x" * 4000)
        seen = bench.turn_until(host, b"OK\r\n")
        assert (b"\x13" in seen) == (flow == "none")
    assert any(isinstance(event, Rts) for event in bench.events)
    bench.close()
