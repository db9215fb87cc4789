"""A client of Bluetooth LE that no device has, and somebody on the air who answers everything.

`AT+TBLE=<what>,<n>` has the device want whatever there is to want; the host hears of what comes.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from msgspec.structs import replace

from quecsim.at.ble import Air
from quecsim.at.context import Context, air
from quecsim.at.results import AtError
from quecsim.at.spec import Catalogue, Choice, Command, Integer
from quecsim.border.ble import (
    SLOT_NS,
    Advertise,
    AskMtu,
    AskParameters,
    BleNews,
    BleWish,
    Came,
    Discover,
    Discovered,
    GiveUp,
    Hold,
    Join,
    Joined,
    KeepMtu,
    Leave,
    Left,
    MtuIs,
    Notify,
    Parameters,
    ParametersAre,
    Read,
    Scan,
    StopAdvertising,
    StopScan,
    Subscribe,
    Value,
    Vanish,
    Write,
    Written,
)
from quecsim.commands.catalogue import catalogue
from quecsim.profiles.schema import Profile
from quecsim.units import ms

UUID = "fff2"
PEER = "c0ffee000001"
QUEUE_PIECES = 8
LONGEST = 244


class TrialBle:
    """It has no state of its own: what may be wanted is only what the air has room for."""

    name = "trial"

    def __init__(self, there: Air) -> None:
        self.air = there
        self.count = 0
        self.most_waiting = 0
        there.attend(self)

    def do(self, what: str, n: int) -> None:
        wish = _WISHES[what](n)
        if isinstance(wish, Notify | Write):
            if self.air.waiting() >= QUEUE_PIECES:
                raise AtError(3)
            wish = replace(wish, data=self.piece(n))
        self.air.want(wish)

    def piece(self, n: int) -> bytes:
        """Each one begins with its number."""
        self.count += 1
        return (b"%06d" % self.count + bytes(n % LONGEST))[:LONGEST]

    def told(self, news: BleNews) -> None:
        tail = f",{news.data[:6].decode()},{len(news.data)}" if isinstance(news, Came) else ""
        if isinstance(news, Left):
            assert self.air.waiting() == 0
            tail = f",{news.why}"
        self.air.say(f"+TBLE: {type(news).__name__}{tail}")

    def gone(self, count: int) -> None:
        assert count > 0
        assert 0 <= self.air.waiting() < QUEUE_PIECES

    def deadline_ns(self) -> int | None:
        return None

    def on_time(self) -> None:
        """Nothing is ever due."""


_WISHES: dict[str, Callable[[int], BleWish]] = {
    "advertise": lambda n: Advertise("x", "0" * 12, ms(20 + n)),
    "still": lambda _: StopAdvertising(),
    "scan": lambda n: Scan(SLOT_NS * 100, SLOT_NS * min(100, 1 + n)),
    "deaf": lambda _: StopScan(),
    "join": lambda n: Join(PEER, parameters=Parameters(6 + n % 60, n % 3, 100 + n)),
    "giveup": lambda _: GiveUp(),
    "leave": lambda _: Leave(),
    "mtu": AskMtu,
    "parameters": lambda n: AskParameters(Parameters(6 + n, n % 5, 600)),
    "discover": lambda _: Discover(),
    "read": lambda _: Read(UUID),
    "write": lambda _: Write(UUID, b"-"),
    "notify": lambda _: Notify(UUID, b"-"),
    "subscribe": lambda n: Subscribe(UUID, n % 2 == 0),
    "hold": lambda _: Hold(is_on=True),
    "take": lambda _: Hold(is_on=False),
}
WHAT = tuple(_WISHES)
TBLE = Command(
    "+TBLE",
    "Whatever there is to want on the air",
    "no document: a command for tests",
    (Choice("what", WHAT), Integer("n")),
)


def client(context: Context) -> TrialBle:
    there = context.clients.get(TrialBle.name)
    if there is None:
        there = context.clients[TrialBle.name] = TrialBle(air(context))
    assert isinstance(there, TrialBle)
    return there


@TBLE.write
def _tble(context: Context, what: str, n: int) -> None:
    client(context).do(what, n)


def _with_trial(profile: Profile) -> Catalogue:
    return Catalogue(catalogue(profile), (TBLE,))


@contextmanager
def trial_ble() -> Iterator[None]:
    """Devices that are made here have the command above as well."""
    with patch("quecsim.rig.rig.catalogue", _with_trial):
        yield


class Answering:
    """A `BlePeer`: connects to who advertises, takes connections, and sends back what it gets, a
    window of pieces at a time. `received` is what has got there, `wished` each wish's kind.
    """

    def __init__(self, parameters: Parameters | None = None, window: int = 3) -> None:
        self.parameters = Parameters() if parameters is None else parameters
        self.window = window
        self.received: list[bytes] = []
        self.wished: list[str] = []
        self.mtu = 23
        self.is_connected = False
        self.taken = 0
        self._due: list[tuple[int, BleNews]] = []
        self._back: deque[bytes] = deque()
        self._flying = 0

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        self.wished.append(type(wish).__name__)
        for news in self._answers(wish):
            self._due.append((now_ns + ms(2), news))
        if isinstance(wish, Notify | Write):
            assert self.is_connected
            self.received.append(wish.data)
            self._back.append(wish.data)
            self._send(now_ns)

    def _answers(self, wish: BleWish) -> list[BleNews]:
        match wish:
            case Advertise():
                return self._connects(Joined("a" * 12, parameters=self.parameters))
            case Join():
                return self._connects(Joined(wish.address, True, wish.parameters))
            case Leave() | Vanish():
                self.is_connected = False
                self._back.clear()
                self._due.clear()
            case AskMtu():
                self.mtu = min(247, max(23, wish.mtu))
                return [MtuIs(self.mtu)]
            case KeepMtu():
                self.mtu = wish.mtu
            case AskParameters():
                return [ParametersAre(wish.parameters)]
            case Discover():
                return [Discovered(exchanges=4)]
            case Read():
                return [Value(UUID, b"value")]
            case Write(is_request=True) | Subscribe():
                return [Written(UUID)]
        return []

    def _connects(self, joined: Joined) -> list[BleNews]:
        if self.is_connected:
            return []
        self.is_connected, self.mtu, self._flying = True, 247, 0
        return [joined, MtuIs(247), Came(UUID, b"000000hello")]

    def _send(self, now_ns: int) -> None:
        while self._back and self._flying < self.window:
            self._flying += 1
            self._due.append((now_ns + ms(1), Came(UUID, self._back.popleft())))

    def handle_taken(self, now_ns: int) -> None:
        self.taken += 1
        self._flying = max(0, self._flying - 1)
        self._send(now_ns)

    def deadline_ns(self) -> int | None:
        return min((at_ns for at_ns, _ in self._due), default=None)

    def take_news(self, now_ns: int) -> list[BleNews]:
        news = [news for at_ns, news in self._due if at_ns <= now_ns]
        self._due = [each for each in self._due if each[0] > now_ns]
        return news
