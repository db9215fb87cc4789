"""A host that publishes by MQTT over a network that has faults, and what it hears."""

from quecsim.faults import Fault
from quecsim.run.replay import replay
from quecsim.trace.event import FaultFired
from tests.peers.bench import NetworkBench

OPEN = 'AT+QMTOPEN=0,"broker.example",1883\r'
CONNECT = 'AT+QMTCONN=0,"a"\r'
PUBLISH = 'AT+QMTPUB=0,7,1,0,"t/x","hello"\r'


def heard(bench: NetworkBench, line: str, seconds: int = 20) -> list[str]:
    """The lines that come back within that time."""
    return [text for text in bench.send(line, seconds).split("\r\n") if text]


def fired(bench: NetworkBench) -> list[str]:
    """What the faults have hit, in words."""
    return [event.what for event in bench.events if isinstance(event, FaultFired)]


def struck(bench: NetworkBench) -> list[str]:
    """The same, at the end of the run, which comes out the same from its record alone."""
    bench.rig.finish(bench.now_ns)
    record = bench.events + bench.rig.take_events()
    again = replay(record)
    assert again.is_same, (again.was, again.now)
    return fired(bench)


def injected(fault: Fault) -> NetworkBench:
    """A client that is connected, and then the fault."""
    bench = NetworkBench().connected()
    bench.rig.inject(bench.now_ns, fault)
    return bench
