"""Connections through simulated modules to servers in process, in virtual time."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quecsim
from quecsim.faults import Fault
from quecsim.faults.catalogue import read_fault
from quecsim.host.connect import ConnectPlan, ConnectResult, Message, Publication, Stage, connect
from quecsim.host.plan import Mistake, UploadPlan, UploadResult, Via
from quecsim.host.port import open_port
from quecsim.host.uploader import upload
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.rig import Rig, RigConfig
from quecsim.run.device_run import new_run
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Network, Scenario
from quecsim.tls.authority import authority_pem, client_pair
from quecsim.trace.event import FaultFired
from quecsim.virtual.port import VirtualPort

LTE = [
    name
    for name in profile_names()
    if load_profile(name).mqtt is not None and load_profile(name).tcpip is not None
]
HELLO = Publication("a/b", "he\r\nllo")
NOW = "2026-06-01T00:00:00Z"
CA = authority_pem()


def scenario(device: str = "ec200u", faults: tuple[Fault, ...] = (), **service: Any) -> Scenario:
    made = make_scenario(device)
    served = Service(**{"host": "broker.example", "port": 1883, **service})
    return msgspec.structs.replace(
        made, services=(served,), network=Network(clock=NOW), faults=faults
    )


def port_of(made: Scenario) -> VirtualPort:
    run = new_run(made)
    run.start()
    return VirtualPort(run.rig)


def plan(**changes: Any) -> ConnectPlan:
    wanted = {"host": "broker.example", "port": 1883, "registration_s": 10, **changes}
    return ConnectPlan(**wanted)


def go(port: VirtualPort, /, **changes: Any) -> ConnectResult:
    result = connect(port, plan(**changes), sleep=port.sleep)
    port.rig.check()
    return result


def broker(**is_like: Any) -> VirtualPort:
    return port_of(scenario(mqtt=BrokerSettings(**is_like)))


def server(*steps: Step) -> VirtualPort:
    """A server that is no broker."""
    silent = SimpleServer(SimpleSettings(steps=steps))
    offers = {("broker.example", 1883): Offer(silent, "192.0.2.10")}
    rig = Rig(load_profile("ec200u"), RigConfig(), peer=Served(offers))
    rig.start(0)
    return VirtualPort(rig)


@pytest.mark.parametrize("device", LTE)
def test_there_and_back_again(device: str) -> None:
    result = go(port_of(scenario(device)), subscribe="a/#", publish=HELLO, apn="iot.example")
    assert result.failure is None
    assert result.received == Message("a/b", "he\r\nllo")
    assert (result.published_bytes, result.granted_qos, result.notes) == (7, 1, [])


@pytest.mark.parametrize("device", sorted(set(profile_names()) - set(LTE)))
def test_a_device_that_cannot_says_what_is_missing(device: str) -> None:
    result = go(port_of(scenario(device)))
    assert str(result.failure).startswith("the module does not have AT+Q")


@pytest.mark.parametrize(
    ("wanted", "failure", "code"),
    [
        ({"host": "brokr.example"}, "+QMTOPEN: 0,4: the name was not found", 4),
        ({"port": 1884}, "+QMTOPEN: 0,5: the connection did not come about", 5),
        ({"cacert": "UFS:ca.pem"}, "+QMTOPEN: 0,5: the connection did not come about", 5),
    ],
)
def test_no_such_broker(wanted: dict[str, Any], failure: str, code: int) -> None:
    result = go(broker(), **wanted)
    assert (result.failure, result.code, result.stage) == (failure, code, Stage.OPEN)


@pytest.mark.parametrize("code", range(1, 6))
def test_a_login_that_is_refused(code: int) -> None:
    result = go(broker(refuse=code), publish=HELLO)
    assert (result.command, result.code, result.connected) == ("+QMTCONN", code, False)
    assert f"+QMTCONN: 0,0,{code}: the broker refuses the login" in str(result.failure)


@pytest.mark.parametrize(
    ("login", "code"),
    [
        ({}, 5),
        ({"user": "me", "password": "wrong"}, 4),
        ({"user": "you", "password": "secret"}, 4),
        ({"user": "me", "password": "secret"}, None),
    ],
)
def test_who_may_come_in(login: dict[str, str], code: int | None) -> None:
    result = go(broker(users={"me": "secret"}), **login)
    assert (result.code, result.ok) == (code, code is None)


def test_a_topic_that_nobody_may_use() -> None:
    result = go(broker(deny=("a/#",)), subscribe="a/b", publish=HELLO)
    assert (result.command, result.code, result.published_bytes) == ("+QMTSUB", 128, None)


def test_a_message_that_the_broker_takes_and_drops() -> None:
    result = go(broker(deny=("a/b",)), subscribe="+/b", publish=HELLO, message_s=5)
    assert result.failure == "what was published did not come back on +/b within 5 s"
    assert result.published_bytes == 7


def test_a_broker_that_ends_the_connection_in_the_middle() -> None:
    long = Publication("a/b", "x" * 100)
    result = go(broker(packet_bytes=64), publish=long)
    assert result.failure == "+QMTSTAT: 0,1: the broker closed the connection"
    assert (result.stage, result.published_bytes) == (Stage.PUBLISH, None)


def test_a_server_that_says_nothing() -> None:
    result = go(server())
    assert result.failure == "+QMTSTAT: 0,4: the broker did not answer the login"


@pytest.mark.parametrize(
    ("step", "failure"),
    [
        (Step(ends="fin"), "+QMTSTAT: 0,1: the broker closed the connection"),
        (Step(after_bytes=1, ends="reset"), "+QMTSTAT: 0,1: the broker closed the connection"),
        (Step(after_bytes=1, text="HTTP/1.1 400 Bad Request\r\n"), "+QMTSTAT: 0,8: the client"),
        (Step(after_bytes=1, garbage_bytes=50), "+QMTSTAT: 0,8: the client"),
    ],
)
def test_a_server_that_is_no_broker(step: Step, failure: str) -> None:
    result = go(server(step), publish=HELLO)
    assert failure in str(result.failure)


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "dns_failure"}, "+QMTOPEN: 0,4"),
    ({"kind": "connect_refused"}, "+QMTOPEN: 0,5"),
    ({"kind": "connect_silence"}, "+QMTOPEN: 0,5"),
    ({"kind": "mqtt_refused", "code": 3}, "+QMTCONN: 0,0,3"),
    ({"kind": "server_closes", "send": 1}, "+QMTSTAT: 0,1"),
    ({"kind": "server_closes", "send": 3, "how": "reset"}, "+QMTSTAT: 0,1"),
    ({"kind": "publish_unanswered", "times": 9}, "+QMTPUBEX: 0,2,2"),
    ({"kind": "registration_lost", "at_ms": 0}, "the module has no network after 10 s"),
    ({"kind": "bearer_lost", "at_ms": 1250}, '+QIURC: "pdpdeact",1'),
]


@pytest.mark.parametrize(("fault", "failure"), FAULTS)
def test_trouble_of_the_network(fault: dict[str, Any], failure: str) -> None:
    port = port_of(scenario(faults=(read_fault(fault),)))
    result = go(port, subscribe="a/#", publish=HELLO)
    assert failure in str(result.failure)
    assert any(isinstance(event, FaultFired) for event in port.rig.take_events())


@given(
    fault=st.one_of(
        st.builds(
            lambda at, kind: {"kind": kind, "direction": "to_host", "at_byte": at},
            st.integers(1, 1300),
            st.sampled_from(["drop_bytes", "insert_bytes", "bit_error"]),
        ),
        st.builds(lambda at: {"kind": "server_closes", "at_byte": at}, st.integers(1, 60)),
        st.builds(lambda at: {"kind": "bearer_lost", "at_ms": at}, st.integers(1, 3000)),
    )
)
@settings(max_examples=40, deadline=None)
def test_no_fault_makes_a_success_of_a_failure(fault: dict[str, Any]) -> None:
    port = port_of(scenario(faults=(read_fault(fault),)))
    result = go(port, subscribe="a/#", publish=HELLO, message_s=5)
    assert result.ok == (result.received == Message("a/b", "he\r\nllo"))
    assert result.ok or result.failure


# TLS


def tls_port(data: bytes = CA, *, declared: int | None = None, **tls: Any) -> VirtualPort:
    made = scenario(port=8883, tls=ServiceTls(**tls))
    port = port_of(made)
    sent = UploadPlan("UFS:ca.pem", data, ack=True, declared_bytes=declared)
    assert put(port, sent).ok
    return port


def put(port: VirtualPort, sent: UploadPlan) -> UploadResult:
    return upload(port, sent, sleep=port.sleep)


def go_by_tls(port: VirtualPort, /, **changes: Any) -> ConnectResult:
    return go(port, **{"port": 8883, "cacert": "UFS:ca.pem", "publish": HELLO, **changes})


@pytest.mark.parametrize("device", LTE)
def test_over_tls(device: str) -> None:
    port = port_of(scenario(device, port=8883, tls=ServiceTls()))
    assert put(port, UploadPlan("UFS:ca.pem", CA, ack=True)).verified
    result = go_by_tls(port, checks_time=True)
    assert (result.failure, result.published_bytes) == (None, 7)


@pytest.mark.parametrize("lost", [1, 153, 1000])
def test_a_certificate_that_lost_its_end(lost: int) -> None:
    result = go_by_tls(tls_port(CA[:-lost]))
    assert (result.command, result.code, result.published_bytes) == (
        ("+QMTOPEN", 5, None) if lost > 1 else (None, None, 7)
    )
    if lost > 1:
        assert "a refused certificate" in str(result.advice)


def test_a_certificate_that_lost_bytes_on_the_line_and_nobody_looked() -> None:
    """The forum's story: the host does not compare, and the connection fails."""
    made = msgspec.structs.replace(
        make_scenario(scenario="thread-57329"),
        services=(Service(host="broker.example", port=8883, tls=ServiceTls()),),
        network=Network(clock=NOW),
    )
    careless = frozenset({Mistake.NO_VERIFY})
    port = port_of(made)
    sent = put(port, UploadPlan("UFS:ca.pem", CA, mistakes=careless, chunk_bytes=4096, timeout_s=1))
    result = go_by_tls(port, is_verified=sent.verified)
    assert (sent.ok, sent.verified) == (True, False)
    assert result.code == 5
    assert "see that UFS:ca.pem is whole, which nobody has checked" in str(result.advice)
    careful = put(port, UploadPlan("UFS:ca.pem", CA, ack=True))
    assert careful.verified
    assert go_by_tls(port, is_verified=True).published_bytes == 7


