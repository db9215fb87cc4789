"""Bulk data through a pty: quecsim with an unlimited line, against a loop that only reads.

Two hosts: pyserial, which is what most host programs use, and bare writes.
"""

import os
from collections.abc import Iterator
from statistics import median

from benchmarks.host import BareHost, Host, PyserialHost
from benchmarks.measure import Measurement, median_ratio, spread
from benchmarks.peer import Peer
from benchmarks.sizes import Sizes

_MB = 1e6


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The same host uploads the same bytes to both, in turn."""
    data = os.urandom(sizes.bulk_bytes)
    with (
        Peer.bare("bare_drain.py") as drain,
        Peer.simulator("ec200u", "--speed", "unlimited", "--flash", "instant") as simulator,
    ):
        for kind in (PyserialHost, BareHost):
            with kind(simulator.port) as host, kind(drain.port) as bare_host:
                yield _compare(kind.name, host, bare_host, data, sizes.bulk_rounds)


def _compare(name: str, host: Host, bare_host: Host, data: bytes, rounds: int) -> Measurement:
    pairs = [(_rate(host, data), _rate(bare_host, data)) for _ in range(rounds)]
    ours, bare = (median(column) for column in zip(*pairs, strict=True))
    return Measurement(
        f"pty bulk upload, {name}",
        median_ratio(pairs),
        "of a bare read loop",
        f"{ours / _MB:.0f} MB/s against {bare / _MB:.0f} MB/s; {spread(pairs)}",
        0.3,
        0.6,
        is_more_better=True,
    )


def _rate(host: Host, data: bytes) -> float:
    """Bytes per second of one upload."""
    host.ask(b"ATE0")
    seconds, _ = host.upload(data)
    host.ask(b'AT+QFDEL="bench.bin"')
    return len(data) / seconds
