"""What a simulator costs that nobody talks to: processor time, and memory."""

import time
from collections.abc import Iterator

from benchmarks.host import BareHost
from benchmarks.measure import Measurement
from benchmarks.peer import Peer
from benchmarks.sizes import Sizes

_SETTLE_S = 0.2


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """After a command and its OK, with the port still open."""
    with Peer.simulator("ec200u") as peer, BareHost(peer.port) as host:
        started_bytes = peer.rss_bytes
        host.ask(b"AT")
        time.sleep(_SETTLE_S)
        before_ns, before_ticks = peer.cpu_ns, peer.cpu_ticks
        time.sleep(sizes.idle_s)
        used_ns, ticks = peer.cpu_ns - before_ns, peer.cpu_ticks - before_ticks
        yield Measurement(
            "idle processor time",
            used_ns / 1e6,
            "ms",
            f"in {sizes.idle_s:g} s ({ticks} clock ticks)",
            0.0,
        )
        host.upload(bytes(100_000))
        yield Measurement(
            "memory",
            peer.rss_bytes / 1e6,
            "MB",
            f"resident after 100 kB; {started_bytes / 1e6:.1f} MB before",
        )
