"""What two simulators say to one another, and what is none of it."""

import json
from typing import Any

import pytest

from quecsim.border.ble import Characteristic, GattService, Parameters
from quecsim.errors import QuecsimError
from quecsim.peers import ble_talk as talk

SERVICES = (GattService("fff1", (Characteristic("fff2", write_command=True, notify=True),)),)
ADDRESS = "c0ffee000001"


@pytest.mark.parametrize(
    "said",
    [
        talk.Hello(v=1, device="fcm242d"),
        talk.Advertising(address=ADDRESS, name="x", services=SERVICES, data=b"\x02\x01\x06"),
        talk.Silent(),
        talk.Connect(address=ADDRESS, is_random=True, interval=6),
        talk.Mtu(mtu=247),
        talk.Write(uuid="fff2", data=bytes(range(256)), is_request=True),
        talk.Error(uuid="f" * 32, error=3),
    ],
)
def test_what_is_said_is_read_as_it_was(said: talk.Said) -> None:
    line = talk.line_of(said)
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert talk.read_said(line) == said


def test_the_lines_are_those_of_the_specification() -> None:
    said = talk.Connect(address=ADDRESS)
    assert json.loads(talk.line_of(said)) == {"say": "connect", "address": ADDRESS}
    assert talk.parameters_of(said) == Parameters()
    assert talk.Paced(**talk.values_of(Parameters(6, 1, 30))) == talk.Paced(
        interval=6, latency=1, timeout=30
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"[" * 5000,
        b"\xff",
        b'{"say":"shout"}',
        b'{"say":"mtu","mtu":22}',
        b'{"say":"mtu","mtu":"23"}',
        b'{"say":"write","uuid":"FFF2"}',
        b'{"say":"write","uuid":"fff2\\n"}',
        b'{"say":"write","uuid":"fff2","to":1}',
        b'{"say":"error","uuid":"fff2","error":0}',
        b'{"say":"left","why":"boredom"}',
        b'{"say":"connect","address":"c0ffee","interval":6}',
        b'{"say":"connect","address":"c0ffee000001","interval":3200,"timeout":100}',
        b'{"say":"paced","interval":5,"latency":0,"timeout":500}',
        b'{"say":"advertising","address":"c0ffee000001","interval_ns":1}',
    ],
)
def test_what_is_none_of_it_is_told(line: bytes) -> None:
    with pytest.raises(QuecsimError, match="it "):
        talk.read_said(line)


@pytest.mark.parametrize(
    "services",
    [
        [{"uuid": "fff"}],
        [{"uuid": "fffg"}],
        [{"uuid": "fff1"}] * 17,
        [{"uuid": "fff1", "characteristics": [{"uuid": "x"}]}],
        [{"uuid": "fff1", "characteristics": [{"uuid": "fff2"}] * 33}],
    ],
)
def test_services_have_bounds(services: list[Any]) -> None:
    said = {"say": "advertising", "address": ADDRESS, "services": services}
    with pytest.raises(QuecsimError, match="none of the protocol"):
        talk.read_said(json.dumps(said).encode())


def test_data_is_no_longer_than_an_attribute() -> None:
    assert talk.read_said(talk.line_of(talk.Notify(uuid="fff2", data=bytes(514))))
    with pytest.raises(QuecsimError):
        talk.read_said(talk.line_of(talk.Notify(uuid="fff2", data=bytes(515))))
