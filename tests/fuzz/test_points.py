"""What people read about the faults that fired."""

from quecsim.faults import Break, EchoOn
from quecsim.fuzz.finding import CaseRun
from quecsim.fuzz.points import Coverage


def test_how_often_a_fault_without_a_place_fired() -> None:
    coverage = Coverage()
    coverage.note(CaseRun(None, (Break(at_ms=1, break_ms=5), EchoOn())))
    coverage.note(CaseRun(None, (EchoOn(),)))
    assert coverage.lines() == ["break: once", "echo_on: 2 times"]
