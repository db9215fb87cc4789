"""MQTT of the Wi-Fi modules: their manual's form, against the broker in process."""

from typing import Any

import pytest
from msgspec.structs import replace

from quecsim.clients.mqtt import MqttClient
from quecsim.faults.kinds.connect_silence import ConnectSilence
from quecsim.faults.kinds.publish_unanswered import PublishUnanswered
from quecsim.mqtt import ConnAck, encode
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.trace.event import ClientMessage, ClientResult
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench
from tests.device.wifi import fresh
from tests.peers.bench import NetworkBench

NAMES = ("fcm242d", "fgm842d")
OPEN = 'AT+QMTOPEN=0,"broker.example",1883\r'
DONE = "\r\nOK\r\n"


def device(**mqtt: Any) -> Profile:
    """The FCM242D with some of its MQTT changed."""
    shipped = load_profile("fcm242d")
    assert shipped.mqtt is not None
    return replace(shipped, mqtt=replace(shipped.mqtt, **mqtt))


def wifi(settings: BrokerSettings | None = None, **mqtt: Any) -> NetworkBench:
    return NetworkBench(settings, device(**mqtt)).connected()


def say(bench: NetworkBench, topic: str, payload: bytes) -> None:
    """Somebody else publishes."""
    bench.rig.stir_peer(bench.now_ns, lambda now_ns: bench.broker.publish(now_ns, topic, payload))


@pytest.mark.parametrize("name", NAMES)
def test_a_client_opens_connects_publishes_receives_and_goes(name: str) -> None:
    bench = NetworkBench(device=name).connected()
    assert bench.send("AT+QMTOPEN?\r") == f'\r\n+QMTOPEN: 0,"broker.example",1883\r\n{DONE}'
    assert bench.send("AT+QMTCONN?\r") == f"\r\n+QMTCONN: 0,3\r\n{DONE}"
    assert bench.send('AT+QMTSUB=0,1,"a/+",1,"b",2\r') == f"{DONE}\r\n+QMTSUB: 0,1,0,1,2\r\n"
    assert bench.send('AT+QMTPUB=0,2,1,0,"a/b",5\r') == "\r\n>"
    said = bench.send(b"hello")
    assert said == f'{DONE}\r\n+QMTRECV: 0,1,"a/b",5,"hello"\r\n\r\n+QMTPUB: 0,2,0\r\n'
    assert bench.send('AT+QMTUNS=0,3,"a/+","b"\r') == f"{DONE}\r\n+QMTUNS: 0,3,0\r\n"
    assert bench.send("AT+QMTDISC=0\r") == f"{DONE}\r\n+QMTDISC: 0,0\r\n"
    assert bench.send("AT+QMTCONN?\r") == bench.send("AT+QMTOPEN?\r") == DONE
    assert bench.send("AT+QMTCLOSE=0\r") == "\r\nERROR\r\n"


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_two_forms_of_publishing_and_no_third(qos: int) -> None:
    bench = wifi()
    number = 7 if qos else 0
    head = f'AT+QMTPUB=0,{number},{qos},0,"t"'
    done = f"{DONE}\r\n+QMTPUB: 0,{number},0\r\n"
    assert bench.send(f'{head},"inline"\r') == "\r\nERROR\r\n"
    assert bench.send(f"{head}\r") == "\r\n>"
    assert bench.send(b"typed\x1a") == done
    assert bench.send(f"{head},5\r") == "\r\n>"
    assert bench.send(b"\x1a\x1b\x00\xff+") == done
    assert bench.send(f"{head}\r") == "\r\n>"
    assert bench.send(b"not this\x1b") == DONE
    assert bench.send('AT+QMTPUBEX=0,0,0,0,"t",5\r') == "\r\nERROR\r\n"


