"""A server that takes its time: what it takes when, and how much waits."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import Data, Open, Send, Sent, Why
from quecsim.peers.served import Offer, Served
from quecsim.peers.service import Output, SlowReader
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.peers.slow import Slow, slowed
from quecsim.units import MS, S


class Notes(SimpleServer):
    """Notes what comes when."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[int, bytes]] = []

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        super().receive(now_ns, connection, data)
        self.taken.append((now_ns, data))


def test_bytes_are_taken_at_their_rate() -> None:
    notes = Notes()
    slow: SlowReader = Slow(notes, 100)
    slow.connect(0, 1)
    slow.receive(10 * MS, 1, b"0123456789ab")
    assert slow.unread(1) == 12
    for at_ms, left in ((59, 12), (60, 7), (110, 2), (160, 0)):
        slow.advance(at_ms * MS)
        assert slow.unread(1) == left
    assert notes.taken == [(60 * MS, b"01234"), (110 * MS, b"56789"), (160 * MS, b"ab")]
    assert slow.deadline_ns() is None


def test_what_it_never_takes_holds_the_sender_up() -> None:
    slow = Slow(SimpleServer(SimpleSettings(echo=True)), 0)
    slow.connect(0, 1)
    slow.receive(0, 1, bytes(1 << 17))
    assert slow.deadline_ns() is None
    assert slow.unread(1) == 1 << 17
    slow.receive(0, 1, b"x")
    assert slow.take_output({1: 100}) == [(1, Why.RESET)]
    slow.receive(0, 1, b"x")
    assert slow.take_output({}) == []
    slow.connect(1, 1)
    slow.gone(2, 1)
    assert slow.unread(1) == 0


def test_the_device_hears_what_was_taken() -> None:
    server = slowed(SimpleSettings(takes_bytes_per_s=20, steps=(Step(after_bytes=3, text="3"),)))
    network = Served({("a", 1): Offer(server, "192.0.2.1")})
    network.handle_wish(0, Open(1, "a", 1, is_counted=True))
    network.handle_wish(0, Send(1, b"abcd"))
    network.take_news(0)
    news = []
    while (due_ns := network.deadline_ns()) is not None:
        news += [(due_ns // MS, each) for each in network.take_news(due_ns)]
    assert news == [
        (50, Sent(1, 1)),
        (100, Sent(1, 1)),
        (150, Sent(1, 1)),
        (150, Data(1, b"3")),
        (200, Sent(1, 1)),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 300), st.binary(max_size=40)), max_size=8),
    st.lists(st.integers(0, 900), max_size=8),
    st.integers(1, 2000),
)
def test_who_wakes_it_does_not_matter(
    said: list[tuple[int, bytes]], wakes: list[int], rate: int
) -> None:
    stories = []
    for wakes_ms in ([], wakes):
        notes = Notes()
        slow = Slow(notes, rate)
        slow.connect(0, 1)
        moments = [(at_ms, False, data) for at_ms, data in said]
        moments += [(at_ms, True, b"") for at_ms in wakes_ms]
        for at_ms, is_wake, data in sorted(moments, key=lambda each: each[:2]):
            if is_wake:
                slow.advance(at_ms * MS)
            else:
                slow.receive(at_ms * MS, 1, data)
        slow.advance(1000 * S)
        stories.append(notes.taken)
    assert stories[0] == stories[1]
    ordered = sorted(said, key=lambda each: each[0])
    assert b"".join(data for _, data in stories[0]) == b"".join(data for _, data in ordered)


def test_an_end_is_an_end() -> None:
    slow = slowed(SimpleSettings(takes_bytes_per_s=1000, steps=(Step(text="bye", ends="fin"),)))
    slow.connect(0, 1)
    slow.receive(0, 1, b"late")
    room: Mapping[int, int] = {1: 100}
    output: list[Output] = slow.take_output(room)
    assert output == [(1, b"bye"), (1, Why.FIN)]
    assert slow.deadline_ns() is None
    assert isinstance(slowed(SimpleSettings()), SimpleServer)
