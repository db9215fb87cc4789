"""What the host did, on its way to a port that may not take it."""

from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.tap.host import Presence
from quecsim.tap.way_in import MOST_BYTES, Passed, WayIn
from quecsim.units import ms

COME, GONE = Presence(is_open=True), Presence(is_open=False)
LINE = HostLineSettings(9600, "8N1", "none")


class Port:
    """As much of a `ModulePort` as is needed: it takes `room` bytes, and has `unsent`."""

    def __init__(self, room: int = 1 << 20) -> None:
        self.room = room
        self.unsent = 0
        self.taken = b""

    def write(self, data: bytes) -> int:
        count = min(self.room, len(data))
        self.room -= count
        self.taken += data[:count]
        return count

    def unsent_bytes(self) -> int:
        return self.unsent

    def discard_unsent(self) -> None:
        self.unsent = 0


def way(port: Port) -> WayIn:
    return WayIn(port)  # type: ignore[arg-type]


def test_bytes_that_are_taken_at_once_have_the_time_of_the_host() -> None:
    made = way(Port())
    made.put(10, b"abc")
    assert list(made.push(15)) == [Passed(10, b"abc")]
    assert made.is_empty


def test_bytes_that_had_to_wait_have_the_time_when_they_were_taken() -> None:
    port = Port(room=2)
    made = way(port)
    made.put(10, b"abcd")
    assert list(made.push(15)) == [Passed(10, b"ab")]
    assert made.wants_write
    assert made.waiting_bytes == 2
    port.room = 9
    assert list(made.push(99)) == [Passed(99, b"cd")]
    assert port.taken == b"abcd"


def test_a_port_that_takes_nothing() -> None:
    port = Port(room=0)
    made = way(port)
    made.put(10, b"ab")
    assert list(made.push(15)) == []
    port.room = 2
    assert list(made.push(40)) == [Passed(40, b"ab")]


def test_there_is_room_for_a_little_only() -> None:
    made = way(Port(room=0))
    assert made.room == MOST_BYTES
    made.put(0, bytes(MOST_BYTES - 10))
    assert made.room == 0


def test_settings_wait_for_the_bytes_before_them() -> None:
    port = Port()
    made = way(port)
    made.put(0, b"AT\r")
    made.put(0, LINE)
    made.put(0, b"more")
    port.unsent = 3
    assert list(made.push(0)) == [Passed(0, b"AT\r")]
    assert not made.wants_write
    assert made.due_ns == ms(1)
    port.unsent = 0
    assert list(made.push(ms(1))) == [LINE, Passed(0, b"more")]
    assert made.due_ns is None


def test_but_not_for_ever() -> None:
    port = Port()
    made = way(port)
    made.byte_ns = ms(1)
    port.unsent = 10
    made.put(0, Presence(is_open=False))
    assert list(made.push(0)) == []
    assert list(made.push(ms(69))) == []
    assert list(made.push(ms(70))) == [Presence(is_open=False)]


def test_the_host_takes_back_what_is_not_sent() -> None:
    port = Port(room=0)
    made = way(port)
    port.unsent = 5
    made.put(0, b"abc")
    made.put(0, LINE)
    assert made.discard() == 8
    assert list(made.push(0)) == [LINE]
    assert port.taken == b""


def test_settings_overtake_bytes_that_are_held_for_long() -> None:
    port = Port(room=0)
    made = way(port)
    made.put(0, b"abc")
    made.put(0, LINE)
    assert list(made.push(0)) == []
    assert list(made.push(ms(199))) == []
    assert list(made.push(ms(200))) == [LINE]
    port.room = 3
    assert list(made.push(ms(201))) == [Passed(ms(201), b"abc")]


def test_but_those_of_the_next_host_do_not() -> None:
    port = Port(room=0)
    made = way(port)
    for did in (b"abc", GONE, COME, LINE):
        made.put(0, did)
    assert list(made.push(0)) == []
    assert list(made.push(ms(1000))) == []
    port.room = 3
    assert list(made.push(ms(1001))) == [Passed(ms(1001), b"abc"), GONE, COME, LINE]


def test_what_a_host_has_left_behind_is_thrown_away_in_the_end() -> None:
    port = Port(room=1)
    made = way(port)
    made.put(0, b"abc")
    made.put(0, GONE)
    port.unsent = 4
    assert list(made.push(0)) == [Passed(0, b"a")]
    assert list(made.push(ms(29_999))) == []
    assert list(made.push(ms(30_000))) == [GONE]
    assert (made.thrown_away, made.waiting_bytes, made.is_empty) == (6, 0, True)
    made.put(ms(30_001), COME)
    made.put(ms(30_001), b"x")
    port.room = 1
    assert list(made.push(ms(70_000))) == [COME, Passed(ms(30_001), b"x")]
