"""What `quecsim tap` costs: the same host on a port directly, through the tap, and through socat,
which is what one would otherwise put in between. At the end of each is a bare program.

Added time counts: what a round trip takes more than directly. In practice a line paces it all, so
there is also an upload at 115200 baud, directly and through the tap.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.host import BareHost
from benchmarks.measure import Measurement, median_ratio, percentile, spread
from benchmarks.peer import Peer, quecsim_command
from benchmarks.sizes import Sizes

_MB = 1e6
_WARM_UP = 20
_PATIENCE_S = 10.0


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Directly, through the tap, through socat: in turn."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _round_trips(sizes, Path(folder))
        yield from _bulk(sizes, Path(folder))
        yield _paced(sizes, Path(folder))


@contextmanager
def _tapped(port: str, folder: Path) -> Iterator[str]:
    """The port for a host of a tap on `port`, with its record on disk."""
    with Peer(*quecsim_command(), "tap", port, "-q", "--trace", str(folder / "tap.jsonl")) as tap:
        yield tap.port


@contextmanager
def _through_socat(port: str, folder: Path) -> Iterator[str]:
    """The same of socat; empty where that is not installed."""
    if shutil.which("socat") is None:
        yield ""
        return
    link = folder / "socat"
    command = ["socat", f"PTY,link={link},rawer", f"{port},rawer"]
    with subprocess.Popen(command) as process:
        end_s = time.monotonic() + _PATIENCE_S
        while not link.exists() and time.monotonic() < end_s:
            time.sleep(0.01)
        yield str(link)
        process.terminate()


@contextmanager
def _ways(program: str, folder: Path) -> Iterator[dict[str, str]]:
    """Three ways to a bare program, each with one of its own."""
    with (
        Peer.bare(program) as direct,
        Peer.bare(program) as behind_tap,
        Peer.bare(program) as behind_socat,
        _tapped(behind_tap.port, folder) as tapped,
        _through_socat(behind_socat.port, folder) as through,
    ):
        ways = {"direct": direct.port, "tap": tapped, "socat": through}
        yield {way: port for way, port in ways.items() if port}


def _round_trips(sizes: Sizes, folder: Path) -> Iterator[Measurement]:
    with _ways("bare_echo.py", folder) as ways:
        hosts = {way: BareHost(port) for way, port in ways.items()}
        for host in hosts.values():
            _times_us(host, _WARM_UP)
        rounds = [
            {way: _times_us(host, sizes.round_trips) for way, host in hosts.items()}
            for _ in range(sizes.round_trip_rounds)
        ]
        for host in hosts.values():
            host.close()
    times = {way: [time for each in rounds for time in each[way]] for way in ways}
    middle = {way: median(each) for way, each in times.items()}
    added = middle["tap"] - middle["direct"]
    told = ", ".join(
        f"{way} {middle[way]:.0f} us (99 %: {percentile(times[way], 99):.0f})" for way in ways
    )
    yield Measurement("tap, added to an AT round trip", added, "us", told, 1000.0, 300.0)
    if "socat" in ways:
        pairs = [(median(each["tap"]), median(each["socat"])) for each in rounds]
        yield Measurement(
            "tap, AT round trip", median_ratio(pairs), "x socat", spread(pairs), 3.0, 1.5
        )


def _bulk(sizes: Sizes, folder: Path) -> Iterator[Measurement]:
    data = os.urandom(sizes.bulk_bytes)
    with _ways("bare_drain.py", folder) as ways:
        hosts = {way: BareHost(port) for way, port in ways.items()}
        rounds = [
            {way: _rate(host, data) for way, host in hosts.items()}
            for _ in range(max(1, sizes.bulk_rounds // 3))
        ]
        for host in hosts.values():
            host.close()
    middle = {way: median(each[way] for each in rounds) for way in ways}
    told = ", ".join(f"{way} {middle[way] / _MB:.1f} MB/s" for way in ways)
    # 3,000,000 baud, the most that adapters do, are 0.3 MB/s
    rate = middle["tap"] / _MB
    yield Measurement("tap, bulk", rate, "MB/s", told, 0.6, 3.0, is_more_better=True)


def _paced(sizes: Sizes, folder: Path) -> Measurement:
    data = os.urandom(sizes.paced_bytes)
    options = ("ec200u", "--flash", "instant")
    with (
        Peer.simulator(*options) as direct,
        Peer.simulator(*options) as behind,
        _tapped(behind.port, folder) as tapped,
        BareHost(direct.port) as host,
        BareHost(tapped) as other,
    ):
        seconds = other.upload(data)[0], host.upload(data)[0]
    return Measurement(
        "tap, upload at 115200 baud",
        seconds[0] / seconds[1],
        "x directly",
        f"{len(data)} bytes: {seconds[0]:.3f} s against {seconds[1]:.3f} s",
        1.02,
        1.002,
    )


def _times_us(host: BareHost, count: int) -> list[float]:
    times = []
    for _ in range(count):
        begin_ns = time.perf_counter_ns()
        host.ask(b"AT")
        times.append((time.perf_counter_ns() - begin_ns) / 1e3)
    return times


def _rate(host: BareHost, data: bytes) -> float:
    seconds, _ = host.upload(data)
    return len(data) / seconds
