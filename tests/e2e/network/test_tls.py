"""TLS to mosquitto by the authority's certificates, and the scenario's own brokers: what comes of a
handshake is the same, down to the words.
"""

from typing import Any, NamedTuple

import pytest

from quecsim.tls.authority import authority_pem, client_pair
from tests.e2e.network.world import (
    EXPIRED,
    HOST,
    MOSQUITTO,
    MUTUAL,
    OTHER_CA,
    SELF_SIGNED,
    TLS,
    TOO_EARLY,
    VIRTUAL,
    World,
    open_world,
)
from tests.peers.mosquitto import Mosquitto

CA, CERTIFICATE, KEY = "UFS:ca.pem", "UFS:client.pem", "UFS:client.key"
NOW = "2026-06-01T00:00:00Z"
WHOLE, PAIR = authority_pem(), client_pair()
FAILS = {"ec200u": 5, "ec200s": -1}
"""What AT+QMTOPEN says of TLS that fails."""


class Case(NamedTuple):
    """A host that uploads `ca`, and perhaps a certificate of its own with its key, and connects to
    `port`. `why` is what comes of it, empty where it connects; `reaches`: the broker hears of it.
    """

    port: int
    ca: bytes = WHOLE
    own: tuple[bytes, bytes] | None = None
    level: int = 1
    checks_time: bool = False
    clock: str = NOW
    why: str = ""
    reaches: bool = True


CASES = {
    "intact": Case(TLS),
    "not checked": Case(SELF_SIGNED, b"", level=0),
    "1035 of 1188 bytes": Case(TLS, WHOLE[:1035], why="tls:ca", reaches=False),
    "153 bytes lost in the middle": Case(
        TLS, WHOLE[:600] + WHOLE[753:], why="tls:ca", reaches=False
    ),
    "no file": Case(TLS, b"", why="tls:ca", reaches=False),
    "expired, and nobody looks": Case(EXPIRED),
    "expired": Case(EXPIRED, checks_time=True, why="tls:time"),
    "not expired yet": Case(EXPIRED, checks_time=True, clock="2020-06-01"),
    "a clock that was never set": Case(TLS, checks_time=True, clock="1980-01-06", why="tls:time"),
    "looked at in time": Case(TLS, checks_time=True),
    "not valid yet": Case(TOO_EARLY, checks_time=True, why="tls:time"),
    "of another authority": Case(OTHER_CA, why="tls:verify"),
    "signed by itself": Case(SELF_SIGNED, why="tls:verify"),
    "both ends": Case(MUTUAL, own=PAIR, level=2),
    "no certificate of its own": Case(MUTUAL, why="tls:alert"),
    "none that it names": Case(MUTUAL, level=2, why="tls:own"),
    "its own of another authority": Case(
        MUTUAL, own=client_pair("other-ca"), level=2, why="tls:alert"
    ),
    "the wrong key": Case(
        MUTUAL, own=client_pair("wrong-key"), level=2, why="tls:own", reaches=False
    ),
    "half a key": Case(
        MUTUAL, own=(PAIR[0], PAIR[1][:800]), level=2, why="tls:own", reaches=False
    ),
}  # fmt: skip
ON_BOTH = ("intact", "1035 of 1188 bytes", "expired", "both ends", "no certificate of its own")


def connect(world: World, case: Case, code: int) -> dict[str, Any]:
    """The host's way to the broker; returns what the report says of the connection."""
    host = world.host
    host.ask('AT+QSSLCFG="sslversion",2,4')
    host.ask('AT+QSSLCFG="ciphersuite",2,0XFFFF')
    host.ask(f'AT+QSSLCFG="seclevel",2,{case.level}')
    host.ask(f'AT+QSSLCFG="cacert",2,"{CA}"')
    if case.own:
        host.ask(f'AT+QSSLCFG="clientcert",2,"{CERTIFICATE}"')
        host.ask(f'AT+QSSLCFG="clientkey",2,"{KEY}"')
    host.ask(f'AT+QSSLCFG="ignorelocaltime",2,{int(not case.checks_time)}')
    host.ask('AT+QSSLCFG="sni",2,1')
    host.ask('AT+QMTCFG="SSL",0,1,2')
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{case.port}')
    host.hears(f"+QMTOPEN: 0,{code}")
    if not code:
        host.ask('AT+QMTCONN=0,"over-tls"')
        host.hears("+QMTCONN: 0,0,0")
        host.ask('AT+QMTSUB=0,1,"over/tls",1')
        host.hears("+QMTSUB: 0,1,0,1")
        host.ask('AT+QMTPUB=0,2,1,0,"over/tls","hello"')
        host.hears_in_any_order("+QMTPUB: 0,2,0", '+QMTRECV: 0,1,"over/tls","hello"')
        host.ask("AT+QMTDISC=0")
        host.hears("+QMTDISC: 0,0")
    (connection,) = world.device.report().network.connections
    keys = ("outcome", "level", "version", "suite", "code", "why", "detail", "file", "files",
            "sentence")  # fmt: skip
    return {key: getattr(connection, key) for key in keys}


def fate(kind: str, device: str, case: Case, code: int, mosquitto: Mosquitto) -> dict[str, Any]:
    files = {CA: case.ca} if case.ca else {}
    if case.own:
        files |= {CERTIFICATE: case.own[0], KEY: case.own[1]}
    with open_world(kind, device, mosquitto, files=files, clock=case.clock) as world:
        return connect(world, case, code)


@pytest.mark.pty
@pytest.mark.parametrize(
    ("device", "name"),
    [*(("ec200u", name) for name in CASES), *(("ec200s", name) for name in ON_BOTH)],
)
def test_each_outcome_is_that_of_the_real_broker(
    mosquitto: Mosquitto, device: str, name: str
) -> None:
    case = CASES[name]
    code = FAILS[device] if case.why else 0
    port = mosquitto.tls_ports[case.port]
    before = mosquitto.connections(port)
    live = fate(MOSQUITTO, device, case, code, mosquitto)
    assert mosquitto.connections(port) - before == case.reaches
    assert live["why"] == case.why
    assert live == fate(VIRTUAL, device, case, code, mosquitto)
