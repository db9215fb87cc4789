"""Faults of the network between a device and mosquitto: they hold there as they do for our broker,
and the record tells the run again without it.
"""

import select
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quecsim.faults import (
    ConnectRefused,
    DnsFailure,
    Fault,
    LinkDown,
    MqttRefused,
    PublishUnanswered,
    ServerCloses,
)
from quecsim.live.network.beyond import Beyond
from quecsim.live.network.routes import Permissions, parse_route
from quecsim.live.network.sockets import SocketsPeer
from quecsim.peers.served import Served
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import Event, FaultFired
from quecsim.units import ms
from tests.faults.network import CONNECT, OPEN, PUBLISH
from tests.peers.mosquitto import Mosquitto

STEP_NS = ms(40)
MOST_STEPS = 2500


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    running = Mosquitto(Path(tmp_path_factory.mktemp("mosquitto")))
    yield running
    running.stop()


class RealBench:
    """A device whose broker.example is a real one. The model's time waits for that in each step."""

    def __init__(self, broker: Mosquitto, *faults: Fault) -> None:
        given = Permissions([parse_route(f"broker.example:1883=127.0.0.1:{broker.port}")])
        self.peer = Beyond(Served({}), given, lambda names: SocketsPeer(given, names=names))
        self.rig = Rig(load_profile("ec200u"), RigConfig(faults=faults), peer=self.peer)
        self.rig.start(0)
        self.now_ns = 0
        self.heard = ""
        self.events: list[Event] = []
        self.say('ATE0;+QMTCFG="timeout",0,1,3,0\r', "OK")

    def say(self, line: str, *wanted: str) -> list[str]:
        """Type it; the lines that come, once the `wanted` ones have, in that order."""
        self.heard = ""
        self.rig.host_write(self.now_ns, line.encode())
        for _ in range(MOST_STEPS):
            self._step()
            lines = [text for text in self.heard.split("\r\n") if text]
            rest = iter(lines)
            if all(text in rest for text in wanted):
                return lines
        raise AssertionError(f"{wanted} of {lines}")

    def _step(self) -> None:
        self.now_ns += STEP_NS
        self.rig.advance(self.now_ns)
        if (descriptor := self.peer.descriptor) is not None:
            select.select([descriptor], [], [], 0.003)
            for news in self.peer.look(self.now_ns):
                self.rig.hear_news(self.now_ns, news)
            self.rig.advance(self.now_ns)
        self.heard += b"".join(run.data for run in self.rig.take_output()).decode("latin-1")
        self.events += self.rig.take_events()

    def close(self) -> None:
        """The end; the record tells the same without a broker."""
        self.peer.close()
        self.rig.finish(self.now_ns)
        again = replay(self.events + self.rig.take_events())
        assert again.is_same, (again.was, again.now)
        assert any(isinstance(event, FaultFired) for event in self.events)


def test_what_never_leaves_the_device_reaches_nobody(mosquitto: Mosquitto) -> None:
    with closing(RealBench(mosquitto, DnsFailure(), ConnectRefused(connection=2))) as bench:
        bench.say(OPEN, "+QMTOPEN: 0,4")
        bench.say(OPEN, "+QMTOPEN: 0,5")
        assert bench.peer.descriptor is None, "not even a socket"
        bench.say(OPEN, "+QMTOPEN: 0,0")


def test_a_refusal_and_then_none(mosquitto: Mosquitto) -> None:
    with closing(RealBench(mosquitto, MqttRefused(code=5))) as bench:
        bench.say(OPEN, "+QMTOPEN: 0,0")
        bench.say(CONNECT, "+QMTCONN: 0,0,5", "+QMTSTAT: 0,1")
        bench.say(OPEN, "+QMTOPEN: 0,0")
        bench.say(CONNECT, "+QMTCONN: 0,0,0")


def test_a_message_without_an_answer_is_there_twice(mosquitto: Mosquitto) -> None:
    with closing(RealBench(mosquitto, PublishUnanswered())) as bench:
        bench.say(OPEN, "+QMTOPEN: 0,0")
        bench.say(CONNECT, "+QMTCONN: 0,0,0")
        bench.say('AT+QMTSUB=0,1,"t/#",0\r', "+QMTSUB: 0,1,0,0")
        lines = bench.say(PUBLISH, "+QMTPUB: 0,7,0")
        assert lines.count('+QMTRECV: 0,0,"t/x","hello"') == 2


def test_a_broker_hears_that_the_link_broke(mosquitto: Mosquitto) -> None:
    """So it publishes the will."""
    with closing(RealBench(mosquitto, LinkDown(send=4))) as bench:
        bench.say(OPEN, "+QMTOPEN: 0,0")
        bench.say(CONNECT, "+QMTCONN: 0,0,0")
        bench.say('AT+QMTSUB=0,1,"gone",0\r', "+QMTSUB: 0,1,0,0")
        bench.say('AT+QMTCFG="will",1,1,0,0,"gone","b"\r', "OK")
        bench.say(OPEN.replace("=0", "=1"), "+QMTOPEN: 1,0")
        bench.say(CONNECT.replace('=0,"a"', '=1,"b"'), "+QMTCONN: 1,0,0")
        lines = bench.say(PUBLISH.replace("=0", "=1"), "OK", '+QMTRECV: 0,0,"gone","b"')
        assert "+QMTSTAT: 1,1" in lines


@pytest.mark.parametrize("number", [2, 4, 7])
def test_a_broker_that_closes_at_a_byte(mosquitto: Mosquitto, number: int) -> None:
    with closing(RealBench(mosquitto, ServerCloses(at_byte=number, how="reset"))) as bench:
        bench.say(OPEN, "+QMTOPEN: 0,0")
        if number < 4:
            bench.say(CONNECT, "+QMTCONN: 0,2", "+QMTSTAT: 0,1")
        elif number == 4:
            bench.say(CONNECT, "+QMTCONN: 0,0,0", "+QMTSTAT: 0,1")
        else:
            bench.say(CONNECT, "+QMTCONN: 0,0,0")
            bench.say(PUBLISH, "+QMTSTAT: 0,1")
        bench.say(OPEN, "+QMTOPEN: 0,0")
