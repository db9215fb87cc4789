"""Lanes, signals and the ring's level, as plain data, in nanoseconds from the start of the run."""

from dataclasses import dataclass

from quecsim.render.picture import Point


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted from `begin_ns` to `end_ns`, or an instant where both are the same.

    `text` is printable. `event` is the number of its event in the record, from 0, -1 without one.
    `count` bytes from byte `offset` of the host's stream on are what it is about; None, where it is
    about none of them (`count` may tell a number of other bytes then).
    """

    begin_ns: int
    end_ns: int
    text: str
    event: int = -1
    offset: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """Spans in the order of their beginnings. `key` names the lane for programs."""

    key: str
    title: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that is always in one state: (time, state) of each change, the first at the start.

    States are words: `on` and `off` for a wire.
    """

    key: str
    title: str
    states: tuple[tuple[int, str], ...]

    def spans(self, state: str, end_ns: int) -> list[tuple[int, int]]:
        """When it was in `state`; the last state holds up to `end_ns`."""
        ends = [at_ns for at_ns, _ in self.states[1:]] + [max(end_ns, self.states[-1][0])]
        pairs = zip(self.states, ends, strict=True)
        return [(at_ns, until_ns) for (at_ns, each), until_ns in pairs if each == state]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A run from `begin_ns` to `end_ns`.

    `ring` are the corners of the line of the receive ring's level, in bytes; the ring holds
    `ring_bytes`, and at `rts_off_bytes` the device asks the host to stop, at `rts_on_bytes` to go
    on (None: the record does not say, or the device has no flow control at this port). `has_wire`:
    the lanes of the line's bytes are there; otherwise `why_no_wire` says why not.
    """

    begin_ns: int
    end_ns: int
    lanes: tuple[Lane, ...]
    signals: tuple[Signal, ...]
    ring: tuple[Point, ...]
    ring_bytes: int
    rts_off_bytes: int | None
    rts_on_bytes: int | None
    has_wire: bool
    why_no_wire: str = ""

    def lane(self, key: str) -> Lane:
        """The lane of that name. Raises KeyError."""
        return {lane.key: lane for lane in self.lanes}[key]

    def signal(self, key: str) -> Signal:
        """The signal of that name. Raises KeyError."""
        return {signal.key: signal for signal in self.signals}[key]
