"""A host that follows a script against a rig, and the report on it."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from quecsim.border import Peer
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Files, Profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event, Lost, Urc, UrcDropped
from quecsim.units import s

DEVICE = load_profile("ec200u")
M95 = load_profile("m95")  # it has RAM: and NVRAM: as well
PAYLOAD = bytes(range(33, 127)) * 100  # no CR, no LF; it holds neither "AT" nor "+++"


def device(ring_bytes: int = 4096, **files: object) -> Profile:
    """An EC200U with another ring, or other FILE quirks."""
    uart = replace(
        DEVICE.uart,
        rx_ring_bytes=ring_bytes,
        rts_off_bytes=ring_bytes * 3 // 4,
        rts_on_bytes=ring_bytes // 4,
    )
    changed: Files = replace(DEVICE.files, **files)
    return replace(DEVICE, uart=uart, files=changed)


class Story:
    """A run with its events and reports. `say` lets time pass, then writes."""

    def __init__(
        self,
        profile: Profile = DEVICE,
        config: RigConfig | None = None,
        image: bytes | None = None,
        peer: Peer | None = None,
    ) -> None:
        flash = bytearray(image) if image else None
        self.rig = Rig(profile, config, storage=flash, peer=peer)
        self.rig.start()
        self.events: list[Event] = []
        self.builder = ReportBuilder()
        self.now_ns = 0

    def say(self, pause_ns: int, data: bytes) -> "Story":
        self.wait(pause_ns)
        self.rig.host_write(self.now_ns, data)
        return self

    def wait(self, pause_ns: int) -> "Story":
        self.now_ns += pause_ns
        self.rig.advance(self.now_ns)
        self._take()
        return self

    @property
    def flash(self) -> bytes:
        """The flash as it is, for another story."""
        storage = self.rig.nor.storage
        return bytes(storage[0 : len(storage)])

    def cut_power(self) -> "Story":
        self.rig.cut_power(self.now_ns)
        self._take()
        return self

    def power_on(self) -> "Story":
        self.rig.power_on(self.now_ns)
        return self

    def restore(self) -> "Story":
        self.rig.restore_firmware(self.now_ns)
        self._take()
        return self

    def until(self, text: str) -> "Story":
        """Wait for an unsolicited result code that is sent, or would be."""
        begin = len(self.events)
        while text not in [e.text for e in self.events[begin:] if isinstance(e, Urc | UrcDropped)]:
            due_ns = self.rig.deadline_ns()
            assert due_ns is not None, f"{text} never came"
            self.wait(due_ns - self.now_ns)
        return self

    def tell(self, script: Iterable[tuple[int, bytes]], rest_ns: int = s(20)) -> "Story":
        for pause_ns, data in script:
            self.say(pause_ns, data)
        return self.wait(rest_ns)

    @property
    def report(self) -> Report:
        return self.builder.report(
            self.rig.open_events(self.now_ns), self.rig.counters(), self.rig.profile
        )

    def of(self, kind: type) -> Sequence[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def lost_offsets(self) -> set[int]:
        lost = [event for event in self.events if isinstance(event, Lost)]
        return {
            offset for event in lost for offset in range(event.offset, event.offset + event.count)
        }

    def _take(self) -> None:
        events = self.rig.take_events()
        self.events += events
        self.builder.feed(events)


def qfupl(size: int, *, name: str = "ca.pem", timeout_s: int = 5, ack: bool = False) -> bytes:
    return b'AT+QFUPL="UFS:%s",%d,%d%s\r' % (name.encode(), size, timeout_s, b",1" * ack)
