"""A host as a script, and one run of it: the common ground of the laws.

A script is a list of steps, each some time after the one before it. `play` runs it against a fresh
rig and keeps everything that came of it. A `Cutter` hands over the same bytes in other pieces and
calls `advance` at other times.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

import msgspec
from hypothesis import HealthCheck, Phase, settings

from quecsim.at.context import Context
from quecsim.device.power import PowerState
from quecsim.errors import QuecsimError
from quecsim.faults import Fault
from quecsim.peers.broker import Broker
from quecsim.peers.served import Offer, Served
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event, HostBytes, Lost
from quecsim.units import S

DEVICES = (
    "ec200u", "ec200t", "uc200t", "ec200s", "eg912y", "m95", "fcm242d", "fgm842d", "ec25", "bg95",
)  # fmt: skip
device_profile = cache(load_profile)
FASTEST_BYTE_NS = (
    10 * S // max(baud for name in DEVICES for baud in device_profile(name).uart.bauds)
)
PLACES = ("stored", "forwarded", "eaten", "lost", "in_flight")
"""Where the bytes of the host are, as `Rig.counters` has it."""
_LEAST = 10
_SEARCH = int(os.environ.get("QUECSIM_SEARCH", "0"))


def law(examples: int) -> settings:
    """How long to look for a counterexample: the same examples each time, half of `examples`.

    With QUECSIM_SEARCH=n in the environment: n times `examples`, and other ones each time.
    """
    return settings(
        max_examples=examples * _SEARCH or max(_LEAST, examples // 2),
        derandomize=not _SEARCH,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@dataclass(frozen=True, slots=True)
class Write:
    """The host writes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """The host sets its port."""

    baud: int
    frame: str
    flow: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The host's own RTS."""

    ready: bool


@dataclass(frozen=True, slots=True)
class CutPower:
    """Somebody pulls the plug."""


@dataclass(frozen=True, slots=True)
class PowerOn:
    """Somebody presses the power key; without effect on a device that is on."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Somebody puts the factory's firmware back."""


@dataclass(frozen=True, slots=True)
class Inject:
    """Somebody puts a fault into the running device."""

    fault: Fault


Action: TypeAlias = Inject | Write | Line | Ready | CutPower | PowerOn | Restore
Step: TypeAlias = tuple[int, Action]  # nanoseconds after the step before, what happens


