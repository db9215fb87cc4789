"""A device at a real broker, and mosquitto's own clients as the other parties."""

import itertools
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quecsim.tls.authority import authority_pem
from tests.e2e.network.world import HOST, MOSQUITTO, PLAIN, TLS, World, open_world
from tests.examples.hosts import need
from tests.peers.mosquitto import Mosquitto
from tests.peers.talk import HANGS_S

pytestmark = pytest.mark.pty
NUMBERS = itertools.count(1)
LARGE = bytes(range(256)) * 40


@pytest.fixture(params=["ec200u", "ec200s"])
def world(mosquitto: Mosquitto, request: pytest.FixtureRequest) -> Iterator[World]:
    with open_world(MOSQUITTO, request.param, mosquitto) as opened:
        yield opened


@contextmanager
def subscribed(
    broker: Mosquitto, topic: str, *options: str, port: int = 0
) -> Iterator["subprocess.Popen[bytes]"]:
    """mosquitto_sub, once the broker knows what it wants."""
    command = [need("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(port or broker.port)]
    name = f"sub-{next(NUMBERS)}"
    command += ["-i", name, "-t", topic, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        try:
            broker.until_it_says(f": {name} ")
            yield child
        finally:
            child.kill()


def said(child: "subprocess.Popen[bytes]") -> list[str]:
    """All that it has printed, once it has ended by itself."""
    output, _ = child.communicate(timeout=HANGS_S)
    assert child.returncode == 0
    return output.decode().splitlines()


def publish(broker: Mosquitto, topic: str, *options: str, port: int = 0) -> None:
    command = [need("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(port or broker.port)]
    subprocess.run([*command, "-t", topic, *options], check=True, timeout=HANGS_S)


def test_what_the_device_publishes_is_heard(world: World, mosquitto: Mosquitto) -> None:
    host, topic = world.host, f"{world.name}/größe"
    world.connects()
    with subscribed(mosquitto, topic, "-q", "2", "-C", "4", "-F", "%q %r %l %x") as listener:
        for qos, text in enumerate(("0", "one", "two")):
            host.ask(f'AT+QMTPUB=0,{qos and 5 + qos},{qos},0,"{topic}","{text}"')
            host.hears(f"+QMTPUB: 0,{qos and 5 + qos},0")
        host.is_prompted(f'AT+QMTPUBEX=0,9,1,1,"{topic}",256')
        host.write(LARGE[:256])
        host.reads(b"\r\nOK\r\n")
        host.hears("+QMTPUBEX: 0,9,0")
        lines = said(listener)
    assert lines == [
        *(f"{n} 0 {len(text)} {text.encode().hex()}" for n, text in enumerate(("0", "one", "two"))),
        f"1 0 256 {LARGE[:256].hex()}",
    ]
    with subscribed(mosquitto, topic, "-C", "1", "-F", "%r %l") as late:
        assert said(late) == ["1 256"]


def test_what_others_publish_comes_to_the_device(
    world: World, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    host, topic = world.host, f"{world.name}/in"
    (tmp_path / "large").write_bytes(LARGE)
    publish(mosquitto, f"{topic}/kept", "-m", "kept", "-r", "-q", "1")
    host.ask('AT+QMTCFG="recv/mode",0,0,1')
    world.connects()
    host.ask(f'AT+QMTSUB=0,1,"{topic}/#",1')
    host.hears_in_any_order("+QMTSUB: 0,1,0,1", f'+QMTRECV: 0,1,"{topic}/kept",4,"kept"')
    publish(mosquitto, f"{topic}/a", "-f", str(tmp_path / "large"), "-q", "1")
    host.hears(f'+QMTRECV: 0,2,"{topic}/a",10240,"'.encode() + LARGE + b'"')
    publish(mosquitto, f"{topic}/b", "-m", "ö", "--repeat", "20")
    host.hears(*([f'+QMTRECV: 0,0,"{topic}/b",2,"ö"'] * 20))


def test_the_will_of_a_device_that_loses_its_power(world: World, mosquitto: Mosquitto) -> None:
    host, topic = world.host, f"{world.name}/will"
    host.ask(f'AT+QMTCFG="will",0,1,1,0,"{topic}","gone"')
    world.connects()
    with subscribed(mosquitto, topic, "-C", "1", "-q", "1", "-F", "%q %p") as listener:
        world.device.cut_power()
        assert said(listener) == ["1 gone"]


def test_a_broker_that_goes_away(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    try:
        with open_world(MOSQUITTO, "ec200u", broker) as world:
            host = world.host
            world.connects()
            broker.break_off()
            host.hears("+QMTSTAT: 0,1")
            host.ask("AT+QMTCONN?")
            host.ask(f'AT+QMTOPEN=0,"{HOST}",{PLAIN}')
            host.hears("+QMTOPEN: 0,5")
    finally:
        broker.stop()


def test_both_over_tls(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """The same certificate of an authority serves the device and the others."""
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority_pem())
    files, port = {"UFS:ca.pem": authority_pem()}, mosquitto.tls_ports[TLS]
    with open_world(MOSQUITTO, "ec200u", mosquitto, files=files) as world:
        host = world.host
        host.ask('AT+QSSLCFG="seclevel",0,1')
        host.ask('AT+QSSLCFG="cacert",0,"UFS:ca.pem"')
        host.ask('AT+QMTCFG="ssl",0,1,0')
        world.connects(port=TLS)
        host.ask('AT+QMTSUB=0,1,"tls/in",1')
        host.hears("+QMTSUB: 0,1,0,1")
        publish(mosquitto, "tls/in", "-m", "hello", "-q", "1", "--cafile", str(ca), port=port)
        host.hears('+QMTRECV: 0,1,"tls/in","hello"')
        options = ("-C", "1", "-F", "%p", "--cafile", str(ca))
        with subscribed(mosquitto, "tls/out", *options, port=port) as listener:
            host.ask('AT+QMTPUB=0,2,1,0,"tls/out","hello yourself"')
            host.hears("+QMTPUB: 0,2,0")
            assert said(listener) == ["hello yourself"]
