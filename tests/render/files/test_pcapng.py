"""A record as a capture: of every journey that comes with quecsim; of records that hold less."""

import dataclasses
import io
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.border import (
    Closed,
    Data,
    Ended,
    Failed,
    Incoming,
    Listening,
    Opened,
    Pong,
    Resolved,
    Secured,
    Send,
    Why,
)
from quecsim.faults.catalogue import read_fault
from quecsim.faults.fault import Fault
from quecsim.render.files.pcapng import write_pcapng
from quecsim.render.recorded import Recorded, Wire
from quecsim.run.recorded import recorded
from quecsim.scenario.loader import load_scenario, scenario_names
from quecsim.testing.journey import run_journey
from quecsim.trace import event as ev
from quecsim.trace.redact import Redactor
from tests.packets.tshark import WRONG_OR_MALFORMED, datagrams, shown, streams, tshark

JOURNEYS = [name for name in scenario_names() if load_scenario(name).journey is not None]
MQTT = "journey-ec200u-mqtt"


@cache
def record_of(name: str) -> Recorded:
    return recorded(run_journey(load_scenario(name)).ran.events)


def capture(record: Recorded) -> bytes:
    out = io.BytesIO()
    with pytest.warns(UserWarning, match="is missing") if record.wire.why_not else nullcontext():
        write_pcapng(record, out)
    return out.getvalue()


def carried(record: Recorded) -> list[bytes]:
    """What each link carried in each direction, by the taps of the border."""
    assert record.wire.tap is not None
    found: dict[tuple[int, bool], bytes] = {}
    for _, what in record.wire.tap.crossed:
        if isinstance(what, Send | Data):
            key = (what.link, isinstance(what, Send))
            found[key] = found.get(key, b"") + what.data
    return sorted(found.values())


@pytest.mark.parametrize("name", JOURNEYS)
def test_what_it_carries_is_what_crossed_the_border(name: str) -> None:
    record = record_of(name)
    made = capture(record)
    found = [data for many in streams(made).values() for data in many if data]
    talks: dict[object, bytes] = {}
    for ends, data in datagrams(made):
        talks[ends] = talks.get(ends, b"") + data
    middle = any(isinstance(event, ev.LinkTlsAsked) for event in record.events)
    if not middle:  # else a link has two streams
        assert sorted([*found, *talks.values()]) == carried(record)
    assert sum(map(len, [*found, *talks.values()])) == sum(map(len, carried(record)))
    assert capture(record) == made


@pytest.mark.parametrize("name", JOURNEYS)
def test_tshark_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    file.write_bytes(capture(record_of(name)))
    assert (
        shown(file, WRONG_OR_MALFORMED, "frame.number", "_ws.col.Info", "_ws.expert.message") == []
    )


