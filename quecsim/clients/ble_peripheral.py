"""A device that others connect to: its services, advertising, and what it notifies of."""

from typing import TYPE_CHECKING

from quecsim.border.ble import Joined, Left, Subscribed

if TYPE_CHECKING:
    from quecsim.clients.ble import Ble


class Peripheral:
    """`readvertises`: it advertises again by itself when a connection is over."""

    def __init__(self, ble: "Ble") -> None:
        self._ble = ble
        self.readvertises = True
        self._subscribed: set[str] = set()

    def joined(self, news: Joined) -> None:
        """Somebody has connected."""
        del news
        self._subscribed.clear()
        self._ble.voice.state("CONNECTED")

    def left(self, news: Left) -> None:
        """He is gone."""
        del news

    def subscribed(self, news: Subscribed) -> None:
        """He has notifications switched on, or off."""
        if news.is_on:
            self._subscribed.add(news.uuid)
        else:
            self._subscribed.discard(news.uuid)
