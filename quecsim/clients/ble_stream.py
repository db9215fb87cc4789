"""Transparent mode over Bluetooth LE: the serial line is one characteristic."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quecsim.clients.ble import Ble


class BleStream:
    """On line while `session` is not 0; each session has a number of its own."""

    def __init__(self, ble: "Ble") -> None:
        self._ble = ble
        self.session = 0
        self.uuid = ""

    def takes(self, uuid: str, data: bytes) -> bool:
        """Data has come; False where the host is to have it by +QBLERECV."""
        del uuid, data
        return False

    def over(self) -> None:
        """The connection is."""

    def forget(self) -> None:
        """Bluetooth LE is switched off: it begins no more by itself."""

    def wake(self) -> None:
        """There is room for more on the air."""
