"""A Wi-Fi module at brokers: its forms, plain and over TLS, in three worlds."""

from collections.abc import Iterator

import pytest

from quecsim.tls.authority import authority_pem, client_pair
from tests.e2e.network.host import reply
from tests.e2e.network.world import (
    CLOSED,
    EXPIRED,
    HOST,
    MOSQUITTO,
    MUTUAL,
    TLS,
    World,
    open_world,
)
from tests.peers.mosquitto import Mosquitto

BYTES = bytes(range(256))
CA = authority_pem()
CERTIFICATE, KEY = client_pair()


@pytest.fixture
def wifi(kind: str, request: pytest.FixtureRequest) -> Iterator[World]:
    real = request.getfixturevalue("mosquitto") if kind == MOSQUITTO else None
    with open_world(kind, "fcm242d", real) as opened:
        yield opened


def publishes(world: World, arguments: str, payload: bytes, end: bytes = b"") -> None:
    """Behind a prompt without a blank, and `end` where nothing says how long it is."""
    world.host.command(f"AT+QMTPUB={arguments}")
    world.host.reads(b"\r\n>")
    world.host.write(payload + end)
    world.host.reads(reply())


def stores(world: World, name: str, data: bytes) -> None:
    """As the manual's examples do."""
    host = world.host
    host.ask(f'AT+QFOPEN="{name}"', "+QFOPEN: 1")
    host.command(f"AT+QFWRITE=1,{len(data)}")
    host.reads(b"\r\nCONNECT\r\n")
    host.write(data)
    host.reads(reply(f"+QFWRITE: {len(data)},{len(data)}"))
    host.ask("AT+QFCLOSE=1")


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_all_that_a_client_does(wifi: World, qos: int) -> None:
    host, number = wifi.host, 9 if qos else 0
    wifi.connects()
    host.ask("AT+QMTOPEN?", f'+QMTOPEN: 0,"{HOST}",1883')
    host.ask("AT+QMTCONN?", "+QMTCONN: 0,3")
    host.ask(f'AT+QMTSUB=0,1,"wifi/{qos}",{qos}')
    host.hears(f"+QMTSUB: 0,1,0,{qos}")
    wifi.publish(f"wifi/{qos}", BYTES * 8, qos)
    host.hears(f'+QMTRECV: 0,{min(qos, 1)},"wifi/{qos}",2048,"'.encode() + BYTES * 8 + b'"')
    publishes(wifi, f'0,{number},{qos},0,"wifi/{qos}",2048', BYTES * 8)
    host.hears_in_any_order(
        f"+QMTPUB: 0,{number},0",
        f'+QMTRECV: 0,{min(qos, 1) * 2},"wifi/{qos}",2048,"'.encode() + BYTES * 8 + b'"',
    )
    host.ask(f'AT+QMTUNS=0,2,"wifi/{qos}"')
    host.hears("+QMTUNS: 0,2,0")
    publishes(wifi, f'0,{number},{qos},0,"wifi/{qos}"', b"nobody hears this", b"\x1a")
    host.hears(f"+QMTPUB: 0,{number},0")
    host.ask("AT+QMTDISC=0")
    host.hears("+QMTDISC: 0,0")
    host.ask("AT+QMTCLOSE=0", result="ERROR")


def test_messages_wait_in_buffers(wifi: World) -> None:
    host = wifi.host
    host.ask('AT+QMTCFG="recv/mode",0,1')
    wifi.connects()
    host.ask('AT+QMTSUB=0,1,"wifi/kept",1')
    host.hears("+QMTSUB: 0,1,0,1")
    for number in range(3):
        wifi.publish("wifi/kept", b"%d" % number, 1)
        host.hears(f"+QMTRECV: 0,{number}")
    host.ask("AT+QMTRECV?", "+QMTRECV: 0,1,1,1,0,0")
    host.ask("AT+QMTRECV=0,1", '+QMTRECV: 0,2,"wifi/kept",1,"1"')
    host.ask("AT+QMTRECV=0", *(f'+QMTRECV: 0,{n + 1},"wifi/kept",1,"{n}"' for n in (0, 2)))


@pytest.mark.parametrize("name", ["", "UFS:"])
def test_over_tls_with_a_certificate_of_its_own(wifi: World, name: str) -> None:
    host = wifi.host
    for file, data in (("ca.pem", CA), ("user.pem", CERTIFICATE), ("user_key.pem", KEY)):
        stores(wifi, file, data)
    for key, file in (("cacert", "ca"), ("clientcert", "user"), ("clientkey", "user_key")):
        host.ask(f'AT+QSSLCFG="{key}",2,"{name}{file}.pem"')
    host.ask('AT+QSSLCFG="seclevel",2,2')
    host.ask('AT+QMTCFG="ssl",0,1,2')
    for port in (MUTUAL, TLS):
        wifi.connects(port=port)
        host.ask("AT+QMTCLOSE=0")
        host.hears("+QMTCLOSE: 0,0")


def test_what_does_not_open(wifi: World) -> None:
    """Every failure is 3, network error, but a name that nobody has."""
    host = wifi.host
    stores(wifi, "ca.pem", CA[:1035])
    host.ask('AT+QSSLCFG="cacert",2,"ca.pem"')
    host.ask('AT+QSSLCFG="seclevel",2,1')
    host.ask(f'AT+QMTOPEN=0,"nobody.example",{TLS}')
    host.hears("+QMTOPEN: 0,4")
    host.ask('AT+QMTCFG="ssl",0,1,2')
    for port in (TLS, EXPIRED):
        host.ask(f'AT+QMTOPEN=0,"{HOST}",{port}')
        host.hears("+QMTOPEN: 0,3")
    report = wifi.device.report().network
    assert [one.why for one in report.connections] == ["not-allowed", "tls:ca", "tls:ca"]
    assert [one.meaning for one in report.troubles][1:] == ["network error"] * 2


@pytest.mark.pty
def test_nobody_listens(mosquitto: Mosquitto) -> None:
    with open_world(MOSQUITTO, "fcm242d", mosquitto) as world:
        world.host.ask(f'AT+QMTOPEN=0,"{HOST}",{CLOSED}')
        world.host.hears("+QMTOPEN: 0,3")
