"""The signals of a waveform file: the wires from the host's point of view, and what the device is
at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from quecsim.render.files.levels import Samples, lost_samples, ring_samples, stored_samples
from quecsim.render.files.serial_wave import edges
from quecsim.render.files.shares import merged
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import Timeline, timeline
from quecsim.render.timeline.losses import losses
from quecsim.trace import event as ev
from quecsim.uart.port_kind import port_kind
from quecsim.uart.rate import UartRate
from quecsim.uart.run import ByteRun

_MOST_STEPS = 32  # of a slope of the ring's level
_XON_XOFF = 1
_MODES = {
    "command": "the device reads command lines",
    "data": "the device takes data for a file, or passes it on",
    "booting": "the device starts",
    "off": "the device is off",
}
_ON_IS_LOW = "low when on, as on the wire"


@dataclass(frozen=True, slots=True)
class Signal:
    """`changes` are (time, value) in order of time. `kind` is that of the format, a wire
    of one bit or a real number; `first` is the value before the first change.
    """

    name: str
    what: str
    changes: Samples
    first: int = 0
    kind: str = "wire"


def window_of(recorded: Recorded) -> tuple[int, int]:
    """The part that is wanted, or the whole run."""
    whole = recorded.events[0].at_ns, max(recorded.report.at_ns, recorded.events[0].at_ns)
    return recorded.window or whole


def is_serial(runs: Iterable[ByteRun]) -> bool:
    """The bytes have bits: USB's, and those of a line without a speed, have none."""
    return all(isinstance(run.rate, UartRate) for run in runs)


def signals(recorded: Recorded) -> list[Signal]:
    """All that there are."""
    made = timeline(recorded)
    begin_ns, end_ns = window_of(recorded)
    lost = losses(recorded.events)
    return [
        *_lines(recorded, begin_ns, end_ns),
        *_flow_control(recorded, made),
        _switch(made, "dtr", "DTR_n", f"the host's DTR; {_ON_IS_LOW}"),
        _busy(made, "held", "host_held", "flow control makes the host wait"),
        _busy(made, "flash", "flash_busy", "the device's flash works, or a stall lasts"),
        *_modes(made),
        Signal(
            "lost", "bytes are being lost", _pulses((loss.at_ns, loss.last_ns) for loss in lost)
        ),
        Signal("lost_bytes", "lost so far", lost_samples(lost), kind="real"),
        Signal("stored_bytes", "stored so far", stored_samples(recorded.events), kind="real"),
        Signal(
            "ring_bytes", f"in the receive ring, which holds {made.ring_bytes}",
            ring_samples(made, begin_ns, end_ns, _MOST_STEPS), kind="real",
        ),
    ]  # fmt: skip


def _lines(recorded: Recorded, begin_ns: int, end_ns: int) -> Iterator[Signal]:
    """What the wires carried, as bits, or as bursts where there are none."""
    tap = recorded.wire.tap
    if tap is None:
        return
    held = [(e.at_ns, int(e.on)) for e in recorded.events if isinstance(e, ev.HostBreak)]
    for name, what, trains, breaks in (
        ("TXD", "host to device, before any noise", tap.to_device, held),
        ("RXD", "device to host", tap.to_host, []),
    ):
        runs = trains.runs()
        rates = list(dict.fromkeys(str(run.rate) for run in runs))
        told = f"{what}; {', '.join(rates) or 'silent'}"
        if is_serial(runs):
            # A byte that begins with the window would lack the edge of its start bit.
            after_ns = begin_ns if recorded.window is None else begin_ns + 1
            bits = _bits(runs, after_ns, end_ns)
            yield Signal(name, told, _held_low(bits, breaks) if breaks else bits, 1)
        else:
            bursts = ((run.origin_ns, run.edge_ns(len(run.data) - 1)) for run in runs)
            told = f"{told}: it has no bits, and is high while bytes are on their way"
            yield Signal(f"{name}_busy", told, _pulses(bursts))


def _bits(runs: Sequence[ByteRun], begin_ns: int, end_ns: int) -> Iterator[tuple[int, int]]:
    for run in runs:
        yield from edges(run, begin_ns, end_ns)


def _held_low(
    changes: Iterable[tuple[int, int]], breaks: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The same wire, low during breaks, whatever the bytes say; `breaks` are (time, is on)."""
    bytes_level, is_broken, level = 1, 0, 1
    both = merge(
        ((at_ns, 0, to) for at_ns, to in changes), ((at_ns, 1, to) for at_ns, to in breaks)
    )
    for at_ns, is_break, to in both:
        if is_break:
            is_broken = to
        else:
            bytes_level = to
        if (now := 0 if is_broken else bytes_level) != level:
            level = now
            yield at_ns, level


def _switch(made: Timeline, key: str, name: str, what: str) -> Signal:
    """A modem line: 0 where it is on."""
    states = made.signal(key).states
    return Signal(name, what, [(at_ns, int(state != "on")) for at_ns, state in states])


def _modes(made: Timeline) -> Iterator[Signal]:
    """A wire for each mode that there was: what every program can show."""
    states = made.signal("mode").states
    for mode, what in _MODES.items():
        if any(state == mode for _, state in states):
            changes = [(at_ns, int(state == mode)) for at_ns, state in states]
            yield Signal(f"mode_{mode}", what, changes)


def _busy(made: Timeline, key: str, name: str, what: str) -> Signal:
    spans = ((span.begin_ns, span.end_ns) for span in made.lane(key).spans)
    return Signal(name, what, _pulses(spans))


def _pulses(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """1 during each, for a nanosecond at least."""
    seen = ((begin_ns, max(end_ns, begin_ns + 1)) for begin_ns, end_ns in spans)
    return [
        change
        for begin_ns, end_ns in merged(seen, 0, 1 << 63)
        for change in ((begin_ns, 1), (end_ns, 0))
    ]


def _flow_control(recorded: Recorded, made: Timeline) -> Iterator[Signal]:
    """The two wires, which USB does not have."""
    if not port_kind(recorded.start.port).is_serial:
        return
    yield _switch(made, "host-rts", "RTS_n", f"the host's RTS: it can take bytes; {_ON_IS_LOW}")
    told = f"the device's RTS: the host may send; {_ON_IS_LOW}; XON and XOFF do not switch it"
    yield Signal("CTS_n", told, list(_cts(recorded)))


def _cts(recorded: Recorded) -> Iterator[tuple[int, int]]:
    """The device's wish as a wire, as long as it is not said with XON and XOFF."""
    profile = recorded.profile
    told = recorded.start.config.get("ifc") or (profile.uart.ifc_default if profile else (0, 0))
    flow = told[1]
    for event in sorted(recorded.events, key=lambda event: event.at_ns):
        if isinstance(event, ev.DeviceLine):
            flow = event.ifc[1]
        elif isinstance(event, ev.Rts) and flow != _XON_XOFF:
            yield event.at_ns, int(not event.on)
