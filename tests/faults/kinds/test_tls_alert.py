"""The server breaks a TLS handshake off."""

from quecsim.faults import TlsAlert
from quecsim.trace.event import LinkFailed
from quecsim.units import s
from tests.faults.network import OPEN, heard, struck
from tests.peers.bench import NetworkBench


def test_the_second_handshake_ends_with_an_alert() -> None:
    bench = NetworkBench(faults=[TlsAlert(handshake=2)])
    assert heard(bench, OPEN.replace("=0", "=1"))[-1] == "+QMTOPEN: 1,0", "without TLS none counts"
    heard(bench, 'AT+QMTCFG="ssl",0,1,1\r')
    for _ in range(2):
        began_ns = bench.now_ns
        assert heard(bench, OPEN) == ["OK", "+QMTOPEN: 0,5"]
    plain, alert = [event for event in bench.events if isinstance(event, LinkFailed)]
    assert (plain.why, alert.why) == ("tls:version", "tls:alert")
    assert alert.at_ns - began_ns > s(2), "a handshake takes its time"
    assert struck(bench) == ["broker.example:1883: the server breaks the handshake off"]
