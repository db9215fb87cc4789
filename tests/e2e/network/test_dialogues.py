"""What real hosts say on their way to a broker and there, each to its end and byte for byte: with
the scenario's own brokers and with mosquitto.
"""

import pytest

from tests.e2e.network.host import Host, parts, unsolicited
from tests.e2e.network.world import CLOSED, GUARDED, HOST, PLAIN, World
from tests.peers.mosquitto import PASSWORD, USER


def test_a_host_that_starts_and_activates_its_context(world: World) -> None:
    host = world.host
    host.ask("AT")
    host.ask("AT+CMEE=1")
    host.ask("AT+QISDE=0")
    host.ask("AT+CPIN?", "+CPIN: READY")
    for name in ("CREG", "CGREG", "CEREG"):
        host.ask(f"AT+{name}?", f"+{name}: 0,1")
    host.ask('AT+QICSGP=1,1,"apn","u","p"')
    host.ask("AT+QIACT?")
    host.ask("AT+QIACT=1")
    host.ask("AT+QIACT?", '+QIACT: 1,1,1,"10.0.0.2"')
    host.ask("AT+CSQ", "+CSQ: 24,99")
    host.ask("AT+QMTOPEN?")
    world.connects()
    host.ask("AT+QIDEACT=1")
    host.hears("+QMTSTAT: 0,7")
    host.ask('AT+QICSGP=1,3,"apn","u","p",3')
    host.ask("AT+QIACT=1")
    world.connects()


def test_a_host_that_tries_three_times_and_begins_again(world: World) -> None:
    """The network has no IPv6: what the host asked for first cannot be."""
    host = world.host
    host.ask('AT+QICSGP=1,2,"apn"')
    for _ in range(3):
        host.ask("AT+QIACT=1", result="ERROR")
        host.ask("AT+QIACT?")
    host.ask("AT+QIDEACT=1")
    host.ask('AT+QICSGP=1,1,"apn","u","p"')
    host.ask("AT+QIACT=1")
    host.ask("AT+QIACT?", '+QIACT: 1,1,1,"10.0.0.2"')
    world.connects()


def test_a_host_whose_context_is_taken_away(world: World) -> None:
    host = world.host
    host.ask("AT+QIACT=1")
    world.connects()
    world.device.drop_bearer()
    host.hears_in_any_order('+QIURC: "pdpdeact",1', "+QMTSTAT: 0,7")
    host.ask("AT+QIACT?")
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{PLAIN}')
    host.hears("+QMTOPEN: 0,3")
    for _ in range(3):
        host.ask("AT+QIACT=1", result="ERROR")
    host.ask("AT+QIDEACT=1")
    host.ask("AT+QIACT=1")
    world.connects()


def test_a_host_that_publishes_in_three_forms_and_hears_itself(world: World) -> None:
    host = world.host
    host.ask("AT+QMTOPEN?")
    host.ask("AT+QMTCLOSE=0", result="ERROR")
    host.ask('AT+QMTCFG="recv/mode",0,0,1')
    host.ask('AT+QMTCFG="version",0,4')
    host.ask('AT+QMTCFG="keepalive",0,120')
    world.connects()
    host.ask("AT+QMTOPEN?", f'+QMTOPEN: 0,"{HOST}",{PLAIN}')
    host.ask("AT+QMTCONN?", "+QMTCONN: 0,3")
    host.ask('AT+QMTSUB=0,1,"own/#",1')
    host.hears("+QMTSUB: 0,1,0,1")
    host.ask('AT+QMTPUB=0,2,1,0,"own/a","one, inline"')
    host.hears_in_any_order("+QMTPUB: 0,2,0", '+QMTRECV: 0,1,"own/a",11,"one, inline"')
    host.is_prompted('AT+QMTPUB=0,3,1,0,"own/a",4')
    host.write("two!")
    host.reads(b"\r\nOK\r\n")
    host.hears_in_any_order("+QMTPUB: 0,3,0", '+QMTRECV: 0,2,"own/a",4,"two!"')
    host.is_prompted('AT+QMTPUB=0,0,0,0,"own/a"')
    host.write("three\x1a")
    host.reads(b"\r\nOK\r\n")
    host.hears_in_any_order("+QMTPUB: 0,0,0", '+QMTRECV: 0,0,"own/a",5,"three"')
    host.is_prompted('AT+QMTPUB=0,0,0,0,"own/a"')
    host.write("four\x1b")
    host.reads(b"\r\nOK\r\n")
    host.ask('AT+QMTUNS=0,4,"own/#"')
    host.hears("+QMTUNS: 0,4,0")
    host.ask('AT+QMTPUB=0,5,2,0,"own/a","nobody hears it"')
    host.hears("+QMTPUB: 0,5,0")
    host.ask("AT+QMTDISC=0")
    host.hears("+QMTDISC: 0,0")
    host.hears_nothing()  # it waits for +QMTSTAT, and closes where none comes
    host.ask("AT+QMTCLOSE=0", result="ERROR")
    host.ask("AT+QMTOPEN?")


