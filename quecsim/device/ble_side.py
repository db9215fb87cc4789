"""The air's part of `Device`: what it wants of Bluetooth LE, and what it hears."""

from quecsim.border.ble import BleNews, BleWish, data_bytes
from quecsim.device.components import Components
from quecsim.device.engine import Engine
from quecsim.device.shared import Shared


class BleSide:
    """See `Device`."""

    _engine: Engine
    _shared: Shared
    _components: Components

    @property
    def ble_bytes(self) -> tuple[int, int]:
        """How many bytes of data the air was given, of which wishes speak that were taken; and how
        many have reached the device from there.
        """
        desk = self._components.ble
        waiting = sum(data_bytes(wish) for wish, _ in desk.wishes)
        return desk.sent_bytes - waiting, desk.received_bytes

    @property
    def has_ble_wishes(self) -> bool:
        """There is something to take, for the air."""
        return bool(self._components.ble.wishes)

    def take_ble_wishes(self) -> list[tuple[BleWish, int]]:
        """What the device has wanted of Bluetooth LE since the last call, each with the offset of
        its data.
        """
        desk = self._components.ble
        wishes, desk.wishes = desk.wishes, []
        return wishes

    def hear_ble(self, now_ns: int, news: BleNews, offset: int) -> None:
        """Something has happened on the air; `offset` is that of its data."""
        self._shared.move_to(now_ns)
        self._engine.change_network(lambda: self._components.ble.hear(news, offset))

    def ble_gone(self, now_ns: int, count: int) -> None:
        """A piece of data has reached the other side, or is lost: there is room for another."""
        self._shared.move_to(now_ns)
        self._engine.change_network(lambda: self._components.ble.gone(count))