def test_mqtt_is_shown_whether_there_was_tls_or_not(tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    plain = load_scenario(MQTT)
    assert plain.journey is not None
    dialogue = plain.journey.dialogue.replace('"ssl",0,1', '"ssl",0,0').replace("8883", "1883")
    service = replace(load_scenario(MQTT).services[0], port=1883, tls=None)
    plain = replace(plain, journey=replace(plain.journey, dialogue=dialogue), services=(service,))
    with_tls = record_of(MQTT)
    without = recorded(run_journey(plain).ran.events)
    for record, where in ((with_tls, "inside"), (without, "network")):
        file.write_bytes(capture(record))
        found = shown(file, "mqtt", "frame.interface_name", "_ws.col.Info", "mqtt.topic")
        assert {each[0] for each in found} == {where}
        assert [each[1:] for each in found] == [
            ["Connect Command", ""],
            ["Connect Ack", ""],
            ["Subscribe Request (id=1) [meter/1/set]", "meter/1/set"],
            ["Subscribe Ack (id=1)", ""],
            ["Publish Message (id=2) [meter/1/value]", "meter/1/value"],
            ["Publish Ack (id=2)", ""],
            ["Publish Message [meter/1/set]", "meter/1/set"],
            ["Disconnect Req", ""],
        ]


def test_a_download_can_be_taken_out_of_it(tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    file.write_bytes(capture(record_of("journey-ec200s-fota-https")))
    tshark(file, "-q", "--export-objects", f"http,{tmp_path / 'out'}")
    (taken,) = (tmp_path / "out").iterdir()
    assert taken.stat().st_size == 100_000


def test_times_are_the_date_of_the_record_and_the_time_since() -> None:
    events = list(record_of(MQTT).events)
    start = events[0]
    assert isinstance(start, ev.Start)
    events[0] = replace(start, origin=replace(start.origin, date="2026-11-29T21:16:21+01:00"))
    dated, bare = capture(recorded(events)), capture(record_of(MQTT))
    first = record_of(MQTT).wire.tap
    assert first is not None
    assert _times(dated)[1] - _times(bare)[1] == 1_795_983_381_000_000_000
    assert _times(bare)[1] == first.crossed[0][0]


def _times(made: bytes) -> list[int]:
    """Of the packets, in nanoseconds, straight from the blocks."""
    found, at = [], 0
    while at < len(made):
        kind, size = (int.from_bytes(made[at + n : at + n + 4], "little") for n in (0, 4))
        if kind == 6:
            high, low = (int.from_bytes(made[at + n : at + n + 4], "little") for n in (12, 16))
            found.append(high << 32 | low)
        at += size
    assert found == sorted(found)
    return found


SOCKETS = "journey-ec200u-sockets"


def test_a_record_with_digests_tells_sizes_and_what_the_network_said(tmp_path: Path) -> None:
    redactor = Redactor()
    events = [*redactor.feed(record_of(SOCKETS).events), *redactor.end()]
    record = recorded(events)
    assert record.wire.tap is None
    file = tmp_path / "a.pcapng"
    file.write_bytes(capture(record))
    assert shown(file, WRONG_OR_MALFORMED, "frame.number") == []
    missing = "what the device sent is missing, but for its size: the record holds digests"
    assert len(shown(file, f'frame.comment contains "{missing}"', "frame.number")) == 1
    lengths = shown(file, "tcp", "frame.len", "frame.cap_len")
    lost = [int(length) - int(kept) for length, kept in lengths if length != kept]
    assert lost == [each.count for each in events if isinstance(each, ev.LinkSent)] == [5, 5, 5]
    assert [each[0] for each in shown(file, "echo", "echo.data")] == [b"hello".hex()] * 3


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_record_that_runs_otherwise(name: str, tmp_path: Path) -> None:
    record = replace_wire(record_of(name))
    made = capture(record)
    assert b"it runs otherwise from event 7 on" in made
    (tmp_path / "a.pcapng").write_bytes(made)
    assert shown(tmp_path / "a.pcapng", WRONG_OR_MALFORMED, "frame.number") == []


def replace_wire(record: Recorded) -> Recorded:
    return dataclasses.replace(record, wire=Wire(why_not="it runs otherwise from event 7 on"))


PLACES = st.tuples(st.sampled_from(["192.0.2.1", "::1", "", "x" * 300, "\ud800", "a..b"]),
                   st.integers(-1, 1 << 40))  # fmt: skip
LINKS, COUNTS = st.integers(0, 3), st.integers(0, (1 << 63) - 1)
NEWS = st.one_of(
    st.builds(Opened, LINKS, st.sampled_from(["", "x", "192.0.2.1", "fe80::1%a"]), COUNTS),
    st.builds(Failed, LINKS, st.sampled_from(Why), st.text()),
    st.builds(Closed, LINKS, st.sampled_from(Why), st.text()),
    st.builds(Data, LINKS, st.binary(), st.none() | PLACES),
    st.builds(Listening, LINKS, COUNTS),
    st.builds(lambda link, caller, place: Incoming(link, caller, *place), LINKS, LINKS, PLACES),
    st.builds(Resolved, LINKS, st.lists(PLACES.map(lambda each: each[0])).map(tuple), COUNTS),
    st.builds(Pong, LINKS, PLACES.map(lambda each: each[0]), COUNTS),
    st.builds(Secured, LINKS),
    st.builds(Ended, LINKS),
)
PROTOCOLS = st.sampled_from(["tcp", "udp", "dns", "ping", "tcp listener", "udp service", "x"])
EVENTS = st.one_of(
    st.builds(ev.NewsCame, COUNTS, NEWS),
    st.builds(lambda at_ns, link, place, protocol, level: ev.LinkAsked(
        at_ns, link, "MQTT", place[0], abs(place[1]), protocol, level),
        COUNTS, LINKS, PLACES, PROTOCOLS, st.integers(-1, 2)),
    st.builds(ev.LinkSent, COUNTS, LINKS, COUNTS, st.just("")),
    st.builds(ev.LinkShut, COUNTS, LINKS, st.booleans()),
    st.builds(ev.LinkRefused, COUNTS, LINKS, LINKS),
    st.builds(ev.FaultFired, COUNTS, LINKS, st.sampled_from(["link_down", "x"]), st.text()),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=30))
def test_whatever_stands_in_a_record_a_capture_can_be_read(events: list[ev.Event]) -> None:
    record = replace_wire(record_of(SOCKETS))
    made = capture(dataclasses.replace(record, events=[record.events[0], *events]))
    streams(made)


def with_fault(fault: Fault) -> bytes:
    """The journey to the broker, as far as it goes."""
    scenario = replace(load_scenario(MQTT), faults=(fault,))
    return capture(recorded(run_journey(scenario).ran.events))


@pytest.mark.parametrize(
    ("fault", "flags", "text"),
    [
        ({"kind": "connect_refused"}, ["S", "AR"], "failed: refused"),
        ({"kind": "connect_silence"}, ["S"], "nobody has answered"),
        ({"kind": "dns_failure"}, [], "failed: dns"),
        ({"kind": "tls_alert"}, ["S", "AS", "AF", "AF"], "failed: tls:alert"),
        ({"kind": "link_down", "send": 2}, ["S", "AS", "AR"], "closed: reset"),
        ({"kind": "server_closes", "send": 2}, ["S", "AS", "AF", "AF"], "closed: fin"),
    ],
)
def test_a_fault_of_the_network_looks_as_it_does(
    fault: dict[str, object], flags: list[str], text: str, tmp_path: Path
) -> None:
    made = with_fault(read_fault(fault))
    assert text.encode() in made
    assert f"fault {fault['kind']}: ".encode() in made
    file = tmp_path / "a.pcapng"
    file.write_bytes(made)
    only = "tcp.stream == 0 && (tcp.flags.syn == 1 || tcp.flags.fin == 1 || tcp.flags.reset == 1)"
    assert [each[0].replace("·", "") for each in shown(file, only, "tcp.flags.str")] == flags
    assert shown(file, WRONG_OR_MALFORMED, "frame.number") == []


def test_a_device_over_wifi_has_the_address_that_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "a.pcapng").write_bytes(capture(record_of("journey-fcm242d-https")))
    calls = shown(tmp_path / "a.pcapng", "tcp.flags.syn == 1 && tcp.flags.ack == 0", "ip.src")
    assert {each[0] for each in calls} == {"192.168.1.100"}


def test_what_happened_besides_is_noted() -> None:
    record = replace_wire(record_of(SOCKETS))
    besides: list[ev.Event] = [
        ev.Operated(1, "lose_bearer"),
        ev.Power(2, "off", "power cut"),
        ev.FaultFired(3, 0, "link_down", "link 1, after 9 bytes"),
        ev.FaultFired(4, 1, "bit_error", "byte 7"),
    ]
    made = capture(dataclasses.replace(record, events=[record.events[0], *besides]))
    assert b"somebody did: lose_bearer" in made
    assert b"the device is off (power cut)" in made
    assert b"fault link_down: link 1, after 9 bytes" in made
    assert b"bit_error" not in made