def test_a_host_that_sets_the_client_while_it_is_open(world: World) -> None:
    host = world.host
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{PLAIN}')
    host.hears("+QMTOPEN: 0,0")
    host.ask('AT+QMTCFG="ssl",0,1,2')
    host.ask('AT+QMTCFG="version",0,4')
    host.ask('AT+QMTCFG="SSL",0,0')
    host.ask('AT+QMTCONN=0,"set-while-open"')
    host.hears("+QMTCONN: 0,0,0")
    host.ask('AT+QMTCFG="ssl",0,1,2')
    host.ask('AT+QMTCFG="version",0,4')
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{PLAIN}')
    host.hears("+QMTOPEN: 0,2")
    host.ask("AT+QMTCLOSE=0")
    host.hears("+QMTCLOSE: 0,0")
    host.ask("AT+QMTCLOSE=0", result="ERROR")


@pytest.mark.parametrize("command", ["QMTPUB", "QMTPUBEX"])
def test_a_host_that_publishes_with_each_quality(world: World, command: str) -> None:
    host = world.host
    world.connects()
    host.ask('AT+QMTSUB=0,1,"q",2')
    host.hears("+QMTSUB: 0,1,0,2")
    for qos in (0, 1, 2):
        number = qos and 40 + qos
        host.is_prompted(f'AT+{command}=0,{number},{qos},0,"q",1')
        host.write(str(qos))
        host.reads(b"\r\nOK\r\n")
        host.hears_in_any_order(f"+{command}: 0,{number},0", f'+QMTRECV: 0,{qos},"q","{qos}"')
    host.ask("AT+QMTDISC=0")
    host.hears("+QMTDISC: 0,0")


def test_a_host_that_speaks_the_older_protocol(world: World) -> None:
    host = world.host
    host.ask('AT+QMTCFG="version",0,3')
    world.connects()
    host.ask('AT+QMTSUB=0,1,"old",1')
    host.hears("+QMTSUB: 0,1,0,1")
    host.ask('AT+QMTPUB=0,2,1,0,"old","3.1"')
    host.hears_in_any_order("+QMTPUB: 0,2,0", '+QMTRECV: 0,1,"old","3.1"')


def test_two_clients_by_one_name(world: World) -> None:
    """The broker ends the older connection, and the host hears of it."""
    host = world.host
    world.connects(0, name="twin")
    host.ask(f'AT+QMTOPEN=1,"{HOST}",{PLAIN}')
    host.hears("+QMTOPEN: 1,0")
    host.ask('AT+QMTCONN=1,"twin"')
    host.hears_in_any_order("+QMTCONN: 1,0,0", "+QMTSTAT: 0,1")
    host.ask("AT+QMTCONN?", "+QMTCONN: 1,3")
    world.connects(0, name="no twin")


