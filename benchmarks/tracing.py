"""The record as a file: what it costs to write it, how large it is, and to run it again."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from benchmarks.virtual_time import upload
from quecsim.flash.timing import FlashMode
from quecsim.live.trace_file import TraceFile
from quecsim.run.replay import replay
from quecsim.trace.jsonl import read_trace

_WAY = FlashMode.TYPICAL, (0, 0)
_ROUNDS = 3


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The same upload with and without a packed trace, by turns; the best of each."""
    size = sizes.virtual_bytes
    plain_s, traced_s = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.jsonl.gz"
        for _ in range(_ROUNDS):
            begin_s = time.perf_counter()
            upload(size, *_WAY)
            plain_s.append(time.perf_counter() - begin_s)
            begin_s = time.perf_counter()
            trace = TraceFile(path, print)
            upload(size, *_WAY, trace.write)
            trace.close()
            traced_s.append(time.perf_counter() - begin_s)
        packed_bytes = path.stat().st_size
        events = read_trace(path)[1]
    yield Measurement(
        "tracing, time against none",
        min(traced_s) / min(plain_s),
        "x",
        f"{size} bytes: {min(traced_s):.3f} s against {min(plain_s):.3f} s, {len(events)} events",
        need=2,
        aim=None,
        is_more_better=False,
    )
    yield Measurement(
        "tracing, size packed",
        packed_bytes / 1e6,
        "MB",
        f"{size} bytes of a pattern; what a host sends that cannot be packed comes on top",
        need=1,
        aim=None,
        is_more_better=False,
    )
    begin_s = time.perf_counter()
    is_same = replay(events).is_same
    yield Measurement(
        "replay of it",
        time.perf_counter() - begin_s,
        "s",
        "the same" if is_same else "NOT THE SAME",
        need=None,
        aim=None,
        is_more_better=False,
    )
