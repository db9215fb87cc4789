"""A simulated device on the bench, for tests of the long part's steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import serial

import quecsim
from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding
from quecsim.probe.step import Step
from quecsim.profiles.loader import load_profile


@contextmanager
def on_bench(name: str, **options: Any) -> Iterator[Bench]:
    """A bench with that device on it, in virtual time."""
    with quecsim.open_virtual(name, **options) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.05)
        bench = Bench(port, base=load_profile(name))
        assert bench.sync()
        yield bench


def found_by(bench: Bench, *steps: Step) -> dict[str, Finding]:
    """What the steps find, one after the other; all is put back, and nothing of ours is left."""
    with bench.scope():
        for step in steps:
            with bench.scope():
                for finding in step.run(bench):
                    bench.found[finding.key] = finding
    assert bench.not_restored == []
    assert not [line for line in bench.command("AT+QFLST").lines if "QSIMPROBE" in line]
    return bench.found
