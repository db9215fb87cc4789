"""Everybody on the air with a Bluetooth LE device, by name.

Who advertises does so at times of his own (`ble_advertiser`), and is heard while the device scans,
or wants to connect. One connection at most: with a sensor (`ble_sensor`) or with a phone
(`ble_phone`); what is said on it is GATT's (`ble_line`).
"""

from collections.abc import Callable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import Any

from quecsim.border.ble import (
    Advertise,
    BleNews,
    BleWhy,
    BleWish,
    GiveUp,
    Join,
    Joined,
    Leave,
    Left,
    NotJoined,
    Scan,
    StopAdvertising,
    StopScan,
    Vanish,
)
from quecsim.errors import QuecsimError
from quecsim.gatt.end import AttRefusedError, Side
from quecsim.peers.ble_advertiser import Advertiser
from quecsim.peers.ble_line import Line
from quecsim.peers.ble_people import People, add_phone, people
from quecsim.peers.ble_person import Person
from quecsim.peers.ble_phone import Phone
from quecsim.peers.ble_sensor import Sensor
from quecsim.peers.ble_settings import AnyBlePeer, BlePhone
from quecsim.peers.ble_view import BlePeerState

__all__ = ["BleCrowd", "BlePeerState"]

_DEVICE_MTU = 512  # the largest that the device agrees on, as its commands have it
_ATT_BYTES = 3


