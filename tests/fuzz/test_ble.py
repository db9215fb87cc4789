"""Searches for what breaks hosts whose device has Bluetooth LE."""

from collections.abc import Mapping
from itertools import islice

import pytest
from msgspec.structs import replace

from quecsim.faults.catalogue import KINDS
from quecsim.fuzz.case import make_case
from quecsim.fuzz.draw import drawn_cases
from quecsim.fuzz.exhaust import Plan, parse_every
from quecsim.fuzz.first import first_cases
from quecsim.fuzz.hosts import FunctionHost
from quecsim.fuzz.search import Search
from quecsim.peers.ble_settings import BlePhone, BleStep
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Check, Scenario
from tests.fuzz import ble_hosts

STEPS = (
    BleStep(do="mtu", mtu=100),
    BleStep(do="subscribe", uuid="fff2"),
    BleStep(do="write", uuid="fff2", text="ready"),
    BleStep(do="write", uuid="fff2", text="have it", after_bytes=10),
    BleStep(do="leave", after_ms=5000),
)
BLE = {kind for kind, fault in KINDS.items() if fault.NEEDS_PEER}


def base(*, has_phone: bool = True) -> Scenario:
    plain = replace(make_scenario("fcm242d"), check=Check(expect="no-upload"))
    phone = BlePhone(name="phone", steps=STEPS)
    return replace(plain, ble_peers=(phone,)) if has_phone else plain


def tried(scenario: Scenario, *, joins: bool = True) -> list[set[str]]:
    """The kinds of those faults among the first cases of a search, and among the next ones."""
    first = first_cases(scenario, payload=b"", joins=lambda: joins)
    drawn = drawn_cases(scenario, 1, payload=b"", joins=lambda: joins)
    return [
        {fault.kind for case in cases for fault in case.faults} & BLE
        for cases in (first, islice(drawn, 20))
    ]


def test_faults_of_the_air_are_tried_where_somebody_is_there() -> None:
    first, drawn = tried(base())
    assert (first, bool(drawn)) == (BLE, True)
    assert tried(base(), joins=False) == [set(), set()], "the host has no use for it"
    assert tried(base(has_phone=False)) == [set(), set()]


@pytest.fixture(scope="module")
def points() -> Mapping[str, int]:
    found = FunctionHost(ble_hosts.reports).run(make_case(base(), b"")).points
    assert found is not None
    return found


EVERY = {
    "ble_slow_interval": 1, "ble_slow_interval:ble_data_down": 2,
    "ble_slow_interval:ble_connection": 1, "ble_out_of_range": 1,
    "ble_out_of_range:ble_data_down,for_ms=900": 2, "ble_out_of_range:ble_connection": 1,
    "ble_notification_lost": 1, "ble_notification_lost:ble_data_down": 2, "ble_mtu_refused": 1,
    "ble_unanswered": 0,
}  # fmt: skip


@pytest.mark.parametrize("every", EVERY)
def test_every_point_of_a_report(every: str, points: Mapping[str, int]) -> None:
    """Each fires, and the phone has the report, or the host says that it has not."""
    made = Plan(make_case(base(), b""), [parse_every(every)], points)
    assert len(made) == EVERY[every]
    result = Search(FunctionHost(ble_hosts.reports)).run(made.cases())
    kind = every.partition(":")[0]
    assert result.coverage.fired[kind] == result.cases == len(made)
    assert [each.finding.sentence for each in result.found] == []
