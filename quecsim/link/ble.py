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
from quecsim.link.ble_way import Item, Outage, Way
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
        self.outage = Outage()
        self.up_way: Way[BleWish] = Way(to_peripheral=False)
        self.down_way: Way[BleNews] = Way(to_peripheral=False)
        self._free_up: list[tuple[int, BleWish]] = []
        self._free_down: list[tuple[int, BleNews]] = []
        self._advertised: Advertise | None = None
        self._advertised_ns = 0
        self._scan: Scan | None = None
        self._scan_ns = 0
        self._is_joining = False
        self._is_held = False
        self._lost: list[tuple[str, Item[BleWish] | Item[BleNews]]] = []
        self._jitter = Stream(seed, "ble advertising")
        self.is_used = False
        """The device was ever on the air."""

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

    # everybody else

    def hear(self, now_ns: int, news: BleNews, offset: int) -> bool:
        """Somebody says something; False where the device cannot hear it: its data is lost. What is
        said behind `Joined` waits until there is the connection.
        """
        count = data_bytes(news)
        self.down.given += count
        if isinstance(news, _BEFORE):
            return self._hear_before(now_ns, news)
        is_heard = self.connection is not None or self._is_joined_soon
        if not is_heard or len(self.down_way.items) >= _MOST_DOWN:
            self.down.lose("nobody", count)
            return False
        self.down.on_way += count
        later = 0
        if isinstance(news, Discovered):
            later = max(0, 2 * news.exchanges - 2)
        elif isinstance(news, ParametersAre):
            later = _UPDATE_EVENTS
        packets = self.pace.packets(_att_bytes(news))
        self.down_way.items.append(Item(now_ns, news, packets, offset, count, later))
        return True

    @property
    def _is_joined_soon(self) -> bool:
        return any(isinstance(news, Joined) for _, news in self._free_down)

    def _hear_before(self, now_ns: int, news: BleNews) -> bool:
        if isinstance(news, Heard):
            if not self._hears(now_ns):
                return False
            at_ns = now_ns + self.pace.air_ns
        elif isinstance(news, Joined) and self._is_joined_soon:
            return False
        elif isinstance(news, Joined) and not news.is_central:
            if self._advertised is None or self.connection is not None:
                return False
            at_ns = self._next_advertisement_ns(now_ns) + _SET_UP_NS
        else:
            at_ns = max(now_ns, self.outage.until_ns if self.outage.has(now_ns) else 0) + _SET_UP_NS
        self._free_down.append((at_ns, news))
        self._free_down.sort(key=lambda each: each[0])
        return True

    def _hears(self, now_ns: int) -> bool:
        scan = self._scan
        if scan is None or self.outage.has(now_ns):
            return False
        return (now_ns - self._scan_ns) % scan.interval_ns < scan.window_ns

    def _next_advertisement_ns(self, now_ns: int) -> int:
        assert self._advertised is not None
        interval_ns = self._advertised.interval_ns
        number = -(-max(0, now_ns - self._advertised_ns) // interval_ns)
        at_ns = self._advertised_ns + number * interval_ns + self._jitter.below(_JITTER_NS)
        return max(at_ns, self.outage.until_ns if self.outage.has(at_ns) else 0)

    # trouble

    def go_out_of_range(self, now_ns: int, until_ns: int) -> None:
        """Nothing gets through from now until then."""
        if now_ns < self.outage.until_ns:
            self.outage.until_ns = max(self.outage.until_ns, until_ns)
        else:
            self.outage = Outage(now_ns, until_ns)

    def _drop_ns(self) -> int | None:
        """When both sides see that they have not heard one another for too long."""
        there = self.connection
        if there is None or self.outage.until_ns <= there.anchor_ns:
            return None
        last = max(0, there.first_from(self.outage.from_ns) - 1)
        end_ns = there.event_ns(last) + there.timeout_ns
        again = there.event_ns(there.first_from(self.outage.until_ns))
        return end_ns if end_ns < again else None

    # what is due

    def next_ns(self) -> int | None:
        """When something arrives, at either end, or the connection is over."""
        times = [free[0][0] for free in (self._free_up, self._free_down) if free]
        there = self.connection
        if there is not None:
            if self.up_way.items:
                times.append(self.up_way.due_ns(there, self.pace, self.outage))
            if self.down_way.items and not self._is_held:
                times.append(self.down_way.due_ns(there, self.pace, self.outage))
            if (drop_ns := self._drop_ns()) is not None:
                times.append(drop_ns)
        return min(times, default=None)

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
            down, up = self.down_way, self.up_way
            is_open = bool(down.items) and not self._is_held
            if is_open and down.due_ns(there, self.pace, self.outage) <= now_ns:
                return [], [self._take_down(now_ns, there)]
            if up.items and up.due_ns(there, self.pace, self.outage) <= now_ns:
                return self._take_up(now_ns, there)
        at_ns, wish = self._free_up.pop(0)
        assert at_ns <= now_ns, "nothing is due"
        self._follow(now_ns, wish)
        return [Item(now_ns, wish)], []

    def _take_before(self, now_ns: int) -> tuple[list[Up], list[Down]]:
        news = self._free_down.pop(0)[1]
        if isinstance(news, Joined):
            is_wanted = self._is_joining if news.is_central else self._advertised is not None
            if self.connection is not None or not is_wanted:
                if self.connection is None:
                    self.end()  # with what was said behind it
                return [Item(now_ns, Leave(BleWhy.REFUSED))], []
            self.connection = Connection(now_ns, news.parameters, news.is_central)
            self._advertised, self._is_joining, self._is_held = None, False, False
            self._begin_ways(is_central=news.is_central)
        elif isinstance(news, NotJoined):
            self._is_joining = False
        return [], [Item(now_ns, news)]

    def _begin_ways(self, *, is_central: bool) -> None:
        self.up_way.begin(to_peripheral=is_central)
        self.down_way.begin(to_peripheral=not is_central)

    def _take_down(self, now_ns: int, there: Connection) -> Down:
        item = self.down_way.take(there, self.pace, self.outage)
        self.down.on_way -= item.count
        self.down.arrived += item.count
        if isinstance(item.what, Left):
            self.end()
        elif isinstance(item.what, ParametersAre):
            self.connection = Connection(now_ns, item.what.parameters, there.is_central)
            self._begin_ways(is_central=there.is_central)
        return item

    def _take_up(self, now_ns: int, there: Connection) -> tuple[list[Up], list[Down]]:
        item = self.up_way.take(there, self.pace, self.outage)
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
            self._is_joining = isinstance(wish, Join)

    def _vanish(self, now_ns: int) -> None:
        """The other side sees it when its supervision time-out is over."""
        there, self._advertised, self._scan, self._is_joining = self.connection, None, None, False
        self._free_up.clear()
        is_joined = self._is_joined_soon
        self._free_down.clear()
        if there is not None:
            self.end()
            self._put_up(now_ns + there.timeout_ns, Leave(BleWhy.TIMEOUT))
        elif is_joined:
            self.end()
            self._put_up(now_ns + self.pace.air_ns, Leave(BleWhy.REFUSED))

    def end(self) -> None:
        """The connection is over: what is on its way is lost."""
        self.connection = None
        _lose(self.up_way, self.up)
        _lose(self.down_way, self.down)
        self._lost += [("up", item) for item in self.up_way.items if item.count]
        self._lost += [("down", item) for item in self.down_way.items if item.count]
        self.up_way.items.clear()
        self.down_way.items.clear()

    def take_lost(self) -> list[tuple[str, Item[BleWish] | Item[BleNews]]]:
        """Data that was lost with a connection, since the last call, as (up or down, item)."""
        lost, self._lost = self._lost, []
        return lost


def _lose(way: Way[Any], carried: Carried) -> None:
    count = sum(item.count for item in way.items)
    carried.on_way -= count
    carried.lose("link", count)


def _att_bytes(what: BleWish | BleNews) -> int:
    """How large its operation is; a whole answer of many is told by its exchanges."""
    if isinstance(what, Write | Came | Notify):
        return 3 + len(what.data)
    if isinstance(what, Value):
        return 1 + len(what.data)
    return _ATT_BYTES.get(type(what), 3)


_ATT_BYTES: dict[type, int] = {Subscribe: 5, Discover: 7, AskParameters: 12, AskMtu: 3}
