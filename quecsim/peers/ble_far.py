"""The device of another simulator, as somebody on the air of this one.

Pure: what the other one said goes in (`hear`), what this device does comes out (`take_said`). What
the device hears of it is a `quecsim.border.ble.BlePeer`'s, and on record like all that others say.
"""

from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from quecsim.border import ble
from quecsim.border.ble import BleNews, BleWhy, BleWish
from quecsim.peers import ble_talk as talk
from quecsim.peers.ble_talk import Said
from quecsim.rng import Stream

_JITTER_NS = 10_000_000  # what an advertisement may be late
_RSSI_DBM = -50
_FLAGS, _SHORTENED, _COMPLETE = 1, 8, 9  # types of advertised data
_MOST_NAME_BYTES = 26  # beside the flags
_MOST_UNTAKEN = 16  # pieces of data, and the connection, that the device has not taken
_MOST_WAITING = 1024
_ATT_BYTES = 3  # around the data of a write or a notification
_READ_NOT_PERMITTED, _WRITE_NOT_PERMITTED, _NOT_SUPPORTED, _NOT_FOUND = 0x02, 0x03, 0x06, 0x0A
_TOO_LONG = 0x0D


class Link(Enum):
    """How the two devices stand with one another."""

    NONE = auto()
    ASKED = auto()  # this one has asked for a connection
    UP = auto()