Parts: TypeAlias = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a run depends on besides the script.

    `parts` is what differs from the device's own profile: `{"uart": {"rx_ring_bytes": 64}}`; what
    it says of a part that the device does not have is not used. `has_broker`: broker.example:1883
    is there.
    """

    parts: Parts = field(default_factory=dict)
    config: RigConfig = field(default_factory=RigConfig)
    device: str = "ec200u"
    has_broker: bool = False

    @property
    def profile(self) -> Profile:
        shipped = device_profile(self.device)
        changed = {
            name: msgspec.structs.replace(getattr(shipped, name), **values)
            for name, values in self.parts.items()
            if getattr(shipped, name) is not None
        }
        return msgspec.structs.replace(shipped, **changed)

    def rig(self, storage: bytearray | None = None) -> Rig:
        peer = Served({("broker.example", 1883): Offer(Broker(), "192.0.2.10")})
        return Rig(
            self.profile, self.config, storage=storage, peer=peer if self.has_broker else None
        )


@dataclass(slots=True)
class Run:
    """What came of a script. `output` holds (arrival time, byte) of each byte to the host.

    `secrets` are the certificates: what QSECREAD would say of each.
    """

    output: list[tuple[int, int]]
    events: list[Event]
    files: list[tuple[str, bytes]]
    secrets: dict[str, tuple[bool, int]]
    revision: str
    power: PowerState
    counters: dict[str, int]
    end_ns: int

    @property
    def text(self) -> bytes:
        return bytes(byte for _, byte in self.output)

    def of(self, *kinds: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kinds)]

    def lost_offsets(self, cause: str = "ring") -> set[int]:
        return {
            place
            for lost in self.of(Lost)
            if lost.cause == cause
            for place in range(lost.offset, lost.offset + lost.count)
        }


@dataclass(slots=True)
class Cutter:
    """Other pieces of the same writes, and more calls of `advance`.

    `cuts` are sizes of pieces, used up in turn; `waits` are shares (of 1000) of the time for which
    the bytes before a piece certainly keep the line busy; `naps` are shares of the time between
    two steps at which `advance` is called in between; `takes`: the events are taken each time;
    `waits_for` output or room, on the way to each of these times, as a host that reads or writes.
    """

    cuts: Sequence[int] = ()
    waits: Sequence[int] = ()
    naps: Sequence[int] = ()
    takes: bool = False
    waits_for: Literal["", "output", "room"] = ""
    _turn: int = field(default=0)

    def _next(self, values: Sequence[int], default: int) -> int:
        self._turn += 1
        return values[self._turn % len(values)] if values else default

    def pieces(self, data: bytes, byte_ns: int) -> Iterator[tuple[int, bytes]]:
        """(nanoseconds after the write, piece)"""
        at, wait_ns = 0, 0
        while at < len(data) or not data:
            size = self._next(self.cuts, len(data))
            if at:
                # Strictly within the last byte of the pieces before: the line is still busy.
                busy_ns = max(0, at * byte_ns - 1)
                share = self._next(self.waits, 0)
                wait_ns = max(wait_ns, busy_ns * share // 1000)
            yield wait_ns, data[at : at + size]
            at += size
            if not data:
                return

    def times(self, from_ns: int, to_ns: int) -> list[int]:
        """When to call `advance` on the way."""
        return sorted(from_ns + (to_ns - from_ns) * share // 1000 for share in self.naps)


def play(setup: Setup, script: Sequence[Step], cutter: Cutter | None = None) -> Run:
    """Run `script` on a fresh rig, then let everything run dry; finishes the run."""
    stage = _Stage(setup.rig(), setup, cutter or Cutter())
    for gap_ns, action in script:
        stage.go_to(stage.now_ns + gap_ns)
        stage.do(action)
    return stage.end()


class _Stage:
    def __init__(self, rig: Rig, setup: Setup, cutter: Cutter) -> None:
        self.rig = rig
        self.cutter = cutter
        self.now_ns = 0
        self.output: list[tuple[int, int, int]] = []
        self.events: list[Event] = []
        is_paced = setup.config.port == "uart" and not setup.config.is_unlimited
        self.byte_ns = FASTEST_BYTE_NS if is_paced else 0
        self.pending: list[tuple[int, bytes]] = []
        rig.start()

    def go_to(self, now_ns: int) -> None:
        """Call `advance` up to `now_ns`, at the cutter's own times too; late pieces on the way."""
        for nap_ns in self.cutter.times(self.now_ns, now_ns):
            self._advance(nap_ns)
        self._advance(now_ns)

    def do(self, action: Action) -> None:
        rig, now_ns = self.rig, self.now_ns
        match action:
            case Write(data):
                self._write(data)
            case Line(baud, frame, flow):
                self._write_pending()  # bytes keep the settings that they were written with
                rig.host_line(now_ns, baud, frame, flow)
            case Ready(ready):
                rig.host_ready(now_ns, ready=ready)
            case CutPower():
                rig.cut_power(now_ns)
            case PowerOn():
                if rig.device.power is PowerState.OFF:
                    rig.power_on(now_ns)
            case Restore():
                rig.restore_firmware(now_ns)
            case Inject(fault):
                with suppress(QuecsimError):  # a file that is open, or for which there is no room
                    rig.inject(now_ns, fault)

    def _write_pending(self) -> None:
        for _, piece in self.pending:
            self.rig.host_write(self.now_ns, piece)
        self.pending.clear()

    def end(self) -> Run:
        """Two minutes of silence: nothing the device does takes longer than its time-outs."""
        self.go_to(self.now_ns + 120 * S)
        self.rig.finish(self.now_ns)
        self.rig.check()
        context, ufs = self.rig.device.context, self.rig.device.context.ufs
        return Run(
            output=[(at_ns, byte) for at_ns, _, byte in sorted(self.output)],
            events=self.events + self.rig.take_events(),
            files=[(name, ufs.read_file(name)) for name, _ in ufs.files()],
            secrets=secrets(context),
            revision=context.revision,
            power=self.rig.device.power,
            counters=self.rig.counters(),
            end_ns=self.now_ns,
        )

    def _write(self, data: bytes) -> None:
        start_ns = self.now_ns
        for wait_ns, piece in self.cutter.pieces(data, self.byte_ns):
            self.pending.append((start_ns + wait_ns, piece))
        self._hand_over(start_ns)

    def _advance(self, now_ns: int) -> None:
        while self.pending and self.pending[0][0] <= now_ns:
            at_ns = self.pending[0][0]
            self._step(at_ns)
            self._hand_over(at_ns)
        self._step(now_ns)

    def _hand_over(self, now_ns: int) -> None:
        while self.pending and self.pending[0][0] <= now_ns:
            self.rig.host_write(now_ns, self.pending.pop(0)[1])

    def _wait(self, now_ns: int) -> None:
        """As virtual time does it: from one thing that a host waits for to the next."""
        rig = self.rig
        if self.cutter.waits_for == "output":
            while rig.run_to_output(now_ns) < now_ns:
                pass
        elif self.cutter.waits_for == "room":
            while (queued := rig.host_queued) and (
                rig.run_to_queued(now_ns, queued - 1, or_output=True) < now_ns
            ):
                pass

    def _step(self, now_ns: int) -> None:
        self.now_ns = now_ns
        self._wait(now_ns)
        self.rig.advance(now_ns)
        counters = self.rig.counters()
        assert counters["sent"] + counters.get("inserted", 0) == sum(
            counters.get(place, 0) for place in PLACES
        )
        for run in self.rig.take_output():
            for index, byte in enumerate(run.data):
                self.output.append((run.edge_ns(index), run.offset + index, byte))
        if self.cutter.takes:
            self.events += self.rig.take_events()


def secrets(context: Context) -> dict[str, tuple[bool, int]]:
    """What QSECREAD would say of each certificate that is there."""
    vault, store = context.vault, context.profile.secure
    if vault is None or store is None:
        return {}
    labels = [*(f"NVRAM:{slot}" for slot in store.slots), "RAM:a", "RAM:b"]
    return {label: vault.check(label) for label in labels if vault.size(label) is not None}


def essence(events: Iterable[Event]) -> list[Event]:
    """The record without what only shows how the host's writes were cut: the pieces themselves."""
    return [event for event in events if not isinstance(event, HostBytes)]
