"""What the report makes of Bluetooth LE."""

import pytest
from msgspec.structs import replace

from quecsim.report.air import BleConnection, BleTransfer
from quecsim.report.ble import BleNotes
from quecsim.report.ble_names import names_of
from quecsim.trace import event as ev
from quecsim.trace.setup import Origin
from quecsim.units import ms, s
from tests.report.ble_story import (
    JOINED,
    MTU,
    PHONE,
    START,
    UNHEARD,
    came,
    left,
    lost,
    notified,
    ring_lost,
    told,
    transparent,
)


def only(*events: ev.Event | list[ev.Event]) -> BleTransfer:
    (transfer,) = told(*events).ble.transfers
    return transfer


def connection(*events: ev.Event) -> BleConnection:
    (made,) = told(*events).ble.connections
    return made


# connections


def test_a_connection_has_what_it_carries_and_why_it_ended() -> None:
    made = connection(JOINED, MTU, left(s(9), "peer"))
    assert (made.address, made.is_central, made.mtu, made.interval) == (PHONE, False, 247, 24)
    assert (made.joined_ns, made.over_ns, made.why, made.sentence) == (s(1), s(9), "peer", "")
    assert made.carries_bytes_per_s == 4 * 244 * 1000 // 30


def test_a_small_mtu_carries_less() -> None:
    assert connection(JOINED).carries_bytes_per_s == 4 * 20 * 1000 // 30


def test_other_parameters_are_told_beside_the_first() -> None:
    words = "interval=6 latency=0 timeout=500"
    made = connection(JOINED, ev.BleHeard(s(2), "parameters are", words=words))
    assert (made.first_interval, made.interval) == (24, 6)


def test_silence_for_the_supervision_time_out_is_trouble() -> None:
    made = connection(JOINED, left(s(9), "timeout"))
    assert made.sentence == (
        f"the connection with {PHONE} ended after 8.000 s: nothing was heard of the other side for"
        " 5.000 s, its supervision time-out"
    )


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (ev.BleAsked(s(16), "give up"), "the device gave up waiting"),
        (ev.BleHeard(s(2), "not joined", words="why=refused"), "it takes no connections"),
    ],
)
def test_a_connection_that_does_not_come_about(event: ev.Event, why: str) -> None:
    made = connection(ev.BleAsked(s(1), "join", words="address=aa55 interval=20"), event)
    assert (made.joined_ns, made.over_ns) == (None, event.at_ns)
    assert made.sentence.startswith(f"no connection to aa55 came about: {why}")


def test_a_connection_that_the_host_wanted_and_got_is_one() -> None:
    words = "address=aa55 is_central=True interval=20 latency=0 timeout=500"
    made = connection(
        ev.BleAsked(s(1), "join", words="address=aa55"), ev.BleHeard(s(2), "joined", words=words)
    )
    assert (made.asked_ns, made.joined_ns, made.is_central) == (s(1), s(2), True)


def test_a_device_that_goes_off_the_air_has_left() -> None:
    assert connection(JOINED, ev.BleAsked(s(4), "vanish")).why == "gone"


# data


def test_what_has_got_there_is_no_trouble() -> None:
    transfer = only(JOINED, MTU, notified(s(3), 0, 244), notified(s(4), 244, 56))
    assert (transfer.given, transfer.pieces, transfer.arrived, transfer.lost) == (300, 2, 300, 0)
    assert not transfer.sentence


def test_what_nobody_had_subscribed_to_is_lost_and_counted_in_the_same_stream() -> None:
    transfer = only(JOINED, notified(s(3), 0, 20), lost(s(4), 20, 20), lost(s(5), 40, 20))
    assert (transfer.given, transfer.arrived, transfer.lost) == (60, 20, 40)
    (loss,) = transfer.losses
    assert (loss.at_byte, loss.count, loss.first_ns, loss.last_ns) == (20, 40, s(4), s(5))
    assert transfer.sentence == (
        "40 of 60 bytes for fff2 never reached the other side: bytes 20..59 at 4.000 s, " + UNHEARD
    )


def test_what_was_on_its_way_goes_with_its_connection() -> None:
    why = "the connection ended before they got through"
    events = [*notified(s(3), 0, 20), *notified(s(4), 20, 20, gets_there=False)]
    transfer = only(JOINED, events, left(s(5), "peer"), lost(s(5), 20, 20, why))
    assert (transfer.connection, transfer.given, transfer.lost) == (1, 40, 20)
    assert why in transfer.sentence


def test_places_that_do_not_touch_or_have_other_reasons_are_apart() -> None:
    transfer = only(JOINED, lost(1, 0, 20), lost(2, 20, 20, "a fault swallowed them"))
    assert [loss.at_byte for loss in transfer.losses] == [0, 20]
    assert "2 places, the first bytes 0..19" in transfer.sentence
    assert "(and 1 other reason)" in transfer.sentence


def test_data_for_the_host_is_lost_where_too_much_waits_for_it() -> None:
    why = "too much was waiting for the host to read it"
    heard = [ev.BleHeard(s(3), "came", "fff2", at, 20) for at in (0, 20)]
    transfer = only(
        JOINED, came(s(2), bytes(20)), came(s(2), bytes(20)), heard[0], heard[1],
        lost(s(3), 20, 20, why, "down"),
    )  # fmt: skip
    assert (transfer.way, transfer.given, transfer.arrived, transfer.lost) == ("down", 40, 20, 20)
    assert f"never reached the host: bytes 20..39 at 3.000 s, {why}" in transfer.sentence


