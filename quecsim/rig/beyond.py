"""All that reaches a device without a wire: its network, and who is on the air with it.

Two ways, each for itself; at equal times the network comes first.
"""

from quecsim.device import Device
from quecsim.rig.air import Air
from quecsim.rig.ble_air import BleAir


class Beyond:
    """`air` is the network, `ble` Bluetooth LE."""

    def __init__(self, device: Device, air: Air, ble: BleAir) -> None:
        self.air = air
        self.ble = ble
        self._device = device

    @property
    def is_used(self) -> bool:
        """There is something on its way, or somebody who may speak."""
        return self.air.is_used or self.ble.is_used

    def follow(self) -> None:
        """Take what the device wishes."""
        device = self._device
        if device.has_wishes:
            self.air.follow(device.now_ns)
        if device.has_ble_wishes:
            self.ble.follow(device.now_ns)

    def next_ns(self) -> int | None:
        """When something arrives, at either end."""
        return _first(
            self.air.next_ns() if self.air.is_used else None,
            self.ble.next_ns() if self.ble.is_used else None,
        )

    def act(self, now_ns: int) -> None:
        """Something arrives."""
        if self.air.is_used and self.air.next_ns() == now_ns:
            self.air.act(now_ns)
        else:
            self.ble.act(now_ns)

    def peer_ns(self) -> int | None:
        """When somebody there has something to say by himself."""
        return _first(self._air_peer_ns(), self.ble.peer_ns() if self.ble.is_used else None)

    def look(self, now_ns: int) -> None:
        """Take what they have to say by now."""
        if self._air_peer_ns() == now_ns:
            self.air.look(now_ns)
        else:
            self.ble.look(now_ns)

    def _air_peer_ns(self) -> int | None:
        return self.air.peer_ns() if self.air.is_used else None


def _first(one_ns: int | None, other_ns: int | None) -> int | None:
    if one_ns is None or other_ns is None:
        return one_ns if other_ns is None else other_ns
    return min(one_ns, other_ns)
