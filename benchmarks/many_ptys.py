"""Many ptys in one process, all uploading at once in real time: pace, content, what each costs."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Measurement
from benchmarks.peer import HERE, Peer
from benchmarks.sizes import Sizes

_BITS, _BAUD = 10, 115_200
_PATIENCE_S = 300
_MANY = 100  # with fewer devices it is the interpreter that is measured


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The devices in one process, the hosts in another, flash out of the picture."""
    count, size = sizes.ptys, sizes.pty_bytes
    with Peer(sys.executable, "-m", "benchmarks.many_devices", str(count)) as peer:
        ports = [peer.port, *(peer.line() for _ in range(count - 1))]
        started_bytes, before_ns, begin_ns = peer.rss_bytes, peer.cpu_ns_of_all, time.monotonic_ns()
        hosts = _upload_all(size, ports)
        used_ns, passed_ns = peer.cpu_ns_of_all - before_ns, time.monotonic_ns() - begin_ns
        grown_bytes = peer.rss_bytes - started_bytes
        found = json.loads(peer.ask("what did you get?"))
    yield _pace(size, hosts)
    intact = sum(
        device["sha256"] == host["sha256"] and not device["lost"]
        for device, host in zip(found, hosts, strict=True)
    )
    yield Measurement(
        f"{count} ptys, uploads damaged", count - intact, "uploads", f"{intact} intact", 0.0
    )
    yield Measurement(
        f"{count} ptys, processor",
        used_ns / passed_ns / count * 100,
        "% of a core per device",
        f"{used_ns / 1e9:.2f} s in {passed_ns / 1e9:.2f} s: the need is one core for all",
        100 / count,
    )
    yield Measurement(
        f"{count} ptys, memory",
        (started_bytes + grown_bytes) / count / 1e6,
        "MB per device",
        f"resident {(started_bytes + grown_bytes) / 1e6:.0f} MB in all; "
        f"{started_bytes / 1e6:.0f} MB before the uploads",
        2.0 if count >= _MANY else None,
    )


def _upload_all(size: int, ports: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.many_hosts", str(size), *ports],
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        check=True,
        timeout=_PATIENCE_S,
    )
    hosts: list[dict[str, Any]] = json.loads(done.stdout)
    return hosts


def _pace(size: int, hosts: list[dict[str, Any]]) -> Measurement:
    off = sorted(
        abs(host["seconds"] / ((size + host["reply"]) * _BITS / _BAUD) - 1) * 100 for host in hosts
    )
    return Measurement(
        f"{len(hosts)} ptys at {_BAUD}",
        off[-1],
        "% off the line's own time, the worst",
        f"{size} bytes each; half of them within {off[len(off) // 2]:.3f} %",
        1.0,
    )
