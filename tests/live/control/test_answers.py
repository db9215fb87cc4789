"""What the control socket says of a device's network, and does to it."""

import base64
from collections.abc import Callable

import pytest

from tests.live.control.bench import Bench, Client
from tests.peers.bench import SERVICE

pytestmark = pytest.mark.pty


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    made = make_bench(services=[SERVICE])
    made.say(b"ATE0;+CREG=1\r")
    return made


def subscribed(bench: Bench, client: Client) -> None:
    """The device listens to a/b."""
    for line, command in (
        (b'AT+QMTOPEN=0,"broker.example",1883\r', "+QMTOPEN"),
        (b'AT+QMTCONN=0,"dev"\r', "+QMTCONN"),
        (b'AT+QMTSUB=0,1,"a/b",1\r', "+QMTSUB"),
    ):
        bench.say(line)
        told = client.ask("wait", event="ClientResult", fields={"command": command}, since="start")
        assert told["result"]["code"] == 0


def test_the_network_as_it_stands(bench: Bench, client: Client) -> None:
    found = client.ask("network")["result"]
    assert (found["registration"], found["links"], found["clients"]) == ("home", [], [])
    (service,) = found["services"]
    assert (service["host"], service["port"], service["kind"]) == ("broker.example", 1883, "mqtt")
    subscribed(bench, client)
    found = client.ask("network")["result"]
    (link,) = found["links"]
    assert (link["owner"], link["is_open"], link["host"]) == (
        "MQTT client 0",
        True,
        "broker.example",
    )
    assert found["clients"][0]["state"] == "connected"
    assert [context["is_used"] for context in found["contexts"]] == [True]


def test_who_is_at_the_broker(bench: Bench, client: Client) -> None:
    assert client.ask("brokers")["result"][0]["clients"] == []
    subscribed(bench, client)
    (broker,) = client.ask("brokers")["result"]
    assert broker["clients"][0]["client_id"] == "dev"
    assert broker["clients"][0]["subscriptions"] == {"a/b": 1}
    assert [note["text"] for note in broker["notes"]] == ["client 'dev' accepted"]


def test_a_message_is_published(bench: Bench, client: Client) -> None:
    payload = base64.b64encode(b"hello").decode()
    assert client.ask("publish", topic="a/b", payload=payload)["result"] == {"clients": 0}
    subscribed(bench, client)
    where = {"service": "broker.example:1883", "qos": 1, "retain": True}
    assert client.ask("publish", topic="a/b", payload=payload, **where)["result"] == {"clients": 1}
    urc = client.ask("wait", event="Urc", fields={"text": "+QMTRECV*"}, since="start")["result"]
    assert urc["text"] == '+QMTRECV: 0,1,"a/b","hello"'
    for topic, service in (("#", None), ("a", "other")):
        refused = client.ask("publish", topic=topic, service=service)["error"]
        assert refused["code"] == "refused"
    for key, value in (("qos", 3), ("payload", "!"), ("topic", None)):
        wrong = client.ask("publish", **{"topic": "a", key: value})["error"]
        assert wrong["code"] == "bad_request"


@pytest.mark.parametrize("how", [{}, {"how": "reset"}, {"how": "fin"}])
def test_a_link_is_killed(bench: Bench, client: Client, how: dict[str, str]) -> None:
    subscribed(bench, client)
    assert client.ask("kill_link", link=1, **how)["result"] == {"link": 1}
    closed = client.ask("wait", event="LinkClosed", since="start")["result"]
    assert closed["why"] == how.get("how", "reset")
    assert "no connection 1" in client.ask("kill_link", link=1)["error"]["message"]
    assert client.ask("kill_link", link=1, how="x")["error"]["code"] == "bad_request"


def test_contexts_and_the_network_go_and_come(bench: Bench, client: Client) -> None:
    assert client.ask("drop_bearer")["result"] == {"contexts": []}
    assert "none is active" in client.ask("drop_bearer", context=1)["error"]["hint"]
    bench.say(b"AT+QIACT=1\r")
    assert client.ask("drop_bearer", context=1)["result"] == {"contexts": [1]}
    assert client.ask("lose_registration")["result"] == {"registration": "lost"}
    assert client.ask("find_network")["result"] == {"registration": "looking"}
    assert client.ask("wait", event="Urc", fields={"text": "+CREG: 1"}, since="start")["ok"]
    assert client.ask("network")["result"]["registration"] == "home"


def test_what_servers_were_asked_and_given(make_bench: Callable[..., Bench]) -> None:
    web = {"host": "web.example", "port": 80, "kind": "http", "http": {"post": "store"}}
    bench = make_bench(services=[web])
    client = Client(bench)
    assert client.ask("requests")["result"] == []
    assert client.ask("server_files", service="web.example")["result"] == {}
    url = b"http://web.example/log"
    bench.say(b"ATE0\r")
    bench.say(b"AT+QHTTPURL=%d,10\r" % len(url) + url)
    bench.say(b"AT+QHTTPPOST=4,10,10\r12.5")
    told = client.ask("wait", event="ClientResult", fields={"command": "+QHTTPPOST"}, since="start")
    assert told["result"]["code"] == 0
    (asked,) = client.ask("requests", service="web.example")["result"]
    assert (asked["method"], asked["target"], asked["status"]) == ("POST", "/log", 201)
    assert client.ask("server_files")["result"] == {"/log": 4}
    assert client.ask("server_file", path="/log")["result"] == {"data": "MTIuNQ=="}
    refused = client.ask("server_file", path="/other")["error"]
    assert refused == {"code": "no_file", "message": "there is no file /other at that server"}
    assert client.ask("server_files", service="x")["error"]["code"] == "refused"
