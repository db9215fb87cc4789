"""The event stream holds every input, so a record alone repeats its run."""

import msgspec
from hypothesis import example, given

from quecsim.rig import RigConfig
from quecsim.trace.event import DataEnd, Event, Lost
from quecsim.units import ms, s
from tests.laws.driver import CutPower, Line, PowerOn, Ready, Setup, Step, Write, law, play
from tests.laws.replay import replay
from tests.laws.strategies import pattern, scripts, setups

EVENTFUL: list[Step] = [
    (ms(2), Line(230400, "8N1", "none")),
    (ms(1), Write(b"AT+IPR=230400\r")),
    (ms(5), Line(115200, "8N1", "none")),
    (ms(5), Write(b"AT\r")),
    (ms(5), Line(230400, "8N1", "none")),
    (ms(5), Write(b'AT+QFUPL="a",9000,2\r')),
    (ms(50), Write(pattern(8000))),
    (ms(3), Ready(False)),
    (s(5), Ready(True)),
    (ms(1), Write(b'AT+QFUPL="b",9000,2\r')),
    (ms(90), Write(pattern(8000))),
    (ms(100), CutPower()),
    (ms(1), PowerOn()),
    (s(20), Write(b"AT+CFUN=1,1\r")),
]


@law(150)
@given(setups(), scripts())
@example(Setup({"uart": {"rx_ring_bytes": 256}}), EVENTFUL)
def test_a_record_repeats_its_run(setup: Setup, script: list[Step]) -> None:
    run = play(setup, script)
    written = msgspec.json.encode(run.events)
    record = msgspec.json.decode(written, type=list[Event])
    assert record == run.events
    assert replay(setup, record) == run.events


def test_the_eventful_run_is_eventful() -> None:
    run = play(Setup({"uart": {"rx_ring_bytes": 256}}, RigConfig()), EVENTFUL)
    assert {event.cause for event in run.of(Lost)} >= {"ring", "power", "off"}
    assert [event.why for event in run.of(DataEnd)] == ["idle", "power"]
