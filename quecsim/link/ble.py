"""The radio of a Bluetooth LE device: wishes on their way up, what is heard on its way back.

    no connection   wishes are on the air after a moment; advertisements are heard in the windows of
                    a scan; who connects does so at an advertisement of the device
    a connection    everything goes in its events (`ble_pace`), in order, each way for itself

Nothing gets lost as long as the connection lasts: a packet is sent until it is acknowledged. What
has not been when the connection ends is lost with it. Every byte of data is counted in `up` or
`down`.
"""

from typing import Any, TypeAlias

from quecsim.border.ble import (
    Advertise,
    AskMtu,
    AskParameters,
    BleNews,
    BleWhy,
    BleWish,
    Came,
    Discover,
    Discovered,
    GiveUp,
    Heard,
    Hold,
    Join,
    Joined,
    Leave,
    Left,
    Notify,
    NotJoined,
    ParametersAre,
    Scan,
    StopAdvertising,
    StopScan,
    Subscribe,
    Value,
    Vanish,
    Write,
    data_bytes,
)
from quecsim.link.ble_pace import BlePace, Connection
from quecsim.link.ble_way import Item, Outages, Way
from quecsim.link.carried import Carried
from quecsim.rng import Stream

Up: TypeAlias = Item[BleWish]
Down: TypeAlias = Item[BleNews]

_SET_UP_NS = 2_500_000  # from the request to connect until the first event
_JITTER_NS = 10_000_000  # what an advertisement may be late
_UPDATE_EVENTS = 6  # until other parameters hold
_FREE = (Advertise, StopAdvertising, Scan, StopScan, Join, GiveUp, Vanish)
_BEFORE = (Heard, Joined, NotJoined)
_MOST_DOWN = 1024