def test_the_rest_of_a_piece_that_the_host_has_begun_to_read() -> None:
    heard: list[ev.Event] = [ev.BleHeard(s(3), "came", "fff2", at, 10) for at in (0, 10)]
    later: list[ev.Event] = [lost(s(4), 6, 4, "full", "down"), lost(s(4), 10, 10, "full", "down")]
    made = only(JOINED, came(s(2), bytes(10)), came(s(2), bytes(10)), heard, later)
    assert (made.given, made.pieces, made.arrived, made.lost) == (20, 2, 6, 14)
    assert [(each.at_byte, each.count) for each in made.losses] == [(6, 14)]


def test_what_a_fault_keeps_from_the_device_never_arrived() -> None:
    why = "a fault swallowed them"
    transfer = only(JOINED, came(s(2), bytes(20)), lost(s(2), 0, 20, why, "down"))
    assert (transfer.given, transfer.arrived, transfer.lost) == (20, 0, 20)


def test_without_a_connection_data_belongs_to_none() -> None:
    transfer = only(lost(s(1), 0, 5, "there is no connection"))
    assert (transfer.connection, transfer.lost) == (0, 5)


# transparent mode


def test_what_the_ring_loses_is_told_with_what_the_connection_carries() -> None:
    report = told(JOINED, transparent(100, 2000))
    (session,) = report.ble.sessions
    assert (session.offset, session.sent, session.lost, session.connection) == (100, 2000, 153, 1)
    assert session.sentence == (
        "153 of 2000 bytes of transparent mode never reached the other side: bytes 1024..1176 at"
        " 3.000 s, ring full for 40.0 ms while Bluetooth LE had no room for more; flow control:"
        " device off, host off; the connection carries at most 2666 bytes/s (30.0 ms interval,"
        " MTU 23)"
    )


def test_places_that_differ_in_how_long_the_ring_was_full_have_one_reason() -> None:
    again = replace(ring_lost(1500, 9), drained_ns=s(3) + ms(70))
    (session,) = told(JOINED, transparent(100, 2000), again).ble.sessions
    assert "2 places, the first bytes 1024..1176 at 3.000 s" in session.sentence
    assert "other reason" not in session.sentence


def test_a_session_has_the_connection_that_comes_later_and_ends_before_its_escape() -> None:
    begin = transparent(0, 903)[:2]
    end = ev.DataEnd(s(4), 903, "escape", 900, 900, "")
    (session,) = told(begin, JOINED, left(s(3), "peer"), end).ble.sessions
    assert (session.connection, session.sent, session.lost) == (1, 900, 0)


def test_what_a_loss_leans_on_is_told() -> None:
    names = [line.split(" = ")[0] for line in told(JOINED, transparent(100, 2000)).assumed]
    assert {"ble.packets_per_event", "ble.packet_bytes", "ble.queue_pieces"} <= set(names)


def test_what_is_lost_outside_of_the_session_is_not_its_own() -> None:
    end = ev.DataEnd(s(4), 1000, "carrier", 900, 900, "")
    behind = ring_lost(1000, 5, at_ns=s(5))
    report = told(JOINED, transparent(100, 900)[:2], end, behind)
    assert report.ble.sessions[0].lost == 0
    assert not report.ble.has_byte(1000)


def test_what_had_no_room_before_it_ended_was_meant_for_it() -> None:
    end = ev.DataEnd(s(4), 1000, "carrier", 900, 900, "")  # what was in the ring is unread
    report = told(JOINED, transparent(100, 900)[:2], end, ring_lost(3048, 5))
    assert (report.ble.sessions[0].lost, report.ble.sessions[0].sent) == (5, 2953)
    assert report.ble.has_byte(999)


def test_other_data_modes_are_no_sessions() -> None:
    begin = ev.DataBegin(s(2), 0, "+QFUPL", "a", 9, False, 0)
    assert not told(JOINED, begin, ring_lost(1, 5)).ble.sessions


# names and advice


def test_somebody_of_the_scenario_has_a_name() -> None:
    origin = Origin(scenario={"ble_peer": [{"kind": "phone", "name": "Ann", "address": PHONE}]})
    start = replace(START, origin=origin)
    assert told(start, JOINED).ble.connections[0].who == f"Ann ({PHONE})"
    assert names_of(replace(START, origin=Origin(scenario={"ble_peer": [{"kind": 3}]}))) == {}


def test_each_cause_has_its_advice_once() -> None:
    report = told(
        JOINED, transparent(100, 2000), lost(s(4), 0, 20), lost(s(4), 40, 20),
        lost(s(5), 60, 5, "the connection ended before they got through"),
        lost(s(5), 0, 5, "too much was waiting for the host to read it", "down"),
        left(s(9), "timeout"),
    )  # fmt: skip
    kinds = {each.kind: each.count for each in report.advice}
    assert kinds == {
        "ble-ring": 1, "ble-unheard": 1, "ble-connection": 1, "ble-host": 1, "ble-silent": 1,
    }  # fmt: skip
    assert report.advice[0].offset == 1124


# bounds


def test_memory_is_bounded() -> None:
    notes = BleNotes()
    on = notes.handlers
    for at in range(1100):
        on[ev.BleHeard](JOINED)
        on[ev.BleAsked](ev.BleAsked(at, "notify", f"{at:04x}", at, 1, "x"))
    for at in range(5000):
        on[ev.BleAsked](ev.BleAsked(at, "notify", "0000", at, 1, "x"))
        on[ev.BleLost](lost(at, 3 * at + 9000, 1))
    report = notes.report(ms(1))
    assert (len(report.connections), report.unlisted) == (1000, 100)
    assert len(report.transfers) == 1000
    assert len(notes._pieces) <= 4096
    assert all(len(each.losses) <= 100 for each in report.transfers)
