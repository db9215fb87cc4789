from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults import AckLost, BitError, DropBytes, MqttRefused, PowerCutFault, UrcFault
from quecsim.faults.catalogue import KINDS
from quecsim.fuzz.case import make_case
from quecsim.fuzz.exhaust import Plan, parse_every
from quecsim.fuzz.hosts import FunctionHost
from quecsim.fuzz.search import Search
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from tests.fuzz import mqtt_hosts
from tests.fuzz.uploaders import right

CASE = make_case(make_scenario("ec200u"), b"a" * 2100)


def plan(*everies: str, step: int = 1) -> Plan:
    points = FunctionHost(right).run(CASE).points
    assert points is not None
    return Plan(CASE, [parse_every(text) for text in everies], points, step)


def test_the_power_cut_at_every_flash_operation_of_an_upload() -> None:
    """A right host ends with its file each time, or says that it failed."""
    made = plan("power_cut:flash_op")
    assert len(made) >= 5
    result = Search(FunctionHost(right)).run(made.cases())
    assert result.cases == len(made)
    assert result.coverage.fired["power_cut"] == len(made), "each cut fired"
    assert result.coverage.lines()[0] == f"power_cut: {len(made)} of {len(made)} flash operations"
    assert result.found == []


def test_every_acknowledgement_lost() -> None:
    cases = list(plan("ack_lost").cases())
    assert [case.faults for case in cases] == [(AckLost(ack=1),), (AckLost(ack=2),)]
    result = Search(FunctionHost(right)).run(cases)
    assert result.coverage.fired["ack_lost"] == 2
    assert result.found == []


def test_each_step_th_byte_and_every_combination() -> None:
    bytes_ = plan("drop_bytes:byte,count=3", step=500)
    assert [case.faults[0] for case in bytes_.cases()][:2] == [
        DropBytes(at_byte=1, count=3), DropBytes(at_byte=501, count=3),
    ]  # fmt: skip
    both = plan("ack_lost:ack", "connect_late:connect,delay_ms=50")
    assert len(both) == len(list(both.cases())) == 2
    assert "ack_lost at 2 of 2 acknowledgements x connect_late at 1 of 1" in both.text()


def test_a_point_sets_the_values_that_go_with_it() -> None:
    assert parse_every("urc:ack").fault(2) == UrcFault(moment="before_ack", nth=2)
    assert parse_every("power_cut:data_byte").fault(9) == PowerCutFault(at_byte=9, off_ms=1000)
    assert parse_every("bit_error:byte_to_host").fault(5) == BitError(
        direction="to_host", at_byte=5
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "error_reply"])
def test_every_aim_makes_a_fault(kind: str) -> None:
    for point in KINDS[kind].AIMS:
        assert parse_every(f"{kind}:{point}").fault(1).kind == kind


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("power_cute", "power_cut"),
        ("power_cut:ack", "points are: flash_op, data_byte"),
        ("ack_lost,ack", "no key=value"),
    ],
)
def test_a_mistake_is_said(text: str, says: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        parse_every(text)
    assert says in str(caught.value)


def test_a_value_that_the_fault_does_not_have_is_said() -> None:
    with pytest.raises(QuecsimError, match="--every error_reply"):
        parse_every("error_reply").fault(1)


WITH_BROKER = make_case(
    replace(make_scenario("ec200u"), services=(Service(host="broker.example", port=1883),)),
    b"a" * 200,
)
NETWORK = {
    "server_closes": 8, "server_closes:send,how=reset": 2, "link_down:server_byte,how=silence": 8,
    "link_down:send": 2, "server_slow:send,delay_ms=6000": 2, "bearer_lost": 2,
    "registration_lost:connection": 1, "connect_silence": 1, "connect_refused": 1,
    "dns_failure": 1, "mqtt_refused:mqtt_connect,code=4": 1, "publish_unanswered": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def points() -> Mapping[str, int]:
    found = FunctionHost(mqtt_hosts.persists).run(WITH_BROKER).points
    assert found is not None
    return found


@pytest.mark.parametrize("every", NETWORK)
def test_every_point_of_a_network(every: str, points: Mapping[str, int]) -> None:
    """Each fires, and a host that tries again, or says that it failed, is right."""
    made = Plan(WITH_BROKER, [parse_every(every)], points)
    result = Search(FunctionHost(mqtt_hosts.persists)).run(made.cases())
    kind = every.partition(":")[0]
    assert result.coverage.fired[kind] == result.cases == len(made) == NETWORK[every]
    assert result.found == []


def test_a_host_that_takes_any_answer_for_a_good_one_is_found(points: Mapping[str, int]) -> None:
    made = Plan(WITH_BROKER, [parse_every("mqtt_refused")], points)
    (found,) = Search(FunctionHost(mqtt_hosts.believes)).run(made.cases()).found
    assert found.finding.slug == "ignored-connection-mqtt-refused"
    assert found.case.faults == (MqttRefused(),)


def test_without_tls_there_is_no_handshake_to_break(points: Mapping[str, int]) -> None:
    assert len(Plan(WITH_BROKER, [parse_every("tls_alert")], points)) == 0
