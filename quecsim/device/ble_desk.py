"""The way of a device's Bluetooth LE to the air: its wishes, its timer, and what it has said.

Implements `quecsim.at.ble.Air`.
"""

from collections.abc import Callable
from hashlib import sha256

import msgspec

from quecsim.at.ble import BleClient
from quecsim.border.ble import BleNews, BleWish, Came, Left, Vanish, data_bytes
from quecsim.device.links import LinkDesk
from quecsim.device.shared import Shared, Timer
from quecsim.device.urcs import UrcDesk
from quecsim.trace import event as ev


class BleDesk:
    """`wishes` are those that nobody has taken yet, each with the offset of its data; `client`
    hears what happens, where the host has switched Bluetooth LE on.
    """

    def __init__(self, shared: Shared, urcs: UrcDesk, links: LinkDesk) -> None:
        """`links` has the levers of jobs and data mode."""
        self.wishes: list[tuple[BleWish, int]] = []
        self._shared = shared
        self._urcs = urcs
        self._links = links
        self.client: BleClient | None = None
        self._is_on_air = False
        self._waiting = 0
        self._up_bytes = 0  # that the host had for the other side
        self.sent_bytes = 0  # of those, what the air was given
        self.received_bytes = 0
        self.heard_offset = 0  # of what it is told

    # what the client does

    @property
    def now_ns(self) -> int:
        """The time of what is happening."""
        return self._shared.now_ns

    def attend(self, client: BleClient) -> None:
        """`client` hears what happens from now on."""
        self.client = client

    def want(self, wish: BleWish) -> None:
        """Something is wanted on the air."""
        count, offset = data_bytes(wish), self._up_bytes
        self._is_on_air = True
        if count:
            self._waiting += 1
            self._up_bytes += count
            self.sent_bytes += count
        if isinstance(wish, Vanish):  # nothing of what was on its way will be heard of
            self._waiting = 0
        self._shared.record.add(_asked(self.now_ns, wish, offset))
        self.wishes.append((wish, offset))
        self.arm()

    def drop_up(self, uuid: str, data: bytes, why: str) -> None:
        """Put on record what does not get there."""
        lost = ev.BleLost(self.now_ns, "up", uuid, self._up_bytes, len(data), why)
        self._shared.record.add(lost)
        self._up_bytes += len(data)

    def drop_down(self, uuid: str, data: bytes, why: str, offset: int) -> None:
        """The same for the other way."""
        self._shared.record.add(ev.BleLost(self.now_ns, "down", uuid, offset, len(data), why))

    def waiting(self) -> int:
        """How many pieces of data are on their way."""
        return self._waiting

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """An unsolicited result code."""
        if sent is None:
            self._urcs.schedule(self.now_ns, text)
        else:
            self._urcs.post(text, sent)

    def wake(self, name: str) -> None:
        """The job that waits for news of that name looks again."""
        self._links.wake(name)

    def hang_up(self, name: str) -> None:
        """Data mode on that connection ends."""
        self._links.hang_up(name)

    # what happens to the device

    def hear(self, news: BleNews, offset: int) -> None:
        """Something has happened on the air."""
        count = data_bytes(news)
        self.received_bytes += count
        self.heard_offset = offset
        self._shared.record.add(_heard(self.now_ns, news, offset))
        if isinstance(news, Left):
            self._waiting = 0
        if self.client is not None:
            self.client.told(news)
        elif isinstance(news, Came):
            self.drop_down(news.uuid, news.data, "Bluetooth LE is off", offset)
        self.arm()

    def gone(self, count: int) -> None:
        """A piece of data has reached the other side, or is lost."""
        if self._waiting:  # what was wanted before a restart is none of this start's
            self._waiting -= 1
        if self.client is not None:
            self.client.gone(count)
        self.arm()

    def on_time(self) -> None:
        """Whatever is due with its client."""
        client = self.client
        if client is not None:
            due_ns = client.deadline_ns()
            if due_ns is not None and due_ns <= self.now_ns:
                client.on_time()
        self.arm()

    def arm(self) -> None:
        """Set the timer for what is due next."""
        due_ns = None if self.client is None else self.client.deadline_ns()
        if due_ns is None:
            self._shared.stop_timer(Timer.BLE)
        else:
            self._shared.timers[Timer.BLE] = max(due_ns, self.now_ns)

    def reset(self) -> None:
        """The device goes down; nobody is told."""
        if self._is_on_air:
            self.want(Vanish())
        self.client, self._is_on_air, self._waiting = None, False, 0
        self.arm()


def _asked(now_ns: int, wish: BleWish, offset: int) -> ev.BleAsked:
    count = data_bytes(wish)
    digest = sha256(getattr(wish, "data", b"")).hexdigest() if count else ""
    return ev.BleAsked(
        now_ns, _name(wish), getattr(wish, "uuid", ""), offset, count, digest, _words(wish)
    )


def _heard(now_ns: int, news: BleNews, offset: int) -> ev.BleHeard:
    return ev.BleHeard(
        now_ns, _name(news), getattr(news, "uuid", ""), offset, data_bytes(news), _words(news)
    )


def _name(what: BleWish | BleNews) -> str:
    """As in `stop advertising`."""
    name = type(what).__name__
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def _words(what: BleWish | BleNews) -> str:
    """All that is known of it but its data and services: `interval=20 latency=0 timeout=500`."""
    parts: dict[str, object] = {}
    for name, value in msgspec.structs.asdict(what).items():
        if name == "parameters":
            parts |= msgspec.structs.asdict(value)
        elif name not in ("uuid", "data", "services"):
            parts[name] = value
    return " ".join(f"{name}={value}" for name, value in parts.items())
