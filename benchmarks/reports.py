"""`quecsim report`: its text, and each file that it writes, of a bundle with many losses and of a
large upload; from the shell's return key to the file, and how large that is.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.cli.report_files import OUTPUTS
from quecsim.demo.ways import CARGOES
from quecsim.host.plan import UploadPlan
from quecsim.host.port import open_port
from quecsim.host.uploader import upload
from quecsim.render.layout import counted
from quecsim.trace.event import Event
from quecsim.trace.jsonl import TraceWriter
from quecsim.virtual.device import open_virtual

_SCENARIO = "thread-57329"
_PATIENCE_S = 60
_NEED_S = {
    ("bundle", "text"): 0.5, ("bundle", "html"): 2, ("bundle", "vcd"): 3, ("large", "html"): 5,
}  # fmt: skip
_TOO_LONG = {("large", "vcd")}  # half a minute for 467 MB, as is told before it is written
_NEED_MB = {("bundle", "html"): 1.5, ("large", "html"): 3}


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The best of some rounds each, and of one for the large upload."""
    bundle = CARGOES[-1].data()[: sizes.report_bytes]
    large = random.Random(1).randbytes(sizes.report_large_bytes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, data, rounds in (
            ("bundle", bundle, sizes.report_rounds),
            ("large", large, 1),
        ):
            if not data:
                continue
            trace = folder / f"{title}.jsonl"
            lost = _record(trace, data)
            told = f"{len(data)} bytes, lost in {counted(lost, 'place')}"
            yield _text(title, trace, rounds, told)
            for output in OUTPUTS:
                if (title, output.name) in _TOO_LONG:
                    continue
                yield from _file(title, output.name, trace, rounds, told)


def _record(place: Path, data: bytes) -> int:
    """An upload by a host that does not wait, in virtual time; how many events tell of a loss."""
    events: list[Event] = []
    with open_virtual(scenario=_SCENARIO) as device:
        device.watch(events.extend)
        port = open_port(device.port, baud=115200, rtscts=False, timeout_s=_PATIENCE_S)
        plan = UploadPlan("file.bin", data, chunk_bytes=4096, timeout_s=_PATIENCE_S)
        upload(port, plan, None, sleep=time.sleep)
        port.close()
    with place.open("wb") as stream:
        TraceWriter(stream).write(events)
    return sum(type(event).__name__ == "Lost" for event in events)


def _text(title: str, trace: Path, rounds: int, told: str) -> Measurement:
    best_s = min(_report_s(trace) for _ in range(rounds))
    return Measurement(
        f"report, {title}: text", best_s, "s", told, _NEED_S.get((title, "text")),
        is_more_better=False,
    )  # fmt: skip


def _file(title: str, name: str, trace: Path, rounds: int, told: str) -> Iterator[Measurement]:
    place = trace.with_suffix(f".{name}")
    best_s = min(_report_s(trace, f"--{name}", str(place)) for _ in range(rounds))
    megabytes = place.stat().st_size / 1e6
    place.unlink()
    yield Measurement(
        f"report, {title}: --{name}", best_s, "s", f"{told}, {megabytes:.2f} MB",
        _NEED_S.get((title, name)), is_more_better=False,
    )  # fmt: skip
    if (title, name) in _NEED_MB:
        yield Measurement(
            f"report, {title}: --{name}, size", megabytes, "MB", told, _NEED_MB[title, name],
            is_more_better=False,
        )  # fmt: skip


def _report_s(trace: Path, *options: str) -> float:
    command = [sys.executable, "-m", "quecsim", "report", str(trace), *options]
    begin_s = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    took_s = time.perf_counter() - begin_s
    assert done.returncode in (0, 1), done.stderr.decode()
    return took_s
