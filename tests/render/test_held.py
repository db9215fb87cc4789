from quecsim.render.held import held_spans
from quecsim.trace.event import HostHeld


def test_begins_and_ends_are_paired() -> None:
    events = [HostHeld(at, held) for at, held in [(1, True), (2, True), (5, False), (6, False)]]
    assert list(held_spans(enumerate(events))) == [(0, 1, 5)]


def test_the_last_may_have_no_end() -> None:
    assert list(held_spans([(7, HostHeld(9, True))])) == [(7, 9, None)]
