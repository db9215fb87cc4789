"""Who is at a broker, as it is shown."""

from quecsim.mqtt import Connect, encode
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.mqtt_view import BrokerClient
from tests.peers.talk import InProcess, joined


def test_those_who_are_there_away_and_have_not_said_who_they_are() -> None:
    where = InProcess(Broker())
    stays = joined(where, Connect("stays", is_clean=False))
    stays.subscribe(("a/#", 1), ("b", 0))
    where.open().write(encode(Connect("new", level=3)))
    where.open()
    assert where.broker.clients() == [
        BrokerClient(client_id="stays", connection=0, level=4, subscriptions={"a/#": 1, "b": 0}),
        BrokerClient(client_id="new", connection=1, level=3),
        BrokerClient(client_id="", connection=2),
    ]
    assert all(client.is_online for client in where.broker.clients())
    stays.vanish()
    (away,) = (client for client in where.broker.clients() if not client.is_online)
    assert away == BrokerClient(client_id="stays", subscriptions={"a/#": 1, "b": 0})


def test_what_waits_for_a_client_is_counted() -> None:
    where = InProcess(Broker(BrokerSettings(in_flight=2)))
    client = joined(where, Connect("a"))
    client.subscribe(("t", 1))
    for _ in range(5):
        assert where.broker.publish(0, "t", b"x", qos=1) == 1
    (shown,) = where.broker.clients()
    assert (shown.in_flight, shown.queued) == (2, 3)


def test_a_message_goes_to_those_who_want_it() -> None:
    where = InProcess(Broker(BrokerSettings(deny=("no",))))
    joined(where, Connect("a")).subscribe(("t", 1))
    joined(where, Connect("b")).subscribe(("#", 0))
    broker = where.broker
    assert [broker.publish(0, topic, b"") for topic in ("t", "u", "no")] == [2, 1, 0]
    broker.publish(0, "kept", b"x", retain=True)
    assert broker.retained == ["kept"]
    broker.publish(0, "kept", b"", retain=True)
    assert broker.retained == []


def test_to_look_takes_no_notes_away() -> None:
    broker = InProcess(Broker())
    joined(broker, Connect("a"))
    assert broker.broker.notes == broker.broker.notes == broker.broker.take_notes()
    assert broker.broker.notes == []
