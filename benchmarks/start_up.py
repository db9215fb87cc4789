"""From the shell's return key to the printed port path, against `python -c pass`."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.measure import Measurement
from benchmarks.peer import Peer
from benchmarks.sizes import Sizes


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Both in turn; the first pair only warms the file cache."""
    pairs = [(_simulator_s(), _python_s()) for _ in range(sizes.starts + 1)][1:]
    ours, python = (median(column) for column in zip(*pairs, strict=True))
    yield Measurement(
        "start-up",
        ours - python,
        "s more than python -c pass",
        f"{ours:.3f} s against {python:.3f} s",
        0.3,
    )


def _simulator_s() -> float:
    begin_ns = time.perf_counter_ns()
    with Peer.simulator("ec200u"):
        return (time.perf_counter_ns() - begin_ns) / 1e9


def _python_s() -> float:
    begin_ns = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return (time.perf_counter_ns() - begin_ns) / 1e9