def test_what_is_more_than_2048_bytes_is_deleted() -> None:
    bench = wifi()
    bench.send('AT+QMTSUB=0,1,"t",0\r')
    assert bench.send('AT+QMTPUB=0,0,0,0,"t",2049\r') == "\r\nERROR\r\n"
    assert bench.send('AT+QMTPUB=0,0,0,0,"t"\r') == "\r\n>"
    said = bench.send(b"a" * 2048 + b"b" * 100 + b"\x1a")
    assert f'+QMTRECV: 0,0,"t",2048,"{"a" * 2048}"\r\n' in said
    assert "b" * 3 not in said


def test_payloads_in_hexadecimal() -> None:
    bench = wifi()
    bench.send('AT+QMTCFG="dataformat",0,1,1\r')
    bench.send('AT+QMTSUB=0,1,"t",0\r')
    assert bench.send('AT+QMTPUB=0,0,0,0,"t",6\r') == "\r\n>"
    assert '+QMTRECV: 0,0,"t",3,"00FF61"' in bench.send("00ff61")
    assert bench.send('AT+QMTPUB=0,0,0,0,"t",3\r') == "\r\n>"
    assert bench.send("00f") == "\r\nERROR\r\n"


def test_received_messages_wait_in_five_buffers() -> None:
    bench = wifi()
    bench.send('AT+QMTCFG="recv/mode",0,1\r')
    bench.send('AT+QMTSUB=0,1,"t",0\r')
    for number in range(6):
        say(bench, "t", b"%d" % number)
    assert bench.rest() == "".join(f"\r\n+QMTRECV: 0,{slot}\r\n" for slot in range(5))
    dropped = [one for one in bench.events if isinstance(one, ClientMessage) and one.is_dropped]
    assert len(dropped) == 1
    assert bench.send("AT+QMTRECV?\r") == f"\r\n+QMTRECV: 0,1,1,1,1,1\r\n{DONE}"
    assert bench.send("AT+QMTRECV=0,3\r") == f'\r\n+QMTRECV: 0,0,"t",1,"3"\r\n{DONE}'
    assert bench.send("AT+QMTRECV=0,3\r") == "\r\nERROR\r\n"
    lines = "".join(f'+QMTRECV: 0,0,"t",1,"{number}"\r\n' for number in (0, 1, 2, 4))
    assert bench.send("AT+QMTRECV=0\r") == f"\r\n{lines}{DONE}"
    assert bench.send("AT+QMTRECV=0\r") == DONE


def test_a_message_of_more_than_10240_bytes_is_lost() -> None:
    bench = wifi()
    bench.send('AT+QMTSUB=0,1,"t",0\r')
    say(bench, "t", bytes(10_241))
    assert bench.rest() == ""
    say(bench, "t", b"x" * 10_240)
    assert bench.rest() == f'\r\n+QMTRECV: 0,0,"t",10240,"{"x" * 10_240}"\r\n'


def test_a_payload_without_quotes_is_a_quirk() -> None:
    bench = wifi(quotes_payload=False)
    bench.send('AT+QMTSUB=0,1,"t",0\r')
    say(bench, "t", b"x")
    assert bench.rest() == '\r\n+QMTRECV: 0,0,"t",1,x\r\n'
    bench.send('AT+QMTCFG="recv/mode",0,1\r')
    say(bench, "t", b"x")
    bench.rest()
    assert bench.send("AT+QMTRECV=0,0\r") == f'\r\n+QMTRECV: 0,0,"t",1,x\r\n{DONE}'


def test_a_sixth_publication_under_way_is_refused() -> None:
    bench = NetworkBench(device="fcm242d", faults=[PublishUnanswered(times=5)]).connected()
    bench.send('AT+QMTCFG="timeout",0,60\r')
    for number in range(1, 6):
        assert bench.send(f'AT+QMTPUB=0,{number},1,0,"t",1\r', 1) == "\r\n>"
        assert bench.send("x", 1) == DONE
    assert bench.send('AT+QMTPUB=0,6,1,0,"t",1\r', 1) == "\r\nERROR\r\n"
    assert bench.send('AT+QMTPUB=0,0,0,0,"t",1\r', 1) == "\r\n>"
    assert bench.send("x", 1) == f"{DONE}\r\n+QMTPUB: 0,0,0\r\n"


