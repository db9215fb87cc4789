"""Who is drawn on the air, and how hosts write into transparent mode."""

import tomllib

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.peers.ble_settings import AnyBlePeer, BleOthers, BlePhone
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.scenario.ble_peers import new_crowd
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.scenario.text import scenario_text, table_scenario
from quecsim.testing import strategies as ours
from quecsim.testing.ble_strategies import ble_phones, ble_schedules, others
from quecsim.testing.write_schedule import WriteSchedule
from quecsim.trace.event import Lost
from quecsim.units import MS, S, s

SOME = settings(max_examples=20, deadline=None, derandomize=True, database=None)
BASE = make_scenario("fcm242d")
SERVICE = (
    "AT+QECHO=0", "AT+QBLEINIT=2", 'AT+QBLEGATTSSRV="fff0"', 'AT+QBLEGATTSCHAR="fff2"',
    "AT+QBLEGATTSSRVDONE", "AT+QBLEADVSTART",
)  # fmt: skip


@given(ble_phones(), others())
@SOME
def test_a_scenario_can_have_them(
    phones: tuple[AnyBlePeer, ...], more: tuple[AnyBlePeer, ...]
) -> None:
    scenario = replace(BASE, ble_peers=(*phones, *more))
    assert table_scenario(tomllib.loads(scenario_text(scenario)), "").ble_peers == phones + more


@pytest.mark.parametrize(
    ("strategy", "condition", "simplest"),
    [
        (ble_schedules(), lambda way: way.gap_ns > 0, WriteSchedule(244, MS)),
        (ble_schedules(23), lambda _: True, WriteSchedule(20, 0)),
        (others(), lambda _: True, (BleOthers(count=1),)),
    ],
)
def test_the_simplest_comes_first(
    strategy: st.SearchStrategy[object], condition: object, simplest: object
) -> None:
    assert find(strategy, condition, settings=settings(SOME, max_examples=500)) == simplest  # type: ignore[arg-type]


def test_others_are_drawn_where_somebody_is_on_the_air() -> None:
    phone, most = BlePhone(name="phone"), 0

    @given(ours.scenarios(base=replace(BASE, ble_peers=(phone,)), max_faults=0))
    @settings(SOME, max_examples=30)
    def draw(scenario: Scenario) -> None:
        nonlocal most
        assert scenario.ble_peers[0] == phone
        most = max(most, len(scenario.ble_peers))

    draw()
    assert most == 2


@given(ble_phones(), ble_schedules(), st.sampled_from([b"", b"+++", b"\r\nNO CARRIER\r\n"]))
@settings(SOME, max_examples=4)
def test_every_byte_of_transparent_mode_gets_to_the_phone_in_order(
    phones: tuple[AnyBlePeer, ...], schedule: WriteSchedule, mark: bytes
) -> None:
    """As slowly as the air takes it; whatever the chunks are, and what they look like."""
    scenario = replace(BASE, ble_peers=phones)
    crowd = new_crowd(scenario)
    assert crowd is not None
    rig = Rig(load_profile("fcm242d"), RigConfig(), ble_peer=crowd)
    rig.start()
    data, now_ns = bytes(range(65, 91)) * 40 + mark + b"end" * 100, s(1)
    for line in (*SERVICE, 'AT+QBLETRANMODE="fff2"'):
        rig.host_write(now_ns, line.encode() + b"\r")
        now_ns += s(6)
        rig.advance(now_ns)
    for start in range(0, len(data), schedule.chunk_bytes):
        rig.host_write(now_ns, data[start : start + schedule.chunk_bytes])
        now_ns += max(schedule.gap_ns, S // 2)
        rig.advance(now_ns)
    rig.advance(now_ns + s(20))
    (state,) = crowd.states()
    assert state.is_connected
    assert b"".join(piece for _, _, piece in state.received) == data
    assert max(len(piece) for _, _, piece in state.received) <= state.mtu - 3
    rig.finish(now_ns + s(20))
    events = rig.take_events()
    assert [event for event in events if isinstance(event, Lost)] == []
    again = replay(events)
    assert again.is_same, (again.was, again.now)
