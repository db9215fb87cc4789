"""The run itself, power, faults, jobs."""

from collections.abc import Iterator
from typing import Any

from quecsim.render.dialogue.line import Group, Way
from quecsim.render.dialogue.payload import cut
from quecsim.render.dialogue.scene import Scene, Tellers, Told
from quecsim.render.layout import safe
from quecsim.render.ring import ring_bytes
from quecsim.report.ble_names import names_of
from quecsim.trace.event import (
    AdapterErrors,
    ClockStopped,
    End,
    FaultFired,
    FaultInjected,
    HostClosed,
    HostOpened,
    JobBegin,
    JobEnd,
    Operated,
    Power,
    Start,
    UpgradeStep,
)
from quecsim.units import format_ns

_LOUD_POWER = frozenset({"dead"})


def _start(scene: Scene, event: Start) -> Iterator[Told]:
    """Who runs, and since when."""
    profile, origin = event.profile, event.origin
    scene.ring_bytes = ring_bytes(event)
    scene.is_heard = event.observed is not None
    scene.people = names_of(event)
    title = profile.title if profile is not None else event.device
    words = [
        title,
        f"scenario {origin.name}" if origin.name and origin.name != event.device else "",
        f"seed {event.seed}",
        f"a ring of {scene.ring_bytes} bytes" if scene.ring_bytes else "",
        f"quecsim {origin.version}" if origin.version else "",
        origin.date,
    ]
    yield Told(Group.RUN, Way.DEVICE, "the run begins: " + cut(", ".join(filter(None, words))))


_SPOKEN = {
    "sent": "from the host",
    "inserted": "out of noise",
    "stored": "stored",
    "lost": "lost",
    "forwarded": "passed on",
    "eaten": "read as commands, or for nothing",
    "in_flight": "on their way",
}
_LOST = "lost_"


def _end(scene: Scene, event: End) -> Iterator[Told]:
    """The account of bytes, without what is 0."""
    counters = event.counters
    lost = [(name.removeprefix(_LOST), n) for name, n in counters.items() if name.startswith(_LOST)]
    causes = ", ".join(f"{cause} {count}" for cause, count in lost if count)
    spoken = {**_SPOKEN, "inserted": "that nobody heard"} if scene.is_heard else _SPOKEN
    told = [
        f"{count} {words}" + (f" ({causes})" if name == "lost" and causes else "")
        for name, words in spoken.items()
        if (count := counters.get(name, 0))
    ]
    told += [
        f"{name.replace('_', ' ')} {count}"
        for name, count in counters.items()
        if count and name not in _SPOKEN and not name.startswith(_LOST)
    ]
    yield Told(Group.RUN, Way.DEVICE, f"the run ends; bytes: {cut(', '.join(told) or 'none')}")


def _clock_stopped(_scene: Scene, event: ClockStopped) -> Iterator[Told]:
    text = (
        f"the simulator had no processor for {format_ns(event.real_ns)}: the model's clock stood"
        " still, the host's did not"
    )
    yield Told(Group.RUN, Way.LOSS, text, is_loud=True)


def _adapter_errors(_scene: Scene, event: AdapterErrors) -> Iterator[Told]:
    lost = [f"lost bytes of the board's {event.overruns} times"] * bool(event.overruns)
    counts = (
        ("framing errors", event.framing),
        ("parity errors", event.parity),
        ("damaged bytes thrown away", event.damaged),
    )
    told = "; ".join([*lost, *(f"{count} {what}" for what, count in counts if count)])
    yield Told(Group.LINE, Way.LOSS, f"the adapter, not the device: {told}", is_loud=True)


def _host_opened(_scene: Scene, _event: HostOpened) -> Iterator[Told]:
    yield Told(Group.RUN, Way.TO_DEVICE, "the host opens the port")


def _host_closed(_scene: Scene, _event: HostClosed) -> Iterator[Told]:
    yield Told(Group.RUN, Way.TO_DEVICE, "the host closes the port")


def _job_begin(_scene: Scene, event: JobBegin) -> Iterator[Told]:
    yield Told(Group.RUN, Way.DEVICE, f"job {event.job} begins: {safe(event.name)}")


def _job_end(_scene: Scene, event: JobEnd) -> Iterator[Told]:
    yield Told(Group.RUN, Way.DEVICE, f"job {event.job} is over: {safe(event.why)}")


def _power(scene: Scene, event: Power) -> Iterator[Told]:
    """A device whose power goes has no open line and no data mode any more."""
    if event.state in ("off", "dead", "booting"):
        scene.line = 0
    firmware = (
        f"; the next start finds its firmware: {safe(event.firmware)}" if event.firmware else ""
    )
    text = f"the device is {safe(event.state)} ({safe(event.why)}){firmware}"
    if event.state == "dead":
        text = f"DEAD: {text}: its power went during an upgrade; --restore brings it back"
    yield Told(Group.POWER, Way.DEVICE, text, is_loud=event.state in _LOUD_POWER)


def _operated(_scene: Scene, event: Operated) -> Iterator[Told]:
    context = f" {event.context}" if event.context else ""
    values = f" ({cut(', '.join(event.values[:1]))})" if event.values else ""
    text = f"somebody beside the host: {safe(event.did).replace('_', ' ')}{context}{values}"
    yield Told(Group.POWER, Way.DEVICE, text)


def _upgrade_step(_scene: Scene, event: UpgradeStep) -> Iterator[Told]:
    number = "" if event.number is None else f" {event.number}"
    yield Told(Group.POWER, Way.DEVICE, f"firmware upgrade: {safe(event.step)}{number}")


def _fault_injected(_scene: Scene, event: FaultInjected) -> Iterator[Told]:
    text = f"fault {event.index} is put in: {_table(event.fault)}"
    yield Told(Group.FAULT, Way.DEVICE, text)


def _table(fault: dict[str, Any]) -> str:
    words = [f"{key}={value}" for key, value in fault.items() if key != "kind"]
    return cut(" ".join([str(fault.get("kind", "?")), *words]))


def _fault_fired(_scene: Scene, event: FaultFired) -> Iterator[Told]:
    text = f"FAULT {event.index}, {safe(event.kind)}, strikes: {cut(event.what)}"
    yield Told(Group.FAULT, Way.LOSS, text, is_loud=True)


TELL: Tellers = {
    Start: _start,
    HostOpened: _host_opened,
    HostClosed: _host_closed,
    AdapterErrors: _adapter_errors,
    ClockStopped: _clock_stopped,
    Operated: _operated,
    UpgradeStep: _upgrade_step,
    JobBegin: _job_begin,
    JobEnd: _job_end,
    Power: _power,
    FaultInjected: _fault_injected,
    FaultFired: _fault_fired,
    End: _end,
}
