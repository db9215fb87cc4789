"""A connection that nobody answers."""

from quecsim.faults import ConnectSilence
from quecsim.profiles import load_profile
from quecsim.trace.event import FaultFired, LinkShut
from quecsim.units import s
from tests.faults.network import OPEN, heard, struck
from tests.peers.bench import NetworkBench


def test_the_device_waits_as_long_as_it_does() -> None:
    bench = NetworkBench(faults=[ConnectSilence()])
    mqtt = load_profile("ec200u").mqtt
    assert mqtt is not None
    assert heard(bench, OPEN, mqtt.open_s - 1) == ["OK"]
    assert bench.rest(2) == f"\r\n+QMTOPEN: 0,{mqtt.open_results['timeout']}\r\n"
    (shut,) = [event for event in bench.events if isinstance(event, LinkShut)]
    (silence,) = [event for event in bench.events if isinstance(event, FaultFired)]
    assert 0 < s(mqtt.open_s) - (shut.at_ns - silence.at_ns) < s(1)
    assert heard(bench, OPEN) == ["OK", "+QMTOPEN: 0,0"]
    assert struck(bench) == ["broker.example:1883: no answer"]


def test_a_host_that_gives_up_itself() -> None:
    bench = NetworkBench(faults=[ConnectSilence()])
    heard(bench, OPEN)
    assert heard(bench, "AT+QMTCLOSE=0\r") == ["OK", "+QMTCLOSE: 0,0"]
    assert heard(bench, OPEN) == ["OK", "+QMTOPEN: 0,0"]
    assert len(struck(bench)) == 1
