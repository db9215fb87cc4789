"""The table of events: what readers of CSV find in it, and what spreadsheets do not."""

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from quecsim.render.files.events_csv import COLUMNS, cell, write_csv
from quecsim.render.recorded import Recorded
from quecsim.run.recorded import recorded
from quecsim.trace import event as ev
from quecsim.units import s
from tests.cli.test_report import CERTIFICATE, record


@pytest.fixture(scope="module")
def lossy() -> Recorded:
    return recorded(record("thread-57329"))


def file_of(made: Recorded) -> bytes:
    stream = BytesIO()
    write_csv(made, stream)
    return stream.getvalue()


def rows_of(made: Recorded) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file_of(made).decode(), newline=""), strict=True))


def test_each_event_is_a_line(lossy: Recorded) -> None:
    rows = rows_of(lossy)
    assert [row["type"] for row in rows] == [type(event).__name__ for event in lossy.events]
    assert [int(row["number"]) for row in rows] == list(range(len(rows)))
    assert [int(row["time_ns"]) for row in rows] == [event.at_ns for event in lossy.events]
    assert all(float(row["time_s"]) == int(row["time_ns"]) / 1e9 for row in rows)


def test_the_columns_stay_and_new_ones_come_behind_them() -> None:
    assert COLUMNS[:12] == (
        "number", "time_ns", "time_s", "type", "end_ns", "offset", "count", "file", "transfer",
        "level", "text", "details",
    )  # fmt: skip


def test_a_loss_has_its_place_and_its_reason(lossy: Recorded) -> None:
    (row,) = [row for row in rows_of(lossy) if row["type"] == "Lost"]
    (lost,) = [event for event in lossy.events if isinstance(event, ev.Lost)]
    assert (row["offset"], row["count"], row["end_ns"]) == ("1047", "153", str(lost.last_ns))
    assert row["text"].startswith("ring full for 13.3 ms while")
    assert json.loads(row["details"])["ring_bytes"] == 512


def test_arrow_reads_the_same(lossy: Recorded) -> None:
    table = arrow.read_csv(BytesIO(file_of(lossy))).to_pydict()
    lost = sum(
        count for kind, count in zip(table["type"], table["count"], strict=True) if kind == "Lost"
    )
    stored = sum(
        count
        for kind, count, file in zip(table["type"], table["count"], table["file"], strict=True)
        if kind == "Stored" and file == "ca.pem"
    )
    assert (lost, stored) == (153, len(CERTIFICATE) - 153)


def test_lines_end_as_the_standard_has_it(lossy: Recorded) -> None:
    file = file_of(lossy)
    assert file.count(b"\r\n") == file.count(b"\n") == len(lossy.events) + 1
    assert file == file_of(recorded(record("thread-57329")))


def test_a_window_has_its_events_alone(lossy: Recorded) -> None:
    rows = rows_of(replace(lossy, window=(s(1), s(2))))
    times = [int(row["time_ns"]) for row in rows]
    assert times == [e.at_ns for e in lossy.events if s(1) <= e.at_ns <= s(2)]
    assert times


arrow = pytest.importorskip("pyarrow.csv")
HOSTILE = st.text(
    st.characters() | st.sampled_from("=+-@\t\r\n\0\"',;\x1b\uff1d\u202e"), max_size=50
)


@given(text=HOSTILE)
def test_no_cell_is_a_formula_or_a_control_character(text: str) -> None:
    told = cell(text)
    assert told.isprintable() or told == ""
    assert not told.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert cell("a" + text).startswith("a")


@given(name=HOSTILE, why=HOSTILE, data=st.binary(max_size=200))
def test_hostile_texts_stay_in_their_cells(name: str, why: str, data: bytes) -> None:
    start = structs.replace(record("thread-57329")[0], faults=({"kind": name},))
    events: list[ev.Event] = [
        start,
        ev.HostBytes(5, 0, data),
        ev.Stored(6, name, -3, 4),
        ev.JobEnd(7, 1, why),
        ev.Eaten(8, 9, -2, 1, why, data),
    ]
    rows = rows_of(replace(MADE, events=events))
    assert [row["type"] for row in rows] == ["Start", "HostBytes", "Stored", "JobEnd", "Eaten"]
    assert rows[1]["count"] == str(len(data))
    assert rows[2]["file"] == cell(name)
    assert rows[2]["count"] == "-3"
    assert rows[3]["text"] == cell(why)
    assert json.loads(rows[4]["details"]) == {"why": why}
    assert all(value.isprintable() for row in rows for value in row.values())


MADE = recorded(record("thread-57329"))


def test_what_a_cell_cannot_hold_is_cut(lossy: Recorded) -> None:
    long = replace(lossy, events=[lossy.events[0], ev.Urc(5, "x" * 100_000)])
    row = rows_of(long)[1]
    assert len(row["text"]) == 32_000
    assert row["text"].endswith("...")
    assert json.loads(row["details"]) == {"too_long": True}


def test_an_offset_on_the_air_is_none_of_the_hosts_stream(lossy: Recorded) -> None:
    gone = ev.BleGone(lossy.events[-1].at_ns, 40, 20)
    row = rows_of(replace(lossy, events=[*lossy.events[:1], gone]))[1]
    assert (row["offset"], row["count"], json.loads(row["details"])) == ("", "20", {"offset": 40})