class BleCrowd:
    """A `quecsim.border.ble.BlePeer`: all of a scenario's `[[ble_peer]]`.

    What somebody does from outside raises QuecsimError where nobody is called so, or he cannot.
    What the device hears of it is in `take_news` at once.
    """

    def __init__(self, settings: Sequence[AnyBlePeer], seed: int = 0) -> None:
        self._people: People = people(settings, seed)
        self._seed = seed
        self._news: list[BleNews] = []
        self._now_ns = 0
        # what the device wants
        self._device = Side()
        self._advertised: tuple[Advertise, int] | None = None
        self._is_scanning = False
        self._join: Join | None = None
        # who is at it: of each advertiser, when he is next
        self._coming: list[tuple[int, int, int]] = []  # (when, whose, which of his)
        # the connection
        self._called: tuple[Phone, int | None] | None = None  # told to connect, with which MTU
        self._guest: Person | None = None
        self._joined: Joined | None = None  # said, and the device has not heard it yet
        self._asks_mtu: int | None = None
        self._line: Line | None = None

    # quecsim.border.ble.BlePeer

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        """A wish has got there."""
        self._catch_up(now_ns)
        follow = _WISHES.get(type(wish))
        if follow is not None:
            follow(self, wish)
        elif self._line is not None and self._guest is not None:
            for heard in self._line.follow(wish):
                self._guest.heard(now_ns, heard)

    def handle_taken(self, now_ns: int) -> None:
        """The device has taken the oldest news of those that a peer waits for: data (`Came`), or
        that there is a connection (`Joined`).
        """
        self._catch_up(now_ns)
        if self._joined is not None:
            self._begin(self._joined)
        elif self._line is not None and self._guest is not None and self._line.unheard:
            self._line.unheard -= 1
            self._guest.taken(now_ns)

    def deadline_ns(self) -> int | None:
        """When somebody has something to say by himself."""
        return self._now_ns if self._news else self._due_ns()

    def take_news(self, now_ns: int) -> list[BleNews]:
        """What they say up to now."""
        self._let_happen(now_ns)
        self._now_ns = now_ns
        news, self._news = self._news, []
        return news

    def _say(self, news: BleNews) -> None:
        self._news.append(news)

    # time

    def _due_ns(self) -> int | None:
        times = [self._coming[0][0]] if self._coming else []
        guest_ns = None if self._guest is None else self._guest.deadline_ns()
        visit = self._visit()
        times += [] if guest_ns is None else [guest_ns]
        times += [] if visit is None else [visit[0]]
        return max(min(times), self._now_ns) if times else None

    def _catch_up(self, now_ns: int) -> None:
        """What is due before now happens, each at its own time."""
        self._let_happen(now_ns - 1)
        assert now_ns >= self._now_ns, (now_ns, self._now_ns)
        self._now_ns = now_ns

    def _let_happen(self, until_ns: int) -> None:
        while (due_ns := self._due_ns()) is not None and due_ns <= until_ns:
            self._now_ns = due_ns
            visit = self._visit()
            if self._coming and self._coming[0][0] <= due_ns:
                self._advertise()
            elif visit is not None and visit[0] <= due_ns:
                self._come(visit[1])
            elif self._guest is not None:
                self._guest.advance(due_ns)

    # who advertises

    def _listen(self) -> None:
        """The device listens from now on, or does not any more."""
        if not (self._is_scanning or self._join is not None):
            self._coming = []
        elif not self._coming:
            coming = (
                self._next(index, one, one.first_from(self._now_ns))
                for index, one in enumerate(self._people.advertisers)
            )
            self._coming = [each for each in coming if each is not None]
            heapify(self._coming)

    def _next(self, index: int, one: Advertiser, number: int) -> tuple[int, int, int] | None:
        at_ns = one.at_ns(number)
        return None if at_ns is None else (at_ns, index, number)

    def _advertise(self) -> None:
        _, index, number = heappop(self._coming)
        one = self._people.advertisers[index]
        if (following := self._next(index, one, number + 1)) is not None:
            heappush(self._coming, following)
        sensor = self._people.sensors.get(index)
        if sensor is not None and sensor is self._guest:
            return  # he is connected, and does not advertise
        if self._is_scanning:
            self._say(one.heard)
        wanted = self._join
        if (
            wanted is not None
            and sensor is not None
            and self._guest is None
            and sensor.settings.connectable
            and (wanted.address.lower(), wanted.is_random) == (sensor.address, sensor.is_random)
        ):
            self._answer(sensor, wanted)

    def _answer(self, sensor: Sensor, wanted: Join) -> None:
        self._join = None
        self._listen()
        if sensor.settings.refuses:
            self._say(NotJoined(BleWhy.REFUSED))
        else:
            joined = Joined(sensor.address, True, wanted.parameters, sensor.is_random)
            self._meet(sensor, joined)

    # who connects

    def _visit(self) -> tuple[int, Phone] | None:
        """When a phone comes next, and who."""
        if self._advertised is None or self._guest is not None:
            return None
        if self._called is not None:
            return self._advertised[1], self._called[0]
        visits = (
            (at_ns, index)
            for index, phone in enumerate(self._people.phones)
            if (at_ns := phone.comes_ns(*self._advertised)) is not None
        )
        first = min(visits, default=None)
        return None if first is None else (first[0], self._people.phones[first[1]])

    def _come(self, phone: Phone) -> None:
        joined = Joined(phone.address, parameters=phone.parameters(), is_random=phone.is_random)
        self._meet(phone, joined)
        if self._called is not None:
            self._asks_mtu, self._called = self._called[1], None

    def _meet(self, guest: Person, joined: Joined) -> None:
        """He connects; whether it comes about he learns later."""
        self._guest, self._joined, self._asks_mtu = guest, joined, None
        self._say(joined)

    def _begin(self, joined: Joined) -> None:
        guest = self._guest
        assert guest is not None
        self._advertised = self._join = self._joined = None
        self._listen()
        self._line = Line(
            self._device,
            guest.side(),
            joined.parameters,
            self._say,
            is_central=joined.is_central,
        )
        guest.end = self._end
        guest.connected(self._now_ns, self._line)
        if self._asks_mtu is not None:
            self._line.ask_mtu(self._asks_mtu)

    def _end(self) -> None:
        """The other side ends it."""
        self._say(Left(BleWhy.PEER))
        self._over()

    def _over(self) -> None:
        guest, self._guest, self._line, self._joined = self._guest, None, None, None
        if guest is not None:
            guest.left()

    # what the device wants

    def _follow_advertise(self, wish: Advertise) -> None:
        self._advertised = wish, self._now_ns
        self._device = Side(wish.name, wish.services, {}, _DEVICE_MTU)

    def _follow_stop(self, wish: StopAdvertising) -> None:
        del wish
        self._advertised = None

    def _follow_scan(self, wish: Scan | StopScan) -> None:
        self._is_scanning = isinstance(wish, Scan)
        self._listen()

    def _follow_join(self, wish: Join | GiveUp) -> None:
        self._join = wish if isinstance(wish, Join) else None
        self._listen()

    def _follow_leave(self, wish: Leave) -> None:
        if wish.why is BleWhy.REFUSED:
            self._advertised = None  # it does not any more, or has another connection
        self._over()

    def _follow_vanish(self, wish: Vanish) -> None:
        """Who is connected sees it later (`Leave`)."""
        del wish
        self._advertised, self._is_scanning, self._join = None, False, None
        self._listen()

    # from outside

    def add(self, settings: BlePhone) -> None:
        """One more phone is there."""
        add_phone(self._people, settings, self._seed)

    def connect(self, now_ns: int, name: str, mtu: int | None = None) -> None:
        """A phone connects to the device as soon as that advertises, and then asks for `mtu` (23 to
        517), if that is given.
        """
        self._catch_up(now_ns)
        phone = self._named(name)
        if not isinstance(phone, Phone):
            raise QuecsimError(f"{name} is no phone: the device connects to it, if it wants to")
        if self._guest is not None:
            raise QuecsimError(f"the device has a connection already: {self._guest.name}")
        self._called = phone, mtu

    def leave(self, now_ns: int, name: str) -> None:
        """He ends his connection."""
        self._catch_up(now_ns)
        self._line_of(self._named(name))
        self._end()

    def write(self, now_ns: int, name: str, uuid: str, data: bytes, is_request: bool) -> None:
        """A phone writes a characteristic of the device's, as much as its MTU allows (MTU - 3)."""
        self._catch_up(now_ns)
        line = self._line_of(self._named(name), Phone)
        _check_size(line, data)
        _allowed(lambda: line.write(uuid.lower(), data, is_request=is_request), uuid, line)

    def subscribe(self, now_ns: int, name: str, uuid: str, is_on: bool) -> None:
        """A phone switches notifications of a characteristic on, or off."""
        self._catch_up(now_ns)
        line = self._line_of(self._named(name), Phone)
        _allowed(lambda: line.subscribe(uuid.lower(), is_on=is_on), uuid, line)

    def notify(self, now_ns: int, name: str, uuid: str, data: bytes) -> None:
        """A sensor notifies the device of a new value, as much as its MTU allows (MTU - 3)."""
        self._catch_up(now_ns)
        sensor = self._named(name)
        line = self._line_of(sensor, Sensor)
        _check_size(line, data)
        assert isinstance(sensor, Sensor)
        if uuid.lower() not in sensor.subscribed:
            hint = "its host has to switch them on first (AT+QBLEGATTCNTFCFG)"
            raise QuecsimError(f"the device has no notifications of {uuid} on", hint=hint)
        _allowed(lambda: line.notify(uuid.lower(), data), uuid, line)

    def states(self) -> tuple[BlePeerState, ...]:
        """Everybody, in the scenario's order."""
        return tuple(one.state for one in self._people.all)

    def _named(self, name: str) -> Person:
        for one in self._people.all:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self._people.all[:8]) or "nobody"
        raise QuecsimError(f'nobody on the air is called "{name}"', hint=f"there is: {known}")

    def _line_of(self, person: Person, kind: type[Person] = Person) -> Line:
        if not isinstance(person, kind):
            raise QuecsimError(f"{person.name} cannot do that: it is a {person.kind}")
        if person.line is None:
            raise QuecsimError(f"{person.name} has no connection with the device")
        return person.line


def _check_size(line: Line, data: bytes) -> None:
    most = line.mtu - _ATT_BYTES
    if len(data) > most:
        raise QuecsimError(
            f"{len(data)} bytes do not go into one: the MTU is {line.mtu}",
            hint=f"write {most} at most, or ask for a larger MTU",
        )


def _allowed(act: Callable[[], None], uuid: str, line: Line) -> None:
    try:
        act()
    except AttRefusedError as refused:
        raise QuecsimError(
            f"{uuid} cannot be used so: {refused}", hint=f"the device has: {line.device_has}"
        ) from None


_WISHES: Mapping[type, Callable[[BleCrowd, Any], None]] = MappingProxyType(
    {
        Advertise: BleCrowd._follow_advertise,
        StopAdvertising: BleCrowd._follow_stop,
        Scan: BleCrowd._follow_scan,
        StopScan: BleCrowd._follow_scan,
        Join: BleCrowd._follow_join,
        GiveUp: BleCrowd._follow_join,
        Leave: BleCrowd._follow_leave,
        Vanish: BleCrowd._follow_vanish,
    }
)
