"""AT and its OK through a pty, against ten lines that say OK to everything.

Two hosts: pyserial, which is what most host programs use, and bare reads and writes.
"""

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.host import BareHost, Host, PyserialHost
from benchmarks.measure import Measurement, median_ratio, percentile, spread
from benchmarks.peer import ZERO_LATENCY, Peer
from benchmarks.sizes import Sizes

_WARM_UP = 20


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Unlimited line, no command latency, no echo."""
    with (
        Peer.bare("bare_echo.py") as echo,
        Peer.simulator(ZERO_LATENCY, "--speed", "unlimited") as simulator,
    ):
        for kind in (PyserialHost, BareHost):
            with kind(simulator.port) as host, kind(echo.port) as bare_host:
                host.ask(b"ATE0")
                yield _compare(kind.name, host, bare_host, sizes)


def _compare(name: str, host: Host, bare_host: Host, sizes: Sizes) -> Measurement:
    rounds = [
        (_times_us(host, sizes.round_trips), _times_us(bare_host, sizes.round_trips))
        for _ in range(sizes.round_trip_rounds)
    ]
    pairs = [(median(ours), median(bare)) for ours, bare in rounds]
    ours, bare = (
        [time for times in column for time in times] for column in zip(*rounds, strict=True)
    )
    return Measurement(
        f"AT round trip, {name}",
        median_ratio(pairs),
        "x a ten-line echo",
        f"median {median(ours):.0f} us (99 %: {percentile(ours, 99):.0f}) against "
        f"{median(bare):.0f} us ({percentile(bare, 99):.0f}); {spread(pairs)}",
        2.0,
        1.3,
    )


def _times_us(host: Host, count: int) -> list[float]:
    for _ in range(min(count, _WARM_UP)):
        host.ask(b"AT")
    times = []
    for _ in range(count):
        begin_ns = time.perf_counter_ns()
        host.ask(b"AT")
        times.append((time.perf_counter_ns() - begin_ns) / 1e3)
    return times