def test_a_publication_that_is_never_answered_ends_the_connection() -> None:
    bench = NetworkBench(device="fcm242d", faults=[PublishUnanswered(times=4)]).connected()
    bench.send('AT+QMTPUB=0,1,1,0,"t",1\r')
    assert bench.send("x", 60) == f"{DONE}\r\n+QMTPUB: 0,1,2\r\n\r\n+QMTSTAT: 0,6\r\n"
    assert bench.send("AT+QMTCONN?\r") == DONE


@pytest.mark.parametrize(
    ("reading", "said"), [("silent", ""), ("failed", "\r\n+QMTPUB: 0,1,2\r\n")]
)
def test_a_publication_whose_connection_ends_before_its_answer(reading: str, said: str) -> None:
    profile = device(unanswered=reading)
    bench = NetworkBench(device=profile, faults=[PublishUnanswered(times=9)]).connected()
    bench.send('AT+QMTPUB=0,1,1,0,"t",1\r')
    bench.send("x", 1)
    assert bench.send("AT+QMTCLOSE=0\r") == f"{DONE}{said}\r\n+QMTCLOSE: 0,0\r\n"


def test_a_disconnection_that_is_told_is_a_quirk() -> None:
    bench = wifi(disconnect_stat=True)
    assert bench.send("AT+QMTDISC=0\r") == f"{DONE}\r\n+QMTDISC: 0,0\r\n\r\n+QMTSTAT: 0,5\r\n"


def test_names_have_their_bounds() -> None:
    bench = NetworkBench(device="fcm242d")
    bench.send(OPEN)
    long = "x" * 128
    for line in (f'0,"{long}"', f'0,"a","{long}"', f'0,"a","b","{"x" * 513}"', '0,"a",,"b"'):
        assert bench.send(f"AT+QMTCONN={line}\r") == "\r\nERROR\r\n", line
    good = f'0,"{long[1:]}","{long[1:]}","{"x" * 512}"'
    assert bench.send(f"AT+QMTCONN={good}\r") == f"{DONE}\r\n+QMTCONN: 0,0,0\r\n"


def test_a_broker_that_refuses() -> None:
    bench = NetworkBench(BrokerSettings(users={"ann": "secret"}), "fcm242d")
    bench.send(OPEN)
    said = bench.send('AT+QMTCONN=0,"me","ann","wrong"\r')
    assert said == f"{DONE}\r\n+QMTCONN: 0,0,4\r\n\r\n+QMTSTAT: 0,1\r\n"
    assert bench.send(OPEN) == f"{DONE}\r\n+QMTOPEN: 0,0\r\n"


def test_the_results_of_opening() -> None:
    bench = NetworkBench(device="fcm242d").connected()
    assert bench.send(OPEN) == f"{DONE}\r\n+QMTOPEN: 0,2\r\n"
    assert bench.send('AT+QMTOPEN=1,"other.example",1883\r') == f"{DONE}\r\n+QMTOPEN: 1,4\r\n"
    told = [one for one in bench.events if isinstance(one, ClientResult) and one.code]
    assert [one.words for one in told] == [
        "the client is in use already",
        "the name does not resolve",
    ]


def test_without_wifi_nothing_opens() -> None:
    bench = fresh()
    assert bench.ask('AT+QMTOPEN=0,"192.0.2.2",1883') == OK + b"\r\n+QMTOPEN: 0,5\r\n"
    [told] = bench.events(ClientResult)
    assert (told.code, told.why, told.words) == (5, "unreachable", "network disconnected")


def test_a_device_that_loses_its_access_point_loses_its_broker() -> None:
    bench = NetworkBench(device="fcm242d").connected()
    bench.rig.deauthenticate(bench.now_ns)
    assert "+QMTSTAT: 0,7\r\n" in bench.rest(30)
    assert bench.send("AT+QMTCONN?\r") == DONE


