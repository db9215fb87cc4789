from quecsim.render.page.stream import Stream
from quecsim.trace.event import Event, HostBytes

EVENTS: list[Event] = [
    HostBytes(at_ns=0, offset=0, data=b"abc"),
    HostBytes(at_ns=1, offset=3, data=b"def"),
    HostBytes(at_ns=2, offset=9, data=b"xyz"),
]


def test_over_the_borders_of_writes() -> None:
    assert Stream(EVENTS).read(1, 5) == b"bcde"


def test_as_far_as_it_goes_in_one_piece() -> None:
    assert Stream(EVENTS).read(4, 12) == b"ef"
    assert Stream(EVENTS).read(9, 100) == b"xyz"
    assert Stream(EVENTS).read(7, 9) == b""
    assert Stream([]).read(0, 9) == b""
