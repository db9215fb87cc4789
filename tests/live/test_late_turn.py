"""A loop that gets no processor: what waits in the port is read before anything times out."""

import contextlib
import os
import time
from collections.abc import Iterator
from typing import TypeVar

import pytest

from quecsim.live.clock import WallClock
from quecsim.live.loop import LiveLoop
from quecsim.live.ports.pty_port import PtyPort
from quecsim.live.pty_host import PtyHost
from quecsim.live.readiness import Waker
from quecsim.profiles.loader import load_profile
from quecsim.report.builder import ReportBuilder
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import ClockStopped, DataEnd, Event, HostBytes
from quecsim.units import ms, s

pytestmark = pytest.mark.pty
_E = TypeVar("_E")


class Wall:
    """The wall's clock, as the test has it."""

    def __init__(self) -> None:
        self.now_ns = 0

    def monotonic_ns(self) -> int:
        return self.now_ns


class Bench:
    """A loop whose clock the test turns: `pass_time` is a machine that has a processor for it."""

    def __init__(self, wall: Wall, scale: int) -> None:
        self.scale = scale
        self.events: list[Event] = []
        self.wall = wall
        self.port = PtyPort(115_200)
        self.rig = Rig(load_profile("ec200u"), RigConfig())
        self.rig.start()
        self.loop = LiveLoop(
            self.rig,
            PtyHost(self.rig, self.port),
            WallClock(float(scale)),
            self.events.extend,
            Waker(),
        )
        self.host = os.open(self.port.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.said = b""

    def pass_time(self, until_ns: int) -> None:
        while self.wall.now_ns < until_ns:
            timeout_s = self.loop.timeout_s()
            step_ns = until_ns if timeout_s is None else self.wall.now_ns + int(timeout_s * 1e9) + 1
            self.wall.now_ns = min(until_ns, step_ns)
            self.turn()

    def stop_until(self, until_ns: int) -> None:
        """No processor until then."""
        self.wall.now_ns = until_ns
        self.turn()

    def turn(self) -> None:
        self.loop.turn()
        with contextlib.suppress(BlockingIOError):
            self.said += os.read(self.host, 65536)

    def write(self, data: bytes) -> None:
        assert os.write(self.host, data) == len(data)

    def found(self, kind: type[_E]) -> list[_E]:
        return [event for event in self.events if isinstance(event, kind)]

    def close(self) -> None:
        os.close(self.host)
        self.loop.close()
        self.port.close()


@pytest.fixture(params=[1, 1000], ids=["real time", "a thousand times faster"])
def bench(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    wall = Wall()
    monkeypatch.setattr(time, "monotonic_ns", wall.monotonic_ns)
    made = Bench(wall, request.param)
    yield made
    made.close()


def upload_begins(bench: Bench, end_ns: int) -> None:
    bench.write(b'ATE0\rAT+QFUPL="x",4000,5\r')
    bench.turn()
    bench.pass_time(end_ns)
    assert bench.said.endswith(b"CONNECT\r\n")


def real(bench: Bench, model_ns: int) -> int:
    return model_ns // bench.scale


def test_what_waits_in_the_port_is_read_before_the_time_out(bench: Bench) -> None:
    upload_begins(bench, real(bench, s(1)))
    bench.write(b"x" * 1000)
    bench.turn()
    bench.pass_time(real(bench, s(2)))
    bench.write(b"y" * 3000)
    bench.stop_until(real(bench, s(9)))
    bench.pass_time(real(bench, s(11)))
    assert b"+QFUPL: 4000," in bench.said
    assert [end.why for end in bench.found(DataEnd)] == ["size"]
    stopped_ns = bench.loop.stopped_ns
    assert real(bench, s(1)) < stopped_ns < real(bench, s(7)), "beyond what was due, and a bit"


def test_the_record_tells_of_it_and_times_never_go_back(bench: Bench) -> None:
    upload_begins(bench, real(bench, s(1)))
    bench.write(b"x" * 1000)
    bench.stop_until(real(bench, s(200)))
    bench.write(b"y" * 3000)
    bench.stop_until(real(bench, s(400)))
    bench.pass_time(real(bench, s(500)))
    times = [event.at_ns for event in bench.found(HostBytes)]
    assert times == sorted(times)
    assert sum(event.real_ns for event in bench.found(ClockStopped)) == bench.loop.stopped_ns
    builder = ReportBuilder()
    builder.feed(bench.events)
    report = builder.report()
    assert report.stopped_ns == bench.loop.stopped_ns


def test_a_machine_that_keeps_up_stops_no_clock(bench: Bench) -> None:
    upload_begins(bench, real(bench, s(1)))
    bench.pass_time(real(bench, s(10)))
    assert [end.why for end in bench.found(DataEnd)] == ["idle"], "a host that sends nothing"
    assert not bench.loop.stopped_ns
    assert not bench.found(ClockStopped)


def test_a_little_late_is_not_stopped_but_reads_first(bench: Bench) -> None:
    upload_begins(bench, real(bench, s(1)))
    due_ns = bench.rig.deadline_ns()
    assert due_ns is not None
    bench.write(b"x" * 4000)
    bench.stop_until(real(bench, due_ns + ms(200)))
    bench.pass_time(real(bench, s(10)))
    assert [end.why for end in bench.found(DataEnd)] == ["size"]
    assert not bench.loop.stopped_ns


def test_a_late_turn_leaves_no_gap_in_a_stream(bench: Bench) -> None:
    bench.write(b'ATE0\rAT+QFUPL="x",12000,5\r')
    bench.turn()
    bench.pass_time(real(bench, s(1)))
    sent = 0
    while sent < 12_000:  # as many as the kernel and the far UART hold
        with contextlib.suppress(BlockingIOError):
            sent += os.write(bench.host, bytes(12_000 - sent))
        bench.stop_until(bench.wall.now_ns + real(bench, ms(400)))
    bench.pass_time(bench.wall.now_ns + real(bench, s(3)))
    end = bench.found(DataEnd)[0]
    first = next(event for event in bench.found(HostBytes) if event.data.endswith(b"\0"))
    assert end.why == "size"
    line_ns = 12_000 * 10 * s(1) // 115_200
    assert end.at_ns - first.at_ns < line_ns + ms(100), "and the flash"
