"""The page of a run (`quecsim report --html`): how long it takes to make, how large it is, and how
soon somebody who opens it sees something.

The browser is left out where Debian's Chromium, or playwright, is not installed.
"""

import importlib.util
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.scenario.payload import payload_bytes
from quecsim.trace.jsonl import TraceWriter
from quecsim.units import MS, S

_ROUNDS = 5
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_READY = "Number(document.documentElement.dataset.ready)"


@dataclass(frozen=True, slots=True)
class _Needs:
    """Of a page: seconds to make it, and megabytes."""

    make_s: float
    size_mb: float


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Of a bundle of certificates, and of a long upload; both lose bytes all the way."""
    rounds = min(_ROUNDS, sizes.starts)
    long = random.Random(1).randbytes(sizes.virtual_bytes)
    bundle = payload_bytes("bundle")[: sizes.report_bytes]
    yield from _measured("bundle", bundle, _Needs(2, 1.5), rounds)
    yield from _measured("long upload", long, _Needs(5, 3), rounds)


def _measured(name: str, data: bytes, needs: _Needs, rounds: int) -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        trace, page = Path(folder) / "run.jsonl", Path(folder) / "run.html"
        events, losses = _record(trace, data)
        took_s = median(_made(trace, page) for _ in range(rounds))
        about = f"{len(data)} bytes, {events} events, {losses} losses"
        yield Measurement(f"page of a {name}, made", took_s, "s", about, need=needs.make_s)
        size_mb = page.stat().st_size / 1e6
        yield Measurement(f"page of a {name}, size", size_mb, "MB", about, need=needs.size_mb)
        if shutil.which("chromium") and importlib.util.find_spec("playwright"):
            yield from _opened(name, page, rounds)


def _record(path: Path, data: bytes) -> tuple[int, int]:
    """A host streams `data` into a device with little buffer; events and losses."""
    made = make_scenario(scenario="thread-57329")
    rig = Rig(made.profile(), rig_config(made))
    rig.start()
    rig.host_write(0, f'AT+QFUPL="run.bin",{len(data)},5\r'.encode())
    rig.advance(S)
    rig.host_write(S, data)
    end_ns = S + len(data) * 10 * S // 115_200 + 60 * S
    with path.open("wb") as file:
        writer = TraceWriter(file)
        events = losses = 0
        for at_ns in range(S, end_ns, 1000 * MS):
            rig.advance(at_ns)
            taken = rig.take_events()
            writer.write(taken)
            events += len(taken)
            losses += sum(type(event).__name__ == "Lost" for event in taken)
        rig.finish(end_ns)
        writer.write(rig.take_events())
    return events, losses


def _made(trace: Path, page: Path) -> float:
    """Seconds of the whole command, from its start to its end."""
    begin_s = time.perf_counter()
    command = [sys.executable, "-m", "quecsim", "report", str(trace), "--html", str(page)]
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == 1, done.stderr  # bytes were lost
    return time.perf_counter() - begin_s


def _opened(name: str, page: Path, rounds: int) -> Iterator[Measurement]:
    """In a headless browser that runs already."""
    from playwright.sync_api import sync_playwright

    painted, ready = [], []
    with sync_playwright() as driver:
        path = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for _ in range(rounds):
            view = browser.new_page()
            view.goto(page.as_uri())
            view.wait_for_selector("html[data-ready]", state="attached")
            painted.append(view.evaluate(_PAINTED) / 1000)
            ready.append(view.evaluate(_READY) / 1000)
            view.close()
        browser.close()
    yield Measurement(
        f"page of a {name}, first view", median(painted), "s", "first contentful paint", need=1
    )
    yield Measurement(
        f"page of a {name}, timeline", median(ready), "s", "drawn, and to be zoomed", aim=1
    )
