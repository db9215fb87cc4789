"""A device that connects to others: it scans, connects, discovers, reads and writes."""

from typing import TYPE_CHECKING

from quecsim.border.ble import Discovered, Heard, Joined, Left, NotJoined, Refused, Value, Written

if TYPE_CHECKING:
    from quecsim.clients.ble import Ble


class Central:
    """What it has found of the other side, and what it waits for."""

    def __init__(self, ble: "Ble") -> None:
        self._ble = ble

    def joined(self, news: Joined) -> None:
        """The connection has come about."""
        del news
        self._ble.voice.state("CONNECTED")

    def not_joined(self, news: NotJoined) -> None:
        """It has not."""
        del news
        self._ble.voice.state("DISCONNECTED")

    def left(self, news: Left) -> None:
        """It is over."""
        del news

    def heard(self, news: Heard) -> None:
        """Somebody advertises."""
        del news

    def discovered(self, news: Discovered) -> None:
        """What the other side has."""
        del news

    def value(self, news: Value) -> None:
        """What was read."""
        del news

    def written(self, news: Written) -> None:
        """A write request is answered."""
        del news

    def refused(self, news: Refused) -> None:
        """Reading or writing is not allowed."""
        del news

    def deadline_ns(self) -> int | None:
        """When the host has waited long enough for a connection."""
        return None

    def on_time(self) -> None:
        """It has."""
