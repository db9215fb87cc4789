"""AT and its OK through a pty, against ten lines that say OK to everything.

Two hosts: pyserial, which is what most host programs use, and bare reads and writes.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

import serial

from benchmarks.host import BareHost
from benchmarks.measure import Measurement, percentile
from benchmarks.peer import ZERO_LATENCY, Peer
from benchmarks.sizes import Sizes

_WARM_UP = 20
Ask = Callable[[], object]


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Unlimited line, no command latency, no echo."""
    with (
        Peer.bare("bare_echo.py") as echo,
        Peer.simulator(ZERO_LATENCY, "--speed", "unlimited") as simulator,
    ):
        with serial.Serial(simulator.port) as ours, serial.Serial(echo.port) as bare:
            asks = (_pyserial(ours), _pyserial(bare))
            yield _compare("AT round trip, pyserial", asks, sizes, need=2.0, aim=1.3)
        with BareHost(simulator.port) as host, BareHost(echo.port) as bare_host:
            asks = (_bare(host), _bare(bare_host))
            yield _compare("AT round trip, bare host", asks, sizes)


def _pyserial(port: serial.Serial) -> Ask:
    def ask() -> None:
        port.write(b"AT\r")
        port.read(6)

    port.write(b"ATE0\r")
    port.read_until(b"OK\r\n")
    return ask


def _bare(host: BareHost) -> Ask:
    host.ask(b"ATE0")
    return lambda: host.ask(b"AT")


def _compare(
    name: str,
    asks: tuple[Ask, Ask],
    sizes: Sizes,
    need: float | None = None,
    aim: float | None = None,
) -> Measurement:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(sizes.round_trip_rounds):
        for ask, times in zip(asks, (ours, bare), strict=True):
            times += _times_us(ask, sizes.round_trips)
    return Measurement(
        name,
        median(ours) / median(bare),
        "x a ten-line echo",
        f"median {median(ours):.0f} us (99 %: {percentile(ours, 99):.0f}) against "
        f"{median(bare):.0f} us ({percentile(bare, 99):.0f})",
        need,
        aim,
    )


def _times_us(ask: Ask, count: int) -> list[float]:
    for _ in range(min(count, _WARM_UP)):
        ask()
    times = []
    for _ in range(count):
        begin_ns = time.perf_counter_ns()
        ask()
        times.append((time.perf_counter_ns() - begin_ns) / 1e3)
    return times
