"""The trace for Perfetto: its own trace processor loads it, and SQL finds the lost bytes."""

from dataclasses import replace
from io import BytesIO

import pytest
from msgspec import structs
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace

from quecsim.render.files.perfetto import write_perfetto
from quecsim.render.recorded import Recorded
from quecsim.run.recorded import recorded
from quecsim.trace import event as ev
from quecsim.units import ms, s
from tests.cli.test_report import CERTIFICATE, record
from tests.render.files.trace_processor import ask

LOST = """
    SELECT SUM(EXTRACT_ARG(arg_set_id, 'debug.count')), COUNT(*), MIN(ts), SUM(dur)
    FROM slice WHERE category = 'lost'
"""
WHY = """
    SELECT loss.name, EXTRACT_ARG(loss.arg_set_id, 'debug.why'), work.name, work.category
    FROM flow JOIN slice work ON work.id = flow.slice_out JOIN slice loss ON loss.id = flow.slice_in
"""
LEVELS = """
    SELECT counter_track.name, MAX(value), COUNT(*)
    FROM counter JOIN counter_track ON counter_track.id = counter.track_id
    GROUP BY 1 ORDER BY 1
"""
TRACKS = "SELECT DISTINCT name FROM track WHERE parent_id IS NOT NULL ORDER BY name"
BYTES = """
    SELECT SUM(EXTRACT_ARG(arg_set_id, 'debug.count')) FROM slice WHERE category = 'line'
"""
ERRORS = "SELECT name, value FROM stats WHERE severity IN ('error', 'data_loss') AND value > 0"
DEPTH = "SELECT MAX(depth), MIN(dur) FROM slice"


def file_of(made: Recorded) -> bytes:
    stream = BytesIO()
    write_perfetto(made, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def lossy() -> Recorded:
    return recorded(record("thread-57329"))


def test_sql_finds_the_lost_bytes_and_what_the_device_was_doing(lossy: Recorded) -> None:
    (loss,) = [event for event in lossy.events if isinstance(event, ev.Lost)]
    lost, why, errors = ask(file_of(lossy), LOST, WHY, ERRORS)
    assert lost == [(153, 1, loss.at_ns, loss.last_ns - loss.at_ns)]
    ((name, reason, work, category),) = why
    assert name == "lost 1"
    assert reason.startswith("ring full for 13.3 ms while the stall that was asked for")
    assert (work, category) == ("stall at byte 512 of the data, which was asked for", "flash")
    assert errors == []


def test_levels_are_counters_and_lanes_are_tracks(lossy: Recorded) -> None:
    levels, tracks, sent, depth = ask(file_of(lossy), LEVELS, TRACKS, BYTES, DEPTH)
    assert [row[:2] for row in levels] == [
        ("lost bytes", 153), ("ring level", 512), ("stored bytes", 1035),
    ]  # fmt: skip
    names = [name for (name,) in tracks]
    assert {"lost", "flash busy", "data mode", "line: host to device", "mode"} <= set(names)
    assert sent == [(len(CERTIFICATE) + len('AT+QFUPL="ca.pem",1188\r'),)]
    assert depth == [(0, 0)]


def test_every_loss_of_many_is_found() -> None:
    made = recorded(record("thread-57329", ring_bytes=256))
    lost = [event for event in made.events if isinstance(event, ev.Lost)]
    assert len(lost) > 1
    (((total, places, *_),),) = ask(file_of(made), LOST)
    assert total == sum(event.count for event in lost)
    assert places > 1


def test_what_overlaps_stands_on_tracks_of_one_name(lossy: Recorded) -> None:
    events = list(lossy.events)
    (place,) = [n for n, event in enumerate(events) if isinstance(event, ev.Lost)]
    lost = events[place]
    assert isinstance(lost, ev.Lost)
    other = structs.replace(lost, at_ns=lost.at_ns + 5, last_ns=lost.last_ns + 5, offset=9, count=7)
    events.insert(place, other)
    found, depth, errors = ask(file_of(replace(lossy, events=events)), LOST, DEPTH, ERRORS)
    span_ns = lost.last_ns - lost.at_ns
    assert found == [(160, 2, lost.at_ns, 2 * span_ns)]
    assert depth[0][0] == 0
    assert errors == []


def test_a_window_has_its_part_alone(lossy: Recorded) -> None:
    (loss,) = [event for event in lossy.events if isinstance(event, ev.Lost)]
    (before,) = ask(file_of(replace(lossy, window=(0, loss.at_ns - 1))), LOST)
    assert before == [(None, 0, None, None)]
    window = loss.at_ns + ms(1), s(2)
    (part, bounds) = ask(
        file_of(replace(lossy, window=window)), LOST, "SELECT MIN(ts), MAX(ts + dur) FROM slice"
    )
    assert part == [(153, 1, window[0], loss.last_ns - window[0])]
    assert bounds == [window]


def test_the_same_record_gives_the_same_bytes(lossy: Recorded) -> None:
    assert file_of(recorded(record("thread-57329"))) == file_of(lossy)


@pytest.mark.parametrize("name", ["\x1b[2J\x00", "\u4e2d\U0001f600", "'; DROP TABLE slice --"])
def test_hostile_names_are_text(lossy: Recorded, name: str) -> None:
    events = [
        structs.replace(event, name=name) if isinstance(event, ev.DataBegin) else event
        for event in lossy.events
    ]
    file = file_of(replace(lossy, events=events))
    trace = Trace.FromString(file)
    names = [packet.track_event.name for packet in trace.packet]
    assert all(each.isprintable() for each in names)
    assert any("data mode: " in each for each in names)


def test_an_empty_run_is_a_trace() -> None:
    lost, errors = ask(file_of(recorded(record("thread-57329")[:1])), LOST, ERRORS)
    assert lost == [(None, 0, None, None)]
    assert errors == []
