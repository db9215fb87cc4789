"""A device with Bluetooth LE, somebody on the air who answers it, and who turns both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from quecsim.faults import Fault
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import Event, FaultFired
from quecsim.units import S, ms
from tests.laws.trial_ble import Answering

PROFILE = load_profile("fcm242d")


@dataclass
class Run:
    """In time of its own: it has said `said` to its host since anybody looked."""

    step_ns: int = 0
    faults: Sequence[Fault] = ()
    peer: Answering | None = field(default_factory=Answering)
    events: list[Event] = field(default_factory=list)
    said: bytes = b""
    now_ns: int = 0

    def __post_init__(self) -> None:
        self.rig = Rig(PROFILE, RigConfig(faults=tuple(self.faults)), ble_peer=self.peer)
        self.rig.start(0)
        self.go(ms(100))
        self.tell("AT+QECHO=0")

    def tell(self, line: str) -> None:
        self.rig.host_write(self.now_ns, line.encode() + b"\r")
        self.go(ms(20))

    def go(self, for_ns: int) -> None:
        end_ns = self.now_ns + for_ns
        while self.step_ns and self.now_ns + self.step_ns < end_ns:
            self.now_ns += self.step_ns
            self.rig.advance(self.now_ns)
            self.rig.check()
        self.now_ns = end_ns
        self.rig.advance(end_ns)
        self.events += self.rig.take_events()
        self.said += b"".join(run.data for run in self.rig.take_output())

    def want(self, what: str, n: int = 0) -> None:
        self.tell(f"AT+TBLE={what},{n}")

    def heard(self) -> list[str]:
        """What the device has heard since the last call, as it tells its host."""
        lines = self.said.decode().split("\r\n")
        self.said = b""
        return [line.removeprefix("+TBLE: ") for line in lines if line.startswith("+TBLE")]

    def struck(self) -> list[str]:
        """What the faults have hit, at the end of the run; which repeats it from its record."""
        self.end()
        again = replay(self.events)
        assert again.is_same, (again.was, again.now)
        return [event.what for event in self.of(FaultFired)]

    def end(self, for_ns: int = 15 * S) -> "Run":
        self.go(for_ns)
        self.rig.finish(self.now_ns)
        self.rig.check()
        self.events += self.rig.take_events()
        return self

    def of(self, *kinds: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kinds)]