def test_in_the_wrong_state() -> None:
    bench = NetworkBench(device="fcm242d")
    asking = ("DISC=0", 'SUB=0,1,"t",0', 'UNS=0,1,"t"', "RECV=0", 'PUB=0,0,0,0,"t",1')
    for line in ('CONN=0,"me"', "CLOSE=0", *asking):
        assert bench.send(f"AT+QMT{line}\r", 1) == ERROR.decode(), line
    bench.send(OPEN, 1)
    for line in asking:
        assert bench.send(f"AT+QMT{line}\r", 1) == ERROR.decode(), line
    assert bench.send("AT+QMTCONN?\r", 1) == f"\r\n+QMTCONN: 0,1\r\n{DONE}"
    assert bench.send("AT+QMTCLOSE=0\r", 1) == f"{DONE}\r\n+QMTCLOSE: 0,0\r\n"


# every command in every state

IDLE, OPENING, IS_OPEN, CONNECTING, CONNECTED = range(5)
# The states in which a command is taken; elsewhere it is an error, and changes nothing.
TAKEN: dict[str, set[int]] = {
    'QMTOPEN=0,"broker.example",1883': {IDLE, OPENING, IS_OPEN, CONNECTING, CONNECTED},
    "QMTCLOSE=0": {OPENING, IS_OPEN, CONNECTING, CONNECTED},
    'QMTCONN=0,"me"': {IS_OPEN},
    "QMTDISC=0": {CONNECTED},
    'QMTSUB=0,1,"t",0': {CONNECTED},
    'QMTUNS=0,1,"t"': {CONNECTED},
    'QMTPUB=0,0,0,0,"t",1': {CONNECTED},
    "QMTRECV=0": {CONNECTED},
    "QMTOPEN?": {IDLE, OPENING, IS_OPEN, CONNECTING, CONNECTED},
    "QMTCONN?": {IDLE, OPENING, IS_OPEN, CONNECTING, CONNECTED},
    "QMTRECV?": {IDLE, OPENING, IS_OPEN, CONNECTING, CONNECTED},
    'QMTCFG="ssl",0,0': {IDLE, OPENING, IS_OPEN, CONNECTING, CONNECTED},
}


def at_state(state: int, device: str) -> Bench:
    """A device of which client 0 is there. Its broker says nothing of its own accord."""
    step = Step(after_bytes=1, after_ms=200 if state == CONNECTED else 3_600_000)
    lets_in = replace(step, base64=encode(ConnAck()))
    server = SimpleServer(SimpleSettings(steps=(lets_in,)))
    offers = {("broker.example", 1883): Offer(server, "192.0.2.10")}
    faults = (ConnectSilence(),) if state == OPENING else ()
    bench = Bench(load_profile(device), peer=Served(offers), faults=faults)
    bench.ask("AT+QECHO=0" if device in NAMES else "ATE0")
    if state != IDLE:
        bench.send(OPEN.encode())
        bench.run_for(s(1))
    if state in (CONNECTING, CONNECTED):
        bench.send(b'AT+QMTCONN=0,"me"\r')
        bench.run_for(s(1))
    return bench


@pytest.mark.parametrize("state", range(5))
@pytest.mark.parametrize("device", ["fcm242d", "ec200u", "ec200t"])
@pytest.mark.parametrize("line", TAKEN)
def test_every_command_in_every_state(line: str, device: str, state: int) -> None:
    bench = at_state(state, device)
    client = bench.rig.device.context.clients.get("MQTT client 0")
    before = client.state.name if isinstance(client, MqttClient) else "IDLE"
    assert before == ("IDLE", "OPENING", "OPEN", "CONNECTING", "CONNECTED")[state]
    bench.send(f"AT+{line}\r".encode())
    said = bench.run_for(ms(100))
    if state in TAKEN[line]:
        assert said.endswith((b"OK\r\n", b"\r\n>", b"\r\n> ")) or b"\r\nOK\r\n" in said
    else:
        assert said == ERROR
        assert not isinstance(client, MqttClient) or client.state.name == before
    if said.endswith((b">", b"> ")):
        bench.send(b"x")
    bench.rest(s(4000))
    assert bench.ask("AT").endswith(OK)
    bench.rig.check()
