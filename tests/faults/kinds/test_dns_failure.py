"""A name that has no address."""

from quecsim.faults import DnsFailure
from quecsim.profiles import load_profile
from quecsim.trace.event import LinkFailed
from tests.faults.network import OPEN, heard, struck
from tests.peers.bench import NetworkBench


def test_the_name_does_not_resolve_once() -> None:
    bench = NetworkBench(faults=[DnsFailure()])
    mqtt = load_profile("ec200u").mqtt
    assert mqtt is not None
    assert heard(bench, OPEN) == ["OK", f"+QMTOPEN: 0,{mqtt.open_results['dns']}"]
    (failed,) = [event for event in bench.events if isinstance(event, LinkFailed)]
    assert (failed.why, failed.detail) == ("dns", "broker.example has no address")
    assert heard(bench, OPEN) == ["OK", "+QMTOPEN: 0,0"]
    assert struck(bench) == ["broker.example:1883: the name does not resolve"]


def test_an_address_needs_no_name() -> None:
    bench = NetworkBench(faults=[DnsFailure()])
    heard(bench, 'AT+QMTOPEN=0,"198.51.100.1",1883\r')
    assert heard(bench, OPEN.replace("=0", "=1")) == ["OK", "+QMTOPEN: 1,4"]
    assert bench.rig.fault_points()["lookup"] == 1
    assert len(struck(bench)) == 1
