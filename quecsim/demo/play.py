"""Playing one upload of the demo: a device, on a pty or in virtual time, and a host that opens it.

    play(way, cargo, progress)      does it; returns an Outcome

Device and host share nothing but the port: the host is the one of `quecsim upload`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from quecsim.api import OpenDevice
from quecsim.checksum import checksum, checksum_text
from quecsim.demo.broker import BrokerAnswer, ask_broker
from quecsim.demo.ways import Cargo, Way
from quecsim.live.simulator import Simulator
from quecsim.report.model import Loss, Report, Upload, Verdict
from quecsim.run.device_run import Watcher
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.virtual.device import VirtualDevice, open_virtual

Progress = Callable[[int, int], None]
"""Called with (bytes sent, bytes in all)."""

BAUD = 115200


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What came of one upload.

    `upload` is the device's side of it, None where the device never saw one. `stored_sum` is the
    checksum of what lies on the flash, `file_sum` that of the file. `answer_ns` is the time from
    CONNECT to the device's answer. `problems` is what the host noticed. `broker` is what the broker
    says to the file, where that is the one to check it by.
    """

    way: Way
    cargo: Cargo
    sent: int
    upload: Upload | None
    file_sum: str
    stored_sum: str
    answer_ns: int
    problems: list[str]
    events: list[Event]
    broker: BrokerAnswer | None = None

    @property
    def stored(self) -> int:
        """Bytes that are in the file."""
        return self.upload.stored if self.upload else 0

    @property
    def lost(self) -> int:
        """Bytes that the host sent and that are gone."""
        return self.upload.lost if self.upload else 0

    @property
    def first_loss(self) -> Loss | None:
        """Where it began."""
        return self.upload.losses[0] if self.upload and self.upload.losses else None

    @property
    def is_intact(self) -> bool:
        """The host is content, the device is, and the file on the flash is the file."""
        says_so = self.upload is not None and self.upload.verdict is Verdict.INTACT
        is_taken = self.broker is None or self.broker.is_let_in
        return says_so and not self.problems and self.stored_sum == self.file_sum and is_taken

    @property
    def is_as_told(self) -> bool:
        """It came out as the demo says."""
        if not self.way.loses:
            return self.is_intact
        is_refused = self.broker is None or not self.broker.is_let_in
        return self.lost > 0 and self.stored_sum != self.file_sum and is_refused


def play(
    way: Way, cargo: Cargo, progress: Progress | None = None, *, is_quick: bool = False
) -> DemoOutcome:
    """Upload `cargo` in this `way`, on a pty or, if it is so made or `is_quick`, in virtual time.

    Raises Interrupted on Ctrl-C, with the device stopped.
    """
    # pyserial is loaded only by those who upload
    from quecsim.host.plan import UploadPlan
    from quecsim.host.port import open_port
    from quecsim.host.uploader import upload

    data, patience_s = cargo.data(), cargo.patience_s(way)
    plan = UploadPlan(
        cargo.name,
        data,
        ack=way.ack,
        rtscts=way.rtscts,
        chunk_bytes=way.chunk_bytes,
        gap_ms=way.gap_ms,
        timeout_s=patience_s,
    )
    events: list[Event] = []
    scenario, is_virtual = cargo.scenario(way), is_quick or cargo.is_timed(way)
    with _device(scenario, events.extend, is_virtual=is_virtual) as device:
        port = open_port(device.port, baud=BAUD, rtscts=way.rtscts, timeout_s=patience_s)
        try:
            result = upload(port, plan, progress, sleep=time.sleep)
            content = device.read_file(cargo.name) if cargo.name in device.files() else b""
            broker = ask_broker(port, scenario, cargo.name) if cargo.is_checked else None
        finally:
            port.close()
        report = device.report()
    seen = report.uploads[-1] if report.uploads else None
    return DemoOutcome(
        way=way,
        cargo=cargo,
        sent=result.sent_bytes,
        upload=seen,
        file_sum=checksum_text(checksum(data)),
        stored_sum=checksum_text(checksum(content)),
        answer_ns=seen.end_ns - seen.begin_ns if seen and seen.end_ns is not None else 0,
        problems=result.problems,
        events=events,
        broker=_explained(broker, report),
    )


def _explained(broker: BrokerAnswer | None, report: Report) -> BrokerAnswer | None:
    """The device knows why."""
    connections = report.network.connections
    if broker is None or broker.is_let_in or not connections:
        return broker
    return replace(broker, why=connections[-1].sentence)


@contextmanager
def _device(
    scenario: Scenario, watch: Watcher, *, is_virtual: bool
) -> Iterator[OpenDevice | VirtualDevice]:
    """On a pty, or in virtual time; the record is complete behind it."""
    if is_virtual:
        with open_virtual(scenario=scenario) as virtual:
            virtual.watch(watch)
            yield virtual
    else:
        with OpenDevice(Simulator(scenario, watch=watch)) as device:
            yield device
