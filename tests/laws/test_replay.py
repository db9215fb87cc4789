"""The event stream holds every input, so a record alone repeats its run."""

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from quecsim.firmware.package import build_package
from quecsim.rig import RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import DataEnd, Event, Lost, Power
from quecsim.units import ms, s
from tests.laws.driver import (
    CutPower,
    Cutter,
    Line,
    PowerOn,
    Ready,
    Restore,
    Setup,
    Step,
    Write,
    device_profile,
    law,
    play,
)
from tests.laws.strategies import CUTTERS, cases, pattern

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


PACKAGE = build_package(pattern(3000), device_profile("ec200t").identity.revision, "NEXT")
UPGRADED: list[Step] = [
    (0, Write(b'AT+QFOTADL="FILE:%d",0,5,50\r' % len(PACKAGE))),
    (s(2), Write(PACKAGE)),
    (s(1), Write(b"nobody reads this")),
    (s(20), CutPower()),
    (ms(1), PowerOn()),
    (s(9), Write(b"AT\r")),
    (s(1), Restore()),
    (s(9), Write(b"ATI\r")),
    (s(1), Restore()),  # it loses its power for that
    (s(9), CutPower()),
    (s(1), Restore()),
    (s(1), PowerOn()),
]


def assert_same(record: list[Event]) -> None:
    again = replay(record)
    assert (again.same, again.was, again.now) == (len(record), None, None)


@law(150)
@given(cases())
@example((Setup({"uart": {"rx_ring_bytes": 256}}), EVENTFUL))
@example((Setup(device="ec200t"), UPGRADED))
def test_a_record_repeats_its_run(case: tuple[Setup, list[Step]]) -> None:
    setup, script = case
    run = play(setup, script)
    written = msgspec.json.encode(run.events)
    record = msgspec.json.decode(written, type=list[Event])
    assert record == run.events
    assert_same(record)


@law(60)
@given(cases(), CUTTERS)
@example((Setup(device="ec200t"), UPGRADED), Cutter(cuts=[300], naps=[1, 400], takes=True))
def test_so_does_one_made_while_somebody_watched(
    case: tuple[Setup, list[Step]], cutter: Cutter
) -> None:
    """As of a live run: looked at, and drained, at times that the record does not hold."""
    setup, script = case
    run = play(setup, script, cutter)
    assert_same(run.events)


@law(60)
@given(cases(), CUTTERS, st.integers(1, 1000))
@example((Setup(device="ec200t"), UPGRADED), Cutter(), 700)
def test_so_does_one_that_was_cut_short(
    case: tuple[Setup, list[Step]], cutter: Cutter, share: int
) -> None:
    setup, script = case
    events = play(setup, script, cutter).events
    assert_same(events[: max(1, len(events) * share // 1000)])


def test_the_upgraded_run_dies_and_comes_back() -> None:
    powers = [event.why for event in play(Setup(device="ec200t"), UPGRADED).of(Power)]
    assert powers == [
        "already up", "restart", "ready", "power cut", "power on", "no firmware to start",
        "firmware restored", "ready", "power cut", "firmware restored", "power on", "ready",
        "power cut", "firmware restored", "power on", "ready",
    ]  # fmt: skip


def test_the_eventful_run_is_eventful() -> None:
    run = play(Setup({"uart": {"rx_ring_bytes": 256}}, RigConfig()), EVENTFUL)
    assert {event.cause for event in run.of(Lost)} >= {"ring", "power", "off"}
    assert [event.why for event in run.of(DataEnd)] == ["idle", "power"]
