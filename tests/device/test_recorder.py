"""Events are drained, never pushed."""

from quecsim.device.recorder import Recorder
from quecsim.trace.event import Urc


def test_taken_once_in_order() -> None:
    record = Recorder()
    first, second = Urc(1, "a"), Urc(0, "b")
    record.add(first)
    record.add(second)
    assert record.take() == [first, second]
    assert record.take() == []
