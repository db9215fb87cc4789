"""Bulk data through a pty: quecsim with an unlimited line, against a loop that only reads."""

import os
from collections.abc import Iterator
from statistics import median

from benchmarks.host import BareHost
from benchmarks.measure import Measurement, median_ratio
from benchmarks.peer import Peer
from benchmarks.sizes import Sizes

_MB = 1e6


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The same host uploads the same bytes to both, in turn."""
    data = os.urandom(sizes.bulk_bytes)
    with (
        Peer.bare("bare_drain.py") as drain,
        Peer.simulator("ec200u", "--speed", "unlimited", "--flash", "instant") as simulator,
        BareHost(drain.port) as drain_host,
        BareHost(simulator.port) as host,
    ):
        pairs = [(_rate(host, data), _rate(drain_host, data)) for _ in range(sizes.bulk_rounds)]
    ours, bare = (median(column) for column in zip(*pairs, strict=True))
    yield Measurement(
        "pty bulk upload",
        median_ratio(pairs),
        "of a bare read loop",
        f"{len(data)} bytes: {ours / _MB:.1f} MB/s against {bare / _MB:.1f} MB/s",
        0.3,
        0.6,
        is_more_better=True,
    )


def _rate(host: BareHost, data: bytes) -> float:
    """Bytes per second of one upload."""
    host.ask(b"ATE0")
    seconds, _ = host.upload(data)
    host.ask(b'AT+QFDEL="bench.bin"')
    return len(data) / seconds