def test_a_host_that_fetches_what_has_come(world: World) -> None:
    host = world.host
    host.ask('AT+QMTCFG="recv/mode",0,1')
    world.connects()
    host.ask('AT+QMTSUB=0,1,"kept",1')
    host.hears("+QMTSUB: 0,1,0,1")
    host.ask("AT+QMTRECV?", "+QMTRECV: 0,0,0,0,0,0")
    world.publish("kept", b"one", qos=1)
    host.hears("+QMTRECV: 0,0")
    world.publish("kept", b"two", qos=1)
    host.hears("+QMTRECV: 0,1")
    host.ask("AT+QMTRECV?", "+QMTRECV: 0,1,1,0,0,0")
    host.ask("AT+QMTRECV=0,1", '+QMTRECV: 0,2,"kept",3,"two"')
    host.ask("AT+QMTRECV=0,1", result="ERROR")
    host.ask("AT+QMTRECV=0", '+QMTRECV: 0,1,"kept",3,"one"')
    host.ask("AT+QMTRECV?", "+QMTRECV: 0,0,0,0,0,0")


def test_a_host_that_comes_back_to_what_waits_for_it(world: World) -> None:
    """What the broker has kept follows its CONNACK at once, and is told after it."""
    host = world.host
    name = f"comes-back-{id(world)}"
    host.ask('AT+QMTCFG="session",0,0')
    host.ask('AT+QMTCFG="recv/mode",0,0,1')
    world.connects(name=name)
    host.ask(f'AT+QMTSUB=0,1,"{name}",1')
    host.hears("+QMTSUB: 0,1,0,1")
    host.ask("AT+QMTDISC=0")
    host.hears("+QMTDISC: 0,0")
    for text in (b"one", b"two", b"three"):
        world.publish(name, text, qos=1)
    world.connects(name=name)
    host.hears(*(f'+QMTRECV: 0,{n},"{name}",{len(t)},"{t}"'
                 for n, t in enumerate(("one", "two", "three"), 1)))  # fmt: skip


def test_a_host_that_goes_astray(world: World) -> None:
    """A name that there is not, a port where nobody listens; and at last the right place."""
    host = world.host
    host.ask(f'AT+QMTOPEN=0,"other.example",{PLAIN}')
    host.hears("+QMTOPEN: 0,4")
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{CLOSED}')
    host.hears("+QMTOPEN: 0,5")
    host.ask("AT+QMTOPEN?")
    host.ask('AT+QMTCONN=0,"astray"', result="ERROR")
    world.connects()


def test_a_host_that_needs_a_password(world: World) -> None:
    host = world.host
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{GUARDED}')
    host.hears("+QMTOPEN: 0,0")
    host.ask('AT+QMTCONN=0,"nameless"')
    host.hears("+QMTCONN: 0,0,5", "+QMTSTAT: 0,1")
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{GUARDED}')
    host.hears("+QMTOPEN: 0,0")
    host.ask(f'AT+QMTCONN=0,"named","{USER}","{PASSWORD}"')
    host.hears("+QMTCONN: 0,0,0")


def test_no_code_comes_inside_a_reply(world: World) -> None:
    """Messages arrive while a host asks for answers of several lines, one after the other."""
    host = world.host
    world.connects()
    host.ask('AT+QMTSUB=0,1,"news",0')
    host.hears("+QMTSUB: 0,1,0,0")
    asked = ("ATI", "AT+QMTOPEN?", "AT+CPIN?", "AT+QMTCONN?", 'AT+QMTCFG="version",0')
    replies = []
    for line in asked:
        host.command(line)
        replies.append(_reply(host))
    expected = []
    for number in range(6 * len(asked)):
        text = f"number {number:03}"
        host.command(asked[number % len(asked)])
        world.publish("news", text.encode())
        expected += [
            replies[number % len(asked)],
            unsolicited(f'+QMTRECV: 0,0,"news","{text}"'),
        ]
    got = host.port.read(sum(map(len, expected)))
    found = parts(got, expected)
    assert sorted(found) == sorted(expected)
    messages = [part for part in found if b"+QMTRECV" in part]
    assert messages == sorted(messages), "in their order"


def _reply(host: Host) -> bytes:
    reply: bytes = host.port.read_until(b"\r\nOK\r\n")
    return reply