class BleModel:
    """One device's radio. `up` and `down` count the bytes of both directions."""

    def __init__(self, pace: BlePace, seed: int) -> None:
        self.pace = pace
        self.up, self.down = Carried(), Carried()
        self.connection: Connection | None = None
        self.outages = Outages()
        self.up_way: Way[BleWish] = Way(to_peripheral=False)
        self.down_way: Way[BleNews] = Way(to_peripheral=False)
        # Other parameters are the radios' own matter: no data waits for them, nor they for it.
        self.change_way: Way[BleNews] = Way(to_peripheral=False)
        self._free_up: list[tuple[int, BleWish]] = []
        self._free_down: list[tuple[int, BleNews]] = []
        self._advertised: Advertise | None = None
        self._advertised_ns = 0
        self._scan: Scan | None = None
        self._scan_ns = 0
        self._joining: Join | None = None
        self._is_held = False
        self._lost: list[tuple[str, Item[BleWish] | Item[BleNews]]] = []
        self._jitter = Stream(seed, "ble advertising")
        self.is_used = False
        """The device was ever on the air."""

    @property
    def is_on_air(self) -> bool:
        """There is a connection, or the device advertises, scans, or wants to connect."""
        wants = (self.connection, self._advertised, self._scan, self._joining)
        return any(each is not None for each in wants)

    @property
    def has_peer(self) -> bool:
        """There is a connection, or word of one is on its way."""
        return self.connection is not None or self._is_coming

    @property
    def can_hear(self) -> bool:
        """Data that somebody has for the device goes on its way: nobody has said that he leaves."""
        items = self.down_way.items
        return self.has_peer and not (items and isinstance(items[-1].what, Left))

    @property
    def _is_coming(self) -> bool:
        return any(isinstance(news, Joined) for _, news in self._free_down)

    # the device

    def ask(self, now_ns: int, wish: BleWish, offset: int) -> None:
        """The device wants something; `offset` is that of its data."""
        self.is_used = True
        count = data_bytes(wish)
        self.up.given += count
        if isinstance(wish, Hold):
            self._is_held = wish.is_on
            self.down_way.floor_ns = now_ns
        elif isinstance(wish, _FREE):
            if isinstance(wish, Vanish):
                self._vanish(now_ns)
            elif isinstance(wish, GiveUp):
                self._give_up(now_ns)
            elif isinstance(wish, StopScan):
                self._scan = None
                self._free_down = [each for each in self._free_down if not _is_heard(each[1])]
            self._put_up(now_ns + self.pace.air_ns, wish)
        elif self.connection is None:
            self.up.lose("nobody", count)
        else:
            self.up.on_way += count
            packets = self.pace.packets(_att_bytes(wish))
            self.up_way.items.append(Item(now_ns, wish, packets, offset, count))

    def _put_up(self, at_ns: int, wish: BleWish) -> None:
        self._free_up.append((at_ns, wish))
        self._free_up.sort(key=lambda each: each[0])

    def _give_up(self, now_ns: int) -> None:
        """At once: a connection that is on its way does not come about any more."""
        self._joining = None
        central = [each for each in self._free_down if _is_of_central(each[1])]
        for each in central:
            self._free_down.remove(each)
            if isinstance(each[1], Joined):
                self._drop_items()
                self._put_up(now_ns + self.pace.air_ns, Leave(BleWhy.REFUSED))

    # everybody else

    def hear(self, now_ns: int, news: BleNews, offset: int) -> bool:
        """Somebody says something; False where the device cannot hear it: its data is lost.

        What is said behind `Joined` waits until the connection has begun.
        """
        count = data_bytes(news)
        self.down.given += count
        if isinstance(news, _BEFORE):
            return self._hear_before(now_ns, news)
        items = (self.change_way if isinstance(news, ParametersAre) else self.down_way).items
        is_full = len(items) >= _MOST_DOWN and not isinstance(news, Left)
        if is_full or not self.can_hear:
            self.down.lose("credit" if self.can_hear else "nobody", count)
            return False
        self.down.on_way += count
        packets = self.pace.packets(_att_bytes(news))
        items.append(Item(now_ns, news, packets, offset, count, _later_events(news)))
        return True

    def _hear_before(self, now_ns: int, news: BleNews) -> bool:
        if isinstance(news, Heard):
            if not self._hears(now_ns):
                return False
            at_ns = now_ns + self.pace.air_ns
        elif isinstance(news, Joined):
            if self.has_peer or not self._wants(news):
                return False
            at_ns = now_ns if news.is_central else self._next_advertisement_ns(now_ns)
            at_ns = self.outages.over_ns(at_ns) + _SET_UP_NS
            # Whoever connects knows that what was there before is over.
            self._free_up = [each for each in self._free_up if not isinstance(each[1], Leave)]
        elif self._joining is None:
            return False
        else:
            at_ns = self.outages.over_ns(now_ns) + _SET_UP_NS
        self._free_down.append((at_ns, news))
        self._free_down.sort(key=lambda each: each[0])
        return True

    def _wants(self, news: Joined) -> bool:
        if not news.is_central:
            return self._advertised is not None
        joining = self._joining
        return joining is not None and joining.address.lower() == news.address.lower()

    def _hears(self, now_ns: int) -> bool:
        scan = self._scan
        if scan is None or self.outages.span(now_ns) is not None:
            return False
        return (now_ns - self._scan_ns) % scan.interval_ns < scan.window_ns

    def _next_advertisement_ns(self, now_ns: int) -> int:
        assert self._advertised is not None
        interval_ns = self._advertised.interval_ns
        number = -(-max(0, now_ns - self._advertised_ns) // interval_ns)
        return self._advertised_ns + number * interval_ns + self._jitter.below(_JITTER_NS)

    # trouble

    def go_out_of_range(self, now_ns: int, until_ns: int) -> None:
        """Nothing gets through from now until then."""
        if self.connection is None:
            del self.outages.spans[:-1]
        self.outages.add(now_ns, until_ns)

    def _drop_ns(self) -> int | None:
        """When both sides see that they have not heard one another for too long."""
        there, spans = self.connection, self.outages.spans
        if there is None or not spans or spans[-1][1] <= there.anchor_ns:
            return None
        from_ns, until_ns = spans[-1]
        last = self.outages.last_heard(there, from_ns)
        end_ns = max(from_ns, there.event_ns(last) + there.timeout_ns)
        again = there.event_ns(there.first_from(until_ns))
        return end_ns if end_ns < again else None

    # what is due

    def next_ns(self) -> int | None:
        """When something arrives, at either end, or the connection is over."""
        times = [free[0][0] for free in (self._free_up, self._free_down) if free]
        there = self.connection
        if there is not None:
            due = (self._drop_ns(), self._down_ns(there), *self._ways_ns(there))
            times += [each for each in due if each is not None]
        return min(times, default=None)

    def _down_ns(self, there: Connection) -> int | None:
        """The end of a connection is the radios' own matter, whether the device takes data or not:
        then what is before it is lost.
        """
        way = self.down_way
        if not way.items:
            return None
        if not self._is_held:
            return way.due_ns(there, self.pace, self.outages)
        is_over = isinstance(way.items[-1].what, Left)
        return way.last_ns(there, self.pace, self.outages) if is_over else None

    def _ways_ns(self, there: Connection) -> tuple[int | None, int | None]:
        """Of other parameters, and of what the device wants."""
        change, up = self.change_way, self.up_way
        return (
            change.due_ns(there, self.pace, self.outages) if change.items else None,
            up.due_ns(there, self.pace, self.outages) if up.items else None,
        )

    def take(self, now_ns: int) -> tuple[list[Up], list[Down]]:
        """What has arrived now: one thing, or the end of the connection for both sides.

        At equal times what the device hears comes before what it wants.
        """
        if self._free_down and self._free_down[0][0] <= now_ns:
            return self._take_before(now_ns)
        there = self.connection
        if there is not None:
            if (drop_ns := self._drop_ns()) is not None and drop_ns <= now_ns:
                self.end()
                return [Item(now_ns, Leave(BleWhy.TIMEOUT))], [Item(now_ns, Left(BleWhy.TIMEOUT))]
            if (down_ns := self._down_ns(there)) is not None and down_ns <= now_ns:
                return [], [self._take_down(there)]
            change_ns, up_ns = self._ways_ns(there)
            if change_ns is not None and change_ns <= now_ns:
                return [], [self._change(now_ns, there)]
            if up_ns is not None and up_ns <= now_ns:
                return self._take_up(now_ns, there)
        at_ns, wish = self._free_up.pop(0)
        assert at_ns <= now_ns, "nothing is due"
        self._follow(now_ns, wish)
        return [Item(now_ns, wish)], []

    def _take_before(self, now_ns: int) -> tuple[list[Up], list[Down]]:
        news = self._free_down.pop(0)[1]
        if isinstance(news, Joined):
            if self.connection is not None or not self._wants(news):
                self._drop_items()
                return [Item(now_ns, Leave(BleWhy.REFUSED))], []
            self.connection = Connection(now_ns, news.parameters, news.is_central)
            self._advertised, self._joining, self._is_held = None, None, False
            self._begin_ways(is_central=news.is_central)
        elif isinstance(news, NotJoined):
            self._joining = None
        return [], [Item(now_ns, news)]

    def _begin_ways(self, *, is_central: bool) -> None:
        self.up_way.begin(to_peripheral=is_central)
        for way in (self.down_way, self.change_way):
            way.begin(to_peripheral=not is_central)

    def _take_down(self, there: Connection) -> Down:
        if self._is_held:
            item = self.down_way.items.pop()
        else:
            item = self.down_way.take(there, self.pace, self.outages)
        self.down.on_way -= item.count
        self.down.arrived += item.count
        if isinstance(item.what, Left):
            self.end()
        return item

    def _change(self, now_ns: int, there: Connection) -> Down:
        item = self.change_way.take(there, self.pace, self.outages)
        assert isinstance(item.what, ParametersAre)
        self.connection = Connection(now_ns, item.what.parameters, there.is_central)
        self._begin_ways(is_central=there.is_central)
        return item

    def _take_up(self, now_ns: int, there: Connection) -> tuple[list[Up], list[Down]]:
        item = self.up_way.take(there, self.pace, self.outages)
        self.up.on_way -= item.count
        if isinstance(item.what, Leave):
            self.end()
            return [item], [Item(now_ns, Left(item.what.why))]
        return [item], []

    def _follow(self, now_ns: int, wish: BleWish) -> None:
        """It is on the air."""
        if isinstance(wish, Advertise):
            self._advertised, self._advertised_ns = wish, now_ns
        elif isinstance(wish, StopAdvertising):
            self._advertised = None
        elif isinstance(wish, Scan):
            self._scan, self._scan_ns = wish, now_ns
        elif isinstance(wish, StopScan):
            self._scan = None
        elif isinstance(wish, Join | GiveUp):
            self._joining = wish if isinstance(wish, Join) else None

    def _vanish(self, now_ns: int) -> None:
        """The other side sees it when its supervision time-out is over."""
        there, self._advertised, self._scan, self._joining = self.connection, None, None, None
        # What was wanted is not any more; that an earlier connection is over is still to be seen.
        self._free_up = [each for each in self._free_up if isinstance(each[1], Leave)]
        is_joined = self._is_coming
        self._free_down.clear()
        if there is not None:
            self._put_up(now_ns + there.timeout_ns, Leave(BleWhy.TIMEOUT))
        elif is_joined:
            self._put_up(now_ns + self.pace.air_ns, Leave(BleWhy.REFUSED))
        self.end()

    def end(self) -> None:
        """The connection is over: what is on its way is lost."""
        self.connection = None
        self._drop_items()

    def _drop_items(self) -> None:
        _lose(self.up_way, self.up)
        _lose(self.down_way, self.down)
        self._lost += [("up", item) for item in self.up_way.items if item.count]
        self._lost += [("down", item) for item in self.down_way.items if item.count]
        for way in (self.up_way, self.down_way, self.change_way):
            way.items.clear()

    def take_lost(self) -> list[tuple[str, Item[BleWish] | Item[BleNews]]]:
        """Data that was lost with a connection, since the last call, as (up or down, item)."""
        lost, self._lost = self._lost, []
        return lost


def _is_heard(news: BleNews) -> bool:
    return isinstance(news, Heard)


def _is_of_central(news: BleNews) -> bool:
    return isinstance(news, NotJoined) or (isinstance(news, Joined) and news.is_central)


def _lose(way: Way[Any], carried: Carried) -> None:
    count = sum(item.count for item in way.items)
    carried.on_way -= count
    carried.lose("link", count)


def _later_events(news: BleNews) -> int:
    """How many events it takes beside its own packets."""
    if isinstance(news, ParametersAre):
        return _UPDATE_EVENTS
    return max(0, 2 * news.exchanges - 2) if isinstance(news, Discovered) else 0


def _att_bytes(what: BleWish | BleNews) -> int:
    """How large its operation is; a whole answer of many is told by its exchanges."""
    if isinstance(what, Write | Came | Notify):
        return 3 + len(what.data)
    if isinstance(what, Value):
        return 1 + len(what.data)
    return _ATT_BYTES.get(type(what), 3)


_ATT_BYTES: dict[type, int] = {Subscribe: 5, Discover: 7, AskParameters: 12, AskMtu: 3}