@pytest.mark.parametrize(
    ("certificate", "checks_time", "works"),
    [
        ("valid", True, True),
        ("expired", False, True),
        ("expired", True, False),
        ("not-yet-valid", True, False),
        ("other-ca", False, False),
        ("self-signed", False, False),
    ],
)
def test_the_brokers_certificate(certificate: str, checks_time: bool, works: bool) -> None:
    result = go_by_tls(tls_port(certificate=certificate), checks_time=checks_time)
    assert result.ok == works
    assert works or result.code == 5
    if not works and checks_time:
        assert "that the module's clock is right, which says \"26/06/01" in str(result.advice)


@pytest.mark.parametrize(("has_own", "works"), [(True, True), (False, False)])
def test_a_broker_that_wants_a_certificate_of_the_client(has_own: bool, works: bool) -> None:
    port = tls_port(client="required")
    own: dict[str, Any] = {}
    if has_own:
        certificate, key = client_pair()
        assert put(port, UploadPlan("UFS:me.pem", certificate, ack=True)).ok
        assert put(port, UploadPlan("UFS:me.key", key, ack=True)).ok
        own = {"client_cert": "UFS:me.pem", "client_key": "UFS:me.key"}
    assert go_by_tls(port, **own).ok == works


def test_plain_tcp_to_a_broker_that_speaks_tls() -> None:
    result = go(tls_port(), port=8883)
    assert result.failure == "+QMTSTAT: 0,1: the broker closed the connection"


# as a user has it


def test_on_a_port_by_its_url() -> None:
    with quecsim.open_virtual(scenario=scenario()) as device:
        port = open_port(device.url, baud=115_200, rtscts=False, timeout_s=5)
        assert upload(port, UploadPlan("ca.pem", CA, via=Via.QFWRITE)).verified
        result = connect(port, plan(subscribe="a/b", publish=HELLO))
        port.close()
        (client,) = device.report().network.messages
    assert result.ok
    assert (client.published, client.received) == (1, 1)
