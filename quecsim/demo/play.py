"""Playing one upload of the demo: a device, on a pty or in virtual time, and a host that opens it.

    play(way, cargo, progress)      does it; returns an Outcome

Device and host share nothing but the port: the host is the one of `quecsim upload`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from quecsim.api import OpenDevice
from quecsim.checksum import checksum, checksum_text
from quecsim.demo.broker import BrokerAnswer, broker_answer
from quecsim.demo.ways import Cargo, Way
from quecsim.live.simulator import Simulator
from quecsim.report.model import Loss, Upload, Verdict
from quecsim.run.device_run import Watcher
from quecsim.trace.event import Event
from quecsim.virtual.device import VirtualDevice, open_virtual

Progress = Callable[[int, int], None]
"""Called with (bytes sent, bytes in all)."""

BAUD = 115200
_CHUNK_BYTES = 4096  # the certificate goes in one write, as from a microcontroller's one call


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


def play(way: Way, cargo: Cargo, progress: Progress | None = None) -> DemoOutcome:
    """Upload `cargo` in this `way`. Raises Interrupted on Ctrl-C, with the device stopped."""
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
        chunk_bytes=_CHUNK_BYTES,
        timeout_s=patience_s,
    )
    events: list[Event] = []
    with _device(way, cargo, events.extend) as device:
        port = open_port(device.port, baud=BAUD, rtscts=way.rtscts, timeout_s=patience_s)
        try:
            result = upload(port, plan, progress, sleep=time.sleep)
        finally:
            port.close()
        content = device.read_file(cargo.name) if cargo.name in device.files() else b""
        uploads = device.report().uploads
    seen = uploads[-1] if uploads else None
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
        broker=_asked(way, cargo, content),
    )


def _asked(way: Way, cargo: Cargo, content: bytes) -> BrokerAnswer | None:
    if cargo.payload != "certificate":
        return None
    return broker_answer(cargo.scenario(way), cargo.name, content)


@contextmanager
def _device(way: Way, cargo: Cargo, watch: Watcher) -> Iterator[OpenDevice | VirtualDevice]:
    """The device that the cargo is for, on a pty or in virtual time."""
    scenario = cargo.scenario(way)
    if cargo.is_virtual:
        with open_virtual(scenario=scenario) as virtual:
            virtual.watch(watch)
            yield virtual
            virtual.collect()
    else:
        with OpenDevice(Simulator(scenario, watch=watch)) as device:
            yield device
