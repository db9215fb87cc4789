"""A run as a trace of Perfetto's: a track for each lane, counters, and losses that SQL can find.

Times are nanoseconds from the start of the run. A slice's category is the key of its lane; what it
says in numbers are its arguments. A flow leads from what kept the device busy to what was lost.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import (
    CounterDescriptor,
    TrackDescriptor,
    TrackEvent,
)
from perfetto.trace_builder.proto_builder import StreamingTraceProtoBuilder

from quecsim.render.files.levels import Samples, lost_samples, ring_samples, stored_samples
from quecsim.render.files.words import headline, origin_line
from quecsim.render.layout import safe
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import Lane, Span, timeline
from quecsim.render.timeline.losses import losses
from quecsim.report.losses import why
from quecsim.trace.event import Lost

Values = Mapping[str, int | str]
_SEQUENCE = 1
_RING_STEPS = 8


def write_perfetto(recorded: Recorded, stream: BinaryIO) -> None:
    """The run, or what of it is in the window."""
    made, found = timeline(recorded), losses(recorded.events)
    begin_ns, end_ns = recorded.window or (made.begin_ns, made.end_ns)
    trace = _Trace(stream, begin_ns, end_ns)
    trace.name(f"{headline(recorded)} ({origin_line(recorded)})")
    flows = _flows(made.lane("flash"), found)
    trace.slices("lost", "lost", [_of_loss(number, loss) for number, loss in enumerate(found, 1)])
    trace.counter("ring level", ring_samples(made, begin_ns, end_ns, _RING_STEPS))
    for lane in made.lanes:
        if lane.key != "lost":
            began = flows if lane.key == "flash" else {}
            trace.slices(lane.key, lane.title, [_of_span(span, began) for span in lane.spans])
    for signal in made.signals:
        trace.slices(signal.key, signal.title, list(_states(signal.states, made.end_ns)))
    trace.counter("stored bytes", stored_samples(recorded.events))
    trace.counter("lost bytes", lost_samples(found))


@dataclass(frozen=True, slots=True)
class _Slice:
    """From one time to another; `begins` and `ends` are the numbers of flows."""

    begin_ns: int
    end_ns: int
    name: str
    values: Values
    begins: Sequence[int] = ()
    ends: Sequence[int] = ()


def _of_span(span: Span, flows: Mapping[int, Sequence[int]]) -> _Slice:
    values: dict[str, int | str] = {"count": span.count} if span.count else {}
    if span.event >= 0:
        values["event"] = span.event
    if span.offset is not None:
        values["offset"] = span.offset
    return _Slice(span.begin_ns, span.end_ns, span.text, values, flows.get(span.begin_ns, ()))


def _of_loss(number: int, loss: Lost) -> _Slice:
    values: dict[str, int | str] = {
        "count": loss.count,
        "offset": loss.offset,
        "number": number,
        "cause": safe(loss.cause),
        "why": safe(why(loss)),
        "ring_bytes": loss.ring_bytes,
        "device_flow": safe(loss.device_flow),
        "host_flow": safe(loss.host_flow),
        "transfer": loss.transfer,
    }
    return _Slice(loss.at_ns, loss.last_ns, f"lost {number}", values, ends=[number])


def _states(states: Sequence[tuple[int, str]], end_ns: int) -> Iterator[_Slice]:
    ends = [at_ns for at_ns, _ in states[1:]] + [max(end_ns, states[-1][0])]
    for (at_ns, state), until_ns in zip(states, ends, strict=True):
        yield _Slice(at_ns, until_ns, state, {})


def _flows(flash: Lane, found: Sequence[Lost]) -> dict[int, list[int]]:
    """By the time when it began: the losses that came while that work went on."""
    begins = [span.begin_ns for span in flash.spans]
    made: dict[int, list[int]] = defaultdict(list)
    for number, loss in enumerate(found, 1):
        place = bisect_right(begins, loss.at_ns) - 1
        if place >= 0 and flash.spans[place].end_ns >= loss.at_ns:
            made[begins[place]].append(number)
    return made


class _Trace:
    """Writes packets, one after the other, of what is between two times."""

    def __init__(self, stream: BinaryIO, begin_ns: int, end_ns: int) -> None:
        self._builder = StreamingTraceProtoBuilder(stream)
        self._begin_ns, self._end_ns = begin_ns, end_ns
        self._tracks = 0
        self._root = 0

    def name(self, text: str) -> None:
        """What the group of all tracks is called."""
        self._root = self._track(text)

    def slices(self, key: str, title: str, slices: Sequence[_Slice]) -> None:
        """A track; several of one name where slices overlap, which the viewer shows as one."""
        rows: list[int] = []
        tracks: list[int] = []
        for each in sorted(slices, key=lambda each: (each.begin_ns, -each.end_ns)):
            if each.end_ns < self._begin_ns or each.begin_ns > self._end_ns:
                continue
            row = next((n for n, end_ns in enumerate(rows) if end_ns <= each.begin_ns), len(rows))
            if row == len(rows):
                rows.append(0)
                tracks.append(self._track(title))
            rows[row] = each.end_ns
            self._slice(tracks[row], key, each)

    def counter(self, title: str, samples: Samples) -> None:
        """A track of a number of bytes."""
        track, last, is_begun = self._track(title, is_counter=True), 0, False
        for at_ns, level in samples:
            if at_ns > self._end_ns:
                break
            if at_ns > self._begin_ns:
                if not is_begun:
                    self._count(track, self._begin_ns, last)
                    is_begun = True
                self._count(track, at_ns, level)
            last = level
        if not is_begun:
            self._count(track, self._begin_ns, last)

    def _track(self, title: str, *, is_counter: bool = False) -> int:
        self._tracks += 1
        packet = self._builder.create_packet()
        packet.trusted_packet_sequence_id = _SEQUENCE
        track = packet.track_descriptor
        track.uuid, track.name = self._tracks, safe(title)
        if self._root:
            track.parent_uuid = self._root
            track.sibling_order_rank = self._tracks
        else:
            track.child_ordering = TrackDescriptor.EXPLICIT
        if is_counter:
            track.counter.unit = CounterDescriptor.UNIT_SIZE_BYTES
        self._builder.write_packet(packet)
        return self._tracks

    def _slice(self, track: int, key: str, each: _Slice) -> None:
        begin_ns, end_ns = max(each.begin_ns, self._begin_ns), min(each.end_ns, self._end_ns)
        is_instant = begin_ns == end_ns
        kind = TrackEvent.TYPE_INSTANT if is_instant else TrackEvent.TYPE_SLICE_BEGIN
        packet = self._builder.create_packet()
        packet.trusted_packet_sequence_id, packet.timestamp = _SEQUENCE, begin_ns
        event = packet.track_event
        event.type, event.track_uuid, event.name = kind, track, each.name
        event.categories.append(key)
        event.flow_ids.extend(each.begins)
        event.terminating_flow_ids.extend(each.ends)
        for name, value in each.values.items():
            note = event.debug_annotations.add()
            note.name = name
            if isinstance(value, str):
                note.string_value = value
            else:
                note.int_value = value
        self._builder.write_packet(packet)
        if not is_instant:
            self._end(track, end_ns)

    def _end(self, track: int, at_ns: int) -> None:
        packet = self._builder.create_packet()
        packet.trusted_packet_sequence_id, packet.timestamp = _SEQUENCE, at_ns
        packet.track_event.type = TrackEvent.TYPE_SLICE_END
        packet.track_event.track_uuid = track
        self._builder.write_packet(packet)

    def _count(self, track: int, at_ns: int, level: int) -> None:
        packet = self._builder.create_packet()
        packet.trusted_packet_sequence_id, packet.timestamp = _SEQUENCE, at_ns
        packet.track_event.type = TrackEvent.TYPE_COUNTER
        packet.track_event.track_uuid = track
        packet.track_event.counter_value = level
        self._builder.write_packet(packet)
