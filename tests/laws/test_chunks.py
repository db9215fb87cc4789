"""However the host's bytes are cut, and whenever `advance` is called, it is the same run."""

import pytest
from hypothesis import given

from quecsim.trace.event import Eaten, Event, Lost, RingLevel
from quecsim.units import ms, s, us
from tests.laws.driver import CutPower, Cutter, Setup, Step, Write, essence, law, play
from tests.laws.strategies import CUTTERS, SHARES, cases, pattern


def assert_same(setup: Setup, script: list[Step], cutter: Cutter) -> None:
    whole, cut = play(setup, script), play(setup, script, cutter)
    assert essence(cut.events) == essence(whole.events)
    assert cut.output == whole.output
    assert cut.files == whole.files
    assert cut.counters == whole.counters
    assert (cut.secrets, cut.revision, cut.power) == (whole.secrets, whole.revision, whole.power)


@law(150)
@given(cases(), CUTTERS)
def test_cutting_changes_nothing(case: tuple[Setup, list[Step]], cutter: Cutter) -> None:
    assert_same(*case, cutter)


@law(80)
@given(cases(), SHARES)
def test_the_record_does_not_show_when_somebody_looked(
    case: tuple[Setup, list[Step]], naps: list[int]
) -> None:
    assert play(*case, Cutter(naps=naps)).events == play(*case).events


UPLOAD: list[Step] = [
    (0, Write(b"AT\r\n\x00\x00junk")),
    (ms(40), Write(b'\rAT+QFUPL="a",9000,2\r')),
    (ms(60), Write(pattern(8000))),
    (s(4), Write(b"\r\nAT\r\n")),
    (ms(500), CutPower()),
    (ms(1), Write(pattern(900))),
]


@pytest.mark.parametrize("step_ns", [s(1), ms(5), us(50)])
def test_the_record_does_not_show_who_drained_it(step_ns: int) -> None:
    def record(step_ns: int | None) -> list[Event]:
        rig = Setup({"uart": {"rx_ring_bytes": 256}}).rig()
        rig.start()
        now_ns, taken = 0, []
        for gap_ns, action in UPLOAD:
            until_ns = now_ns + gap_ns
            while step_ns is not None and now_ns + step_ns < until_ns:
                now_ns += step_ns
                rig.advance(now_ns)
                taken += rig.take_events()
            now_ns = until_ns
            if isinstance(action, Write):
                rig.host_write(now_ns, action.data)
            else:
                rig.cut_power(now_ns)
        rig.finish(now_ns + s(1))
        return taken + rig.take_events()

    whole = record(None)
    assert {Eaten, Lost, RingLevel} <= {type(event) for event in whole}
    assert record(step_ns) == whole
