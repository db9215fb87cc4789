"""The network of a device in virtual time: looked at, steered, recorded and run again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import serial

import quecsim
from quecsim.errors import QuecsimError
from quecsim.run.replay import replay
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import LinkFailed
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.device import VirtualDevice
from tests.peers.bench import SERVICE, subscribe

LATER = {**SERVICE, "port": 1884}


@pytest.fixture
def device() -> Iterator[VirtualDevice]:
    with quecsim.open_virtual("ec200u", services=[SERVICE]) as opened:
        yield opened
    replayed = replay(opened.events())
    assert replayed.is_same, (replayed.was, replayed.now)


@pytest.fixture
def port(device: VirtualDevice) -> Iterator[serial.Serial]:
    with serial.serial_for_url(device.url, 115_200, timeout=30) as opened:
        yield opened


def next_line(port: serial.Serial) -> str:
    """The next that is not empty."""
    line: bytes = port.readline()
    while line == b"\r\n":
        line = port.readline()
    return line.decode().rstrip()


def test_a_message_from_elsewhere(device: VirtualDevice, port: serial.Serial) -> None:
    assert device.publish("a/b", b"too early") == 0
    subscribe(port)
    assert device.publish("a/b", b"hello") == 1
    assert next_line(port) == '+QMTRECV: 0,0,"a/b","hello"'
    assert device.publish("a/b", "text \u20ac", qos=2, service="broker.example:1883") == 1
    assert (
        port.read_until(b'\xe2\x82\xac"\r\n')
        == '\r\n+QMTRECV: 0,1,"a/b","text \u20ac"\r\n'.encode()
    )
    assert device.publish("x", service="BROKER.example", retain=True) == 0
    (broker,) = device.brokers()
    assert (broker.host, broker.port, broker.retained) == ("broker.example", 1883, ())
    (client,) = broker.clients
    assert (client.client_id, client.connection) == ("dev", device.links()[0].number)


def test_a_message_that_is_retained_waits_for_who_comes(
    device: VirtualDevice, port: serial.Serial
) -> None:
    device.publish("a/b", b"before", qos=1, retain=True)
    subscribe(port)
    assert next_line(port) == '+QMTRECV: 0,1,"a/b","before"'


def test_several_messages_at_one_moment_come_in_order(
    device: VirtualDevice, port: serial.Serial
) -> None:
    subscribe(port)
    for number in range(30):
        device.publish("a/b", str(number))
    heard = [next_line(port) for _ in range(30)]
    assert heard == [f'+QMTRECV: 0,0,"a/b","{number}"' for number in range(30)]


@pytest.mark.parametrize("how", ["reset", "fin"])
def test_a_link_is_killed(device: VirtualDevice, port: serial.Serial, how: Any) -> None:
    subscribe(port)
    (link,) = device.links()
    device.kill_link(link, how=how)
    assert device.brokers()[0].clients == ()
    assert next_line(port) == "+QMTSTAT: 0,1"
    closed = device.wait_for("LinkClosed", link=link.number, since="start")
    assert getattr(closed, "why", None) == how
    assert device.links() == []
    with pytest.raises(QuecsimError, match=f"no connection {link.number} that could end"):
        device.kill_link(link.number)
    subscribe(port)
    assert device.links()[0].number == link.number + 1


def test_what_tls_agreed_on_is_shown() -> None:
    with VirtualDevice(make_scenario("ec200u", services=[{**SERVICE, "tls": {}}])) as device:
        with serial.serial_for_url(device.url, 115_200, timeout=30) as port:
            port.write(b'AT+QMTCFG="ssl",0,1,0;+QSSLCFG="seclevel",0,0\r')
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
            subscribe(port)
        (link,), (service,) = device.links(), device.network().services
        assert (link.tls_version, service.is_tls) == ("TLSv1.2", True)
        assert link.tls_suite
        device.kill_link(link)
        device.settle()
        device.close()
        assert replay(device.events()).is_same


def test_a_context_is_taken_away(device: VirtualDevice, port: serial.Serial) -> None:
    assert device.drop_bearer() == ()
    with pytest.raises(QuecsimError, match="packet context 1 is not active") as caught:
        device.drop_bearer(1)
    assert "none is active" in caught.value.hint
    subscribe(port)
    with pytest.raises(QuecsimError, match="packet context 2 is not active") as caught:
        device.drop_bearer(2)
    assert "active are: 1" in caught.value.hint
    assert device.drop_bearer(1) == (1,)
    assert [next_line(port), next_line(port)] == ['+QIURC: "pdpdeact",1', "+QMTSTAT: 0,7"]
    (context,) = device.network().contexts
    assert (context.is_used, context.is_broken) == (False, True)


def test_the_network_goes_and_comes_back(device: VirtualDevice, port: serial.Serial) -> None:
    assert device.network().registration == "home"
    port.write(b"ATE0;+CREG=1\r")
    port.read_until(b"OK\r\n")
    device.lose_registration()
    assert device.network().registration == "lost"
    assert next_line(port) == "+CREG: 2"
    device.find_network()
    assert device.network().registration == "looking"
    assert next_line(port) == "+CREG: 1"
    assert device.network().registration == "home"


def test_a_link_is_killed_while_it_is_being_opened(
    device: VirtualDevice, port: serial.Serial
) -> None:
    port.write(b'ATE0;+QMTOPEN=0,"broker.example",1883\r')
    device.wait_for("LinkAsked")
    device.kill_link(1)
    failed = device.wait_for("LinkFailed")
    assert isinstance(failed, LinkFailed)
    assert failed.why == "reset"
    device.settle()
    assert device.brokers()[0].clients == ()
    subscribe(port)


def test_time_passes_until_somebody_has_subscribed(device: VirtualDevice) -> None:
    with pytest.raises(TimeoutError, match=r"subscribed to a/b within 0\.5 s"):
        device.wait_for_subscriber("a/b", timeout_s=0.5)
    with pytest.raises(HostHungError):
        device.wait_for_subscriber("a/b")
    with serial.serial_for_url(device.url, 115_200, timeout=30) as port:
        subscribe(port, "a/+")
        began_ns = device.now_ns
        device.wait_for_subscriber("a/b", service="broker.example", timeout_s=5)
        assert device.now_ns == began_ns, "it is there already"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda it: it.publish("a/+", b""), "'a/\\+' is no topic"),
        (lambda it: it.publish("", b""), "'' is no topic"),
        (lambda it: it.publish("\ud800", b""), "is no topic"),
        (lambda it: it.publish("x" * 65_536, b""), "is no topic"),
        (lambda it: it.publish("a", "\ud800"), "is no text"),
        (lambda it: it.publish("a", 7), "the message is int"),
        (lambda it: it.publish("a", bytes(65_536)), "too large for this broker"),
        (lambda it: it.publish("a", b"", qos=3), "qos 3 cannot be"),
        (lambda it: it.publish("a", b"", service="other:1"), "there is no broker other:1"),
        (lambda it: it.wait_for_subscriber("#"), "'#' is no topic"),
        (lambda it: it.kill_link(7), "no connection 7 that could end"),
        (lambda it: it.kill_link(7, how="x"), "how='x' cannot be"),
        (lambda it: it.drop_bearer(99), "packet context 99 is not active"),
    ],
)
def test_what_cannot_be(act: Callable[[VirtualDevice], Any], words: str) -> None:
    with VirtualDevice(make_scenario("ec200u", services=[SERVICE])) as device:
        before = device.events()
        with pytest.raises(QuecsimError, match=words) as caught:
            act(device)
        assert caught.value.hint
        assert device.events() == before, "and nothing has happened"


def test_one_of_several_brokers_has_to_be_named() -> None:
    with VirtualDevice(make_scenario("ec200u", services=[SERVICE, LATER])) as device:
        for service in (None, "broker.example"):
            with pytest.raises(QuecsimError, match="which broker") as caught:
                device.publish("a", b"", service=service)
        assert caught.value.hint == "there are: broker.example:1883, broker.example:1884"
        assert device.publish("a", b"", service="broker.example:1884", retain=True) == 0
        assert [broker.retained for broker in device.brokers()] == [(), ()]
        device.publish("a", b"x", service="broker.example:1884", retain=True)
        assert [broker.retained for broker in device.brokers()] == [(), ("a",)]


def test_a_device_without_any_of_it() -> None:
    with VirtualDevice(make_scenario("fcm242d")) as device:
        assert device.network().registration == "got ip"
        assert device.brokers() == []
        with pytest.raises(QuecsimError, match="no broker in process"):
            device.publish("a", b"")
        for context in (None, 1):
            with pytest.raises(QuecsimError, match="fcm242d has no cellular network"):
                device.drop_bearer(context)


def test_after_its_end_it_can_be_looked_at(device: VirtualDevice, port: serial.Serial) -> None:
    subscribe(port)
    port.close()
    device.close()
    assert device.network().clients[0].state == "connected"
    assert len(device.links()) == len(device.brokers()) == 1
    for act in (lambda: device.publish("a", b""), device.drop_bearer, lambda: device.kill_link(1)):
        with pytest.raises(QuecsimError, match="this device has ended"):
            act()