class FarDevice:
    """A `quecsim.border.ble.BlePeer`; `address` is that of this simulator's own device."""

    def __init__(self, seed: int, address: str) -> None:
        self.link = Link.NONE
        self.address = address
        self.mtu = ble.SMALLEST_MTU
        self._jitter = Stream(seed, "ble bridge")
        self._said: list[Said] = []
        self._news: deque[BleNews] = deque()
        self._untaken = 0
        self._own: ble.Advertise | None = None
        self._services: tuple[ble.GattService, ...] = ()  # of whoever is the peripheral
        self._theirs: talk.Advertising | None = None
        self._scans = False
        self._heard_ns = 0  # when it is heard next
        self._join: ble.Join | None = None
        self._wanted: set[str] = set()  # characteristics whose notifications this device has on

    @property
    def is_full(self) -> bool:
        """The device is behind: more is not to be heard for now."""
        return len(self._news) >= _MOST_WAITING

    def take_said(self) -> list[Said]:
        """What this device has to say since the last call."""
        said, self._said = self._said, []
        return said

    def greet(self) -> None:
        """There is another one from now on, who knows nothing yet."""
        if self._own is not None:
            self._tell_advertising(self._own)

    def lost(self) -> None:
        """There is none any more: as if out of range."""
        if self.link is Link.UP:
            self._news.append(ble.Left(BleWhy.TIMEOUT))
        self.link, self._theirs = Link.NONE, None
        self._said.clear()

    # quecsim.border.ble.BlePeer

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        """The device does something."""
        act = _WISHES.get(type(wish))
        if act is not None:
            act(self, now_ns, wish)
        elif self.link is Link.UP and (tell := _TO_TELL.get(type(wish))) is not None:
            tell(self, wish)

    def handle_taken(self, now_ns: int) -> None:  # noqa: ARG002 - the time makes no difference
        """The device has heard of the connection, or has taken the oldest data that it had not."""
        self._untaken = max(0, self._untaken - 1)

    def deadline_ns(self) -> int | None:
        """When the device may hear of it next."""
        if self._is_next_taken:
            return 0
        return self._heard_ns if self._is_heard else None

    def take_news(self, now_ns: int) -> list[BleNews]:
        """What the device hears by now."""
        news: list[BleNews] = []
        while self._is_next_taken:
            each = self._news.popleft()
            self._untaken += isinstance(each, ble.Joined | ble.Came)
            news.append(each)
        if self._is_heard and self._heard_ns <= now_ns:
            assert self._theirs is not None
            news.append(_heard(self._theirs))
            self._wait_for_next(now_ns)
        return news

    @property
    def _is_next_taken(self) -> bool:
        if not self._news:
            return False
        return self._untaken < _MOST_UNTAKEN or not isinstance(self._news[0], ble.Came)

    @property
    def _is_heard(self) -> bool:
        return self._scans and self._theirs is not None

    def _wait_for_next(self, now_ns: int) -> None:
        assert self._theirs is not None
        self._heard_ns = now_ns + self._theirs.interval_ns + self._jitter.below(_JITTER_NS)

    # what the device does

    def _advertise(self, _now_ns: int, wish: ble.Advertise) -> None:
        self._own = wish
        self._tell_advertising(wish)

    def _tell_advertising(self, wish: ble.Advertise) -> None:
        self._said.append(
            talk.Advertising(
                address=wish.address.lower(),
                name=wish.name,
                interval_ns=wish.interval_ns,
                data=wish.data,
                services=wish.services,
            )
        )

    def _stop_advertising(self, _now_ns: int, _wish: ble.StopAdvertising) -> None:
        if self._own is not None:
            self._own = None
            self._said.append(talk.Silent())

    def _scan(self, now_ns: int, wish: ble.Scan | ble.StopScan) -> None:
        self._scans = isinstance(wish, ble.Scan)
        if self._is_heard:
            self._wait_for_next(now_ns)

    def _want_to_join(self, _now_ns: int, wish: ble.Join) -> None:
        self._join = wish
        self._try_to_join()

    def _try_to_join(self) -> None:
        join, theirs = self._join, self._theirs
        if join is None or theirs is None or self.link is not Link.NONE:
            return
        if join.address.lower() == theirs.address:
            self.link, self._services = Link.ASKED, theirs.services
            values = talk.values_of(join.parameters)
            self._said.append(talk.Connect(address=self.address, **values))

    def _give_up(self, _now_ns: int, _wish: ble.GiveUp) -> None:
        self._join = None
        if self.link is Link.ASKED:
            self._end(BleWhy.LOCAL)

    def _vanish(self, now_ns: int, _wish: ble.Vanish) -> None:
        """A connection ends when the other side has not heard it for long enough (`Leave`)."""
        self._stop_advertising(now_ns, ble.StopAdvertising())
        self._scans = False
        self._give_up(now_ns, ble.GiveUp())

    def _leave(self, wish: ble.Leave) -> None:
        self._news.clear()
        self._end(wish.why)

    def _end(self, why: BleWhy) -> None:
        self.link = Link.NONE
        self._said.append(talk.Left(why=why))

    def _begin(self) -> None:
        self.link, self.mtu, self._untaken = Link.UP, ble.SMALLEST_MTU, 0
        self._wanted.clear()

    def _ask_mtu(self, wish: ble.AskMtu) -> None:
        self.mtu = wish.mtu
        self._said.append(talk.Mtu(mtu=wish.mtu))
        self._news.append(ble.MtuIs(wish.mtu))

    def _ask_parameters(self, wish: ble.AskParameters) -> None:
        self._said.append(talk.Paced(**talk.values_of(wish.parameters)))
        self._news.append(ble.ParametersAre(wish.parameters))

    def _discover(self, _wish: ble.Discover) -> None:
        exchanges = 2 + 2 * len(self._services)
        self._news.append(ble.Discovered(self._services, exchanges))

    def _read(self, wish: ble.Read) -> None:
        there = self._characteristic(wish.uuid)
        error = _NOT_FOUND if there is None else _READ_NOT_PERMITTED
        self._news.append(ble.Refused(wish.uuid, error))  # a module has none that can be read

    def _write(self, wish: ble.Write) -> None:
        said = talk.Write(uuid=wish.uuid, data=wish.data, is_request=wish.is_request)
        self._said.append(said)

    def _subscribe(self, wish: ble.Subscribe) -> None:
        (self._wanted.add if wish.is_on else self._wanted.discard)(wish.uuid)
        self._said.append(talk.Subscribe(uuid=wish.uuid, is_on=wish.is_on))

    def _notify(self, wish: ble.Notify) -> None:
        self._said.append(talk.Notify(uuid=wish.uuid, data=wish.data))

    def _characteristic(self, uuid: str) -> ble.Characteristic | None:
        all_of_them = (each for service in self._services for each in service.characteristics)
        return next((each for each in all_of_them if each.uuid == uuid), None)

    # what the other one says

    def hear(self, now_ns: int, said: Said) -> None:
        """The other simulator's device does something. What makes no sense now is not heard: the
        two cross on their way.
        """
        act = _SAID.get(type(said))
        if act is not None:
            act(self, now_ns, said)

    def _hear_advertising(self, now_ns: int, said: talk.Advertising) -> None:
        self._theirs = said
        self._wait_for_next(now_ns)
        self._try_to_join()

    def _hear_silent(self, _now_ns: int, _said: talk.Silent) -> None:
        self._theirs = None

    def _hear_connect(self, _now_ns: int, said: talk.Connect) -> None:
        own = self._own
        if own is None or self.link is not Link.NONE:
            self._said.append(talk.Busy())
            return
        self._begin()
        self._own, self._services = None, own.services
        self._news.append(
            ble.Joined(said.address, parameters=talk.parameters_of(said), is_random=said.is_random)
        )
        self._said.append(talk.Connected())

    def _hear_connected(self, _now_ns: int, _said: talk.Connected) -> None:
        join, theirs = self._join, self._theirs
        if self.link is not Link.ASKED or join is None or theirs is None:
            return
        self._begin()
        self._join = self._theirs = None
        self._news.append(
            ble.Joined(
                theirs.address,
                is_central=True,
                parameters=join.parameters,
                is_random=join.is_random,
            )
        )

    def _hear_busy(self, _now_ns: int, _said: talk.Busy) -> None:
        """It does not advertise any more, and this device goes on looking for it."""
        if self.link is Link.ASKED:
            self.link, self._theirs = Link.NONE, None

    def _hear_left(self, _now_ns: int, said: talk.Left) -> None:
        if self.link is Link.UP:
            self.link = Link.NONE
            why = BleWhy.TIMEOUT if said.why is BleWhy.TIMEOUT else BleWhy.PEER
            self._news.append(ble.Left(why))

    def _hear_mtu(self, _now_ns: int, said: talk.Mtu) -> None:
        if self.link is Link.UP:
            self.mtu = said.mtu
            self._news.append(ble.MtuIs(said.mtu))

    def _hear_paced(self, _now_ns: int, said: talk.Paced) -> None:
        if self.link is Link.UP:
            self._news.append(ble.ParametersAre(talk.parameters_of(said)))

    def _hear_write(self, _now_ns: int, said: talk.Write) -> None:
        if self.link is not Link.UP:
            return
        there = self._characteristic(said.uuid)
        error = 0
        if there is None:
            error = _NOT_FOUND
        elif not (there.write if said.is_request else there.write_command):
            error = _WRITE_NOT_PERMITTED
        elif not self._fits(said.data):
            error = _TOO_LONG
        if not error:
            self._news.append(ble.Came(said.uuid, said.data))
        if said.is_request:
            self._answer(said.uuid, error)

    def _fits(self, data: bytes) -> bool:
        return len(data) <= self.mtu - _ATT_BYTES

    def _hear_subscribe(self, _now_ns: int, said: talk.Subscribe) -> None:
        if self.link is not Link.UP:
            return
        there = self._characteristic(said.uuid)
        error = _NOT_FOUND if there is None else 0 if there.notify else _NOT_SUPPORTED
        if not error:
            self._news.append(ble.Subscribed(said.uuid, said.is_on))
        self._answer(said.uuid, error)

    def _answer(self, uuid: str, error: int) -> None:
        answer = talk.Error(uuid=uuid, error=error) if error else talk.Written(uuid=uuid)
        self._said.append(answer)

    def _hear_answer(self, _now_ns: int, said: talk.Written | talk.Error) -> None:
        if self.link is not Link.UP:
            return
        if isinstance(said, talk.Written):
            self._news.append(ble.Written(said.uuid))
        else:
            self._wanted.discard(said.uuid)
            self._news.append(ble.Refused(said.uuid, said.error))

    def _hear_notify(self, _now_ns: int, said: talk.Notify) -> None:
        is_wanted = self.link is Link.UP and said.uuid in self._wanted
        if is_wanted and self._fits(said.data):
            self._news.append(ble.Came(said.uuid, said.data, is_notification=True))


