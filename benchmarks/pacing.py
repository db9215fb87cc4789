"""Pacing in real time: an upload takes as long as the line does, at every baud rate."""

from collections.abc import Iterator

from benchmarks.host import BareHost
from benchmarks.measure import Measurement
from benchmarks.peer import Peer
from benchmarks.sizes import Sizes

_BITS = 10  # 8N1


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """From the first byte of the file to the last of the final OK, flash out of the picture."""
    data = bytes(sizes.paced_bytes)
    for baud in sizes.bauds:
        with Peer.simulator("ec200u", "--flash", "instant") as peer, BareHost(peer.port) as host:
            host.ask(b"ATE0")
            host.ask(b"AT+IPR=%d" % baud)
            host.set_baud(baud)
            seconds, reply = host.upload(data)
        line_s = (len(data) + len(reply)) * _BITS / baud
        yield Measurement(
            f"pacing at {baud}",
            abs(seconds / line_s - 1) * 100,
            "% off the line's own time",
            f"{len(data)} bytes: {seconds:.4f} s, the line {line_s:.4f} s",
            0.5,
        )
