"""Everybody on the air with a Bluetooth LE device, by name."""

from collections.abc import Sequence

import msgspec

from quecsim.border.ble import BleNews, BleWish, Joined
from quecsim.errors import QuecsimError
from quecsim.peers.ble_settings import AnyBlePeer


class BlePeerState(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as he is now: `received` is the data that the device has sent him, as (at_ns, uuid,
    data); `mtu` that of his connection.
    """

    name: str
    address: str
    kind: str
    is_connected: bool
    mtu: int
    received: tuple[tuple[int, str, bytes], ...]


class BleCrowd:
    """A `quecsim.border.ble.BlePeer`: all of a scenario's `[[ble_peer]]`.

    What somebody does from outside raises QuecsimError where nobody is called so, or he cannot.
    What the device hears of it is in `take_news` at once.
    """

    def __init__(self, settings: Sequence[AnyBlePeer], seed: int = 0) -> None:
        self._settings = tuple(settings)
        self._seed = seed
        self._news: list[BleNews] = []

    # quecsim.border.ble.BlePeer

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        """A wish has got there."""

    def handle_taken(self, now_ns: int) -> None:
        """The device has taken the oldest data (`Came`) that it had not."""

    def deadline_ns(self) -> int | None:
        """When somebody has something to say by himself."""
        return 0 if self._news else None

    def take_news(self, now_ns: int) -> list[BleNews]:
        """What they say up to now."""
        del now_ns
        news, self._news = self._news, []
        return news

    # from outside

    def connect(self, now_ns: int, name: str, mtu: int | None = None) -> None:
        """A phone connects to the device, and then asks for `mtu` (23 to 517), if that is given."""
        del now_ns, mtu
        self._named(name)
        self._news.append(Joined(""))

    def leave(self, now_ns: int, name: str) -> None:
        """He ends his connection."""

    def write(self, now_ns: int, name: str, uuid: str, data: bytes, is_request: bool) -> None:
        """A phone writes a characteristic of the device's, as much as its MTU allows (MTU - 3)."""

    def subscribe(self, now_ns: int, name: str, uuid: str, is_on: bool) -> None:
        """A phone switches notifications of a characteristic on, or off."""

    def notify(self, now_ns: int, name: str, uuid: str, data: bytes) -> None:
        """A sensor notifies the device of a new value, as much as its MTU allows (MTU - 3)."""

    def states(self) -> tuple[BlePeerState, ...]:
        """Everybody, in the scenario's order."""
        return ()

    def _named(self, name: str) -> AnyBlePeer:
        for one in self._settings:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self._settings) or "nobody"
        raise QuecsimError(f'nobody on the air is called "{name}"', hint=f"there is: {known}")