_WISHES: dict[type[BleWish], Callable[[FarDevice, int, Any], None]] = {
    ble.Advertise: FarDevice._advertise,
    ble.StopAdvertising: FarDevice._stop_advertising,
    ble.Scan: FarDevice._scan,
    ble.StopScan: FarDevice._scan,
    ble.Join: FarDevice._want_to_join,
    ble.GiveUp: FarDevice._give_up,
    ble.Vanish: FarDevice._vanish,
}
_TO_TELL: dict[type[BleWish], Callable[[FarDevice, Any], None]] = {
    ble.Leave: FarDevice._leave,
    ble.AskMtu: FarDevice._ask_mtu,
    ble.AskParameters: FarDevice._ask_parameters,
    ble.Discover: FarDevice._discover,
    ble.Read: FarDevice._read,
    ble.Write: FarDevice._write,
    ble.Subscribe: FarDevice._subscribe,
    ble.Notify: FarDevice._notify,
}
_SAID: dict[type[Said], Callable[[FarDevice, int, Any], None]] = {
    talk.Advertising: FarDevice._hear_advertising,
    talk.Silent: FarDevice._hear_silent,
    talk.Connect: FarDevice._hear_connect,
    talk.Connected: FarDevice._hear_connected,
    talk.Busy: FarDevice._hear_busy,
    talk.Left: FarDevice._hear_left,
    talk.Mtu: FarDevice._hear_mtu,
    talk.Paced: FarDevice._hear_paced,
    talk.Write: FarDevice._hear_write,
    talk.Written: FarDevice._hear_answer,
    talk.Error: FarDevice._hear_answer,
    talk.Subscribe: FarDevice._hear_subscribe,
    talk.Notify: FarDevice._hear_notify,
}


def _heard(said: talk.Advertising) -> ble.Heard:
    return ble.Heard(
        said.address,
        name=said.name,
        rssi_dbm=_RSSI_DBM,
        data=said.data or _advertised(said.name),
    )


def _advertised(name: str) -> bytes:
    """That it is there, and its name."""
    encoded = name.encode("utf-8", "replace")
    shown = encoded[:_MOST_NAME_BYTES]
    kind = _COMPLETE if shown == encoded else _SHORTENED
    flags = bytes((2, _FLAGS, 6))
    return flags + (bytes((len(shown) + 1, kind)) + shown if shown else b"")
