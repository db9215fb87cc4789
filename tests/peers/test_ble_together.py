"""Several on the air of one device: who hears what, and who is its partner."""

from quecsim.border.ble import (
    Advertise,
    BleNews,
    BleWhy,
    BleWish,
    Came,
    GiveUp,
    Heard,
    Join,
    Joined,
    Leave,
    Left,
    MtuIs,
    Notify,
    Scan,
    StopAdvertising,
    StopScan,
    Vanish,
)
from quecsim.peers.ble_together import BleTogether

ADVERTISE = Advertise("x", "0" * 12, 100)


class Member:
    """Who says what the test has him say."""

    def __init__(self, due_ns: int | None = None) -> None:
        self.due_ns = due_ns
        self.wishes: list[BleWish] = []
        self.news: list[BleNews] = []
        self.taken = 0

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        del now_ns
        self.wishes.append(wish)

    def handle_taken(self, now_ns: int) -> None:
        del now_ns
        self.taken += 1

    def deadline_ns(self) -> int | None:
        return self.due_ns

    def take_news(self, now_ns: int) -> list[BleNews]:
        del now_ns
        news, self.news = self.news, []
        return news


def test_all_hear_what_is_said_to_all_and_the_partner_the_rest() -> None:
    one, other = Member(5), Member()
    both = BleTogether((one, other))
    both.handle_wish(0, ADVERTISE)
    both.handle_wish(0, Notify("fff2", b"nobody hears that"))
    assert one.wishes == other.wishes == [ADVERTISE]
    other.news = [Joined("1" * 12), Came("fff2", b"1")]
    one.news = [Came("fff2", b"out of nowhere")]
    assert both.take_news(0) == [Joined("1" * 12), Came("fff2", b"1")]
    both.handle_taken(0)
    both.handle_wish(0, Notify("fff2", b"2"))
    assert (one.wishes, one.taken) == ([ADVERTISE, StopAdvertising()], 0)
    assert (other.wishes, other.taken) == ([ADVERTISE, Notify("fff2", b"2")], 1)
    assert both.deadline_ns() == 5
    assert BleTogether((other,)).deadline_ns() is None


def test_the_device_finds_one_of_them() -> None:
    one, other = Member(), Member()
    both = BleTogether((one, other))
    both.handle_wish(0, Join("1" * 12))
    one.news = [Joined("1" * 12, is_central=True)]
    both.take_news(0)
    assert other.wishes == [Join("1" * 12), GiveUp()]


def test_who_comes_too_late_is_refused() -> None:
    one, other, one_joined = Member(), Member(), [Joined("1" * 12)]
    both = BleTogether((one, other))
    one.news, other.news = [Joined("1" * 12)], [Joined("2" * 12)]
    assert both.take_news(0) == one_joined
    assert other.wishes == [StopAdvertising(), Leave(BleWhy.REFUSED)]
    assert one.wishes == []
    other.news = [MtuIs(247), Left(BleWhy.PEER), Heard("2" * 12)]
    assert both.take_news(0) == [Heard("2" * 12)], "the connection is with another"
    both.handle_wish(0, Leave())
    assert one.wishes == [Leave()]
    both.handle_wish(0, Notify("fff2", b"1"))
    both.handle_taken(0)
    assert (one.wishes, one.taken) == ([Leave()], 0)


def test_a_device_that_was_gone_is_there_for_another() -> None:
    one, other = Member(), Member()
    both = BleTogether((one, other))
    one.news = [Joined("1" * 12)]
    both.take_news(0)
    both.handle_wish(0, Vanish())
    both.handle_wish(0, ADVERTISE)
    other.news = [Joined("2" * 12), Came("fff2", b"1")]
    assert both.take_news(0) == [Joined("2" * 12), Came("fff2", b"1")]
    assert one.wishes == [Vanish(), ADVERTISE, Leave(BleWhy.TIMEOUT), StopAdvertising()]
    both.handle_taken(0)
    both.handle_wish(0, Leave())
    assert (other.wishes[-1], other.taken, one.taken) == (Leave(), 1, 0)
    one.news = [Joined("1" * 12)]
    both.take_news(0)
    one.news, other.news = [Came("fff2", b"2")], [Joined("2" * 12)]
    assert both.take_news(0) == [Came("fff2", b"2")], "who is late is refused again"


def test_a_partner_leaves() -> None:
    one = Member()
    both = BleTogether((one,))
    one.news = [Joined("1" * 12)]
    both.take_news(0)
    one.news = [Left(BleWhy.PEER)]
    assert both.take_news(0) == [Left(BleWhy.PEER)]
    both.handle_wish(0, Notify("fff2", b"1"))
    assert one.wishes == []


def test_who_comes_later_sees_how_the_device_stands() -> None:
    one = Member()
    both = BleTogether((one,))
    scan = Scan(10, 5)
    for wish in (ADVERTISE, Scan(20, 10), scan, Join("1" * 12), GiveUp(), Notify("fff2", b"1")):
        both.handle_wish(0, wish)
    later = Member()
    both.add(0, later)
    assert later.wishes == [ADVERTISE, scan]
    one.news = [Joined("1" * 12)]
    both.take_news(0)
    both.handle_wish(0, StopScan())
    both.add(0, last := Member())
    assert last.wishes == []
    both.handle_wish(0, ADVERTISE)
    both.handle_wish(0, Vanish())
    both.add(0, gone := Member())
    assert gone.wishes == []
    both.handle_wish(0, ADVERTISE)
    assert last.wishes == [ADVERTISE, Vanish(), ADVERTISE]
