"""mosquitto's own clients against our broker, over real sockets."""

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from quecsim.mqtt import SubAck
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings, ScriptedMessage
from tests.peers.program import Program
from tests.peers.served import ServedBroker as Served

Serve: TypeAlias = Callable[[BrokerSettings], Served]
VERSIONS = pytest.mark.parametrize("version", ["mqttv31", "mqttv311"])


@pytest.fixture
def serve() -> Iterator[Serve]:
    opened: list[Served] = []

    def start(settings: BrokerSettings) -> Served:
        opened.append(Served(Broker(settings)))
        return opened[-1]

    yield start
    for served in opened:
        served.close()


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve(BrokerSettings())


def subscribed(served: Served, *options: str) -> Program:
    """mosquitto_sub, once the broker has taken its subscription."""
    before = served.sent(SubAck)
    program = served.start("mosquitto_sub", *options)
    served.until(lambda: served.sent(SubAck) > before)
    return program


def lines(served: Served, program: Program) -> list[str]:
    served.until(lambda: program.code is not None)
    assert program.code == 0, program.said
    return program.said.decode().splitlines()


@VERSIONS
@pytest.mark.parametrize("qos", ["0", "1", "2"])
def test_a_message_goes_from_one_to_the_other(served: Served, version: str, qos: str) -> None:
    reader = subscribed(served, "-V", version, "-q", qos, "-t", "a/b", "-C", "2", "-F", "%q %t %p")
    for text in ("one", "zwei ö"):
        assert (
            served.run("mosquitto_pub", "-V", version, "-q", qos, "-t", "a/b", "-m", text).code == 0
        )
    assert lines(served, reader) == [f"{qos} a/b one", f"{qos} a/b zwei ö"]


@VERSIONS
def test_a_retained_message(served: Served, version: str) -> None:
    served.run("mosquitto_pub", "-V", version, "-t", "a/b", "-m", "kept", "-r", "-q", "1")
    reader = subscribed(served, "-V", version, "-t", "a/#", "-C", "1", "-F", "%r %q %p", "-q", "2")
    assert lines(served, reader) == ["1 1 kept"]


@VERSIONS
def test_wildcards_and_a_large_message(served: Served, version: str) -> None:
    options = ("-t", "+/b", "-t", "x/#", "-C", "3", "-F", "%t %l")
    reader = subscribed(served, "-V", version, *options)
    text = "x" * 20_000
    for topic in ("a/b", "b/b/b", "x", "a/c", "x/y/z"):
        served.run("mosquitto_pub", "-V", version, "-t", topic, "-m", text)
    assert lines(served, reader) == ["a/b 20000", "x 20000", "x/y/z 20000"]


@VERSIONS
def test_the_will_of_a_client_that_is_killed(served: Served, version: str) -> None:
    reader = subscribed(served, "-V", version, "-t", "wills", "-C", "1", "-q", "1")
    will = ("--will-topic", "wills", "--will-payload", "gone", "--will-qos", "1")
    dying = subscribed(served, "-V", version, "-t", "nothing", *will)
    dying.child.kill()
    assert lines(served, reader) == ["gone"]


@VERSIONS
def test_a_session_that_stays(served: Served, version: str) -> None:
    stays = ("-V", version, "-c", "-i", "stays", "-q", "1", "-t", "a")
    subscribed(served, *stays, "-E")
    served.run("mosquitto_pub", "-V", version, "-q", "1", "-t", "a", "-m", "meanwhile")
    assert lines(served, served.start("mosquitto_sub", *stays, "-C", "1")) == ["meanwhile"]


@VERSIONS
def test_many_messages_at_once_all_come(served: Served, version: str) -> None:
    """More than may be under way at once, both ways, with the handshake of QoS 2."""
    reader = subscribed(served, "-V", version, "-q", "2", "-t", "a", "-C", "60")
    options = ("--repeat", "60", "-m", "again")
    assert served.run("mosquitto_pub", "-V", version, "-q", "2", "-t", "a", *options).code == 0
    assert lines(served, reader) == ["again"] * 60


@VERSIONS
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "unacceptable protocol version"),
        (2, "identifier rejected"),
        (3, "broker unavailable"),
        (4, "bad user name or password"),
        (5, "not authorised"),
    ],
)
def test_a_refusal_is_understood(serve: Serve, version: str, code: int, words: str) -> None:
    served = serve(BrokerSettings(refuse=code))
    publisher = served.run("mosquitto_pub", "-V", version, "-t", "a", "-m", "x")
    assert publisher.code == code
    assert words in publisher.said.decode()


def test_a_client_of_mqtt_5_is_told_that_it_is_too_new(served: Served) -> None:
    publisher = served.run("mosquitto_pub", "-V", "mqttv5", "-t", "a", "-m", "x")
    assert publisher.code != 0
    assert b"Unsupported Protocol Version" in publisher.said


def test_a_scripted_message_comes_at_its_time(serve: Serve) -> None:
    message = ScriptedMessage(topic="cmd/reboot", text="now", qos=1, after_ms=50, retain=True)
    served = serve(BrokerSettings(messages=(message,)))
    reader = subscribed(served, "-t", "cmd/#", "-v", "-q", "1", "-C", "1")
    assert lines(served, reader) == ["cmd/reboot now"]


def test_a_message_from_elsewhere(served: Served) -> None:
    reader = subscribed(served, "-t", "a", "-C", "1")
    served.broker.publish(time.monotonic_ns(), "a", b"from elsewhere")
    assert lines(served, reader) == ["from elsewhere"]
