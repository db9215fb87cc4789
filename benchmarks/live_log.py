"""What `quecsim run --log` costs a live run at 921600 baud: nothing that moves its times."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.host import BareHost
from benchmarks.measure import Measurement, median_ratio
from benchmarks.peer import HERE, Peer
from benchmarks.sizes import Sizes

_BAUD = 921_600
_MANY_LINES = str(HERE / "small-buffer.toml")
_ROUNDS = 5


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The same upload with and without a log into a file, by turns."""
    data = bytes(range(256)) * (sizes.paced_bytes // 256)
    pairs: list[tuple[tuple[float, float], tuple[float, float]]] = []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        for _ in range(min(_ROUNDS, sizes.starts)):
            plain = _upload(data)
            logged = _upload(data, f"--log={log}")
            pairs.append((logged, plain))
        lines = log.read_bytes().count(b"\n")
    yield Measurement(
        f"log at {_BAUD}, time against none",
        median_ratio((logged[0], plain[0]) for logged, plain in pairs),
        "x",
        f"{len(data)} bytes in {pairs[-1][0][0]:.4f} s, {lines} lines",
        need=1.005,
        aim=1.001,
    )
    yield Measurement(
        f"log at {_BAUD}, processor against none",
        median_ratio((logged[1], plain[1]) for logged, plain in pairs),
        "x",
        f"{pairs[-1][0][1]:.3f} s against {pairs[-1][1][1]:.3f} s",
        need=2,
    )


def _upload(data: bytes, *options: str) -> tuple[float, float]:
    """Seconds by the clock, and on a processor."""
    with Peer.simulator(_MANY_LINES, *options) as peer, BareHost(peer.port) as host:
        host.ask(b"ATE0")
        host.ask(b"AT+IPR=%d" % _BAUD)
        host.set_baud(_BAUD)
        before_ns = peer.cpu_ns_of_all
        seconds, _ = host.upload(data)
        return seconds, (peer.cpu_ns_of_all - before_ns) / 1e9
