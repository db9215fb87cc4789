"""What Bluetooth LE has of its device: the air, time, and a voice.

Its client (`quecsim.clients.ble`) is an object without a clock: it is told what happened on the
air, asked when it wants to be woken, and says what it has to say.
"""

from collections.abc import Callable
from typing import Protocol

from quecsim.border.ble import BleNews, BleWish


class BleClient(Protocol):
    """Who makes use of the air. `name` says in words who."""

    name: str

    def told(self, news: BleNews) -> None:
        """Something has happened on the air."""

    def gone(self, count: int) -> None:
        """A piece of data of `count` bytes has reached the other side: there is room for more."""

    def deadline_ns(self) -> int | None:
        """When `on_time` is to be called; None: only news or a command can wake it."""

    def on_time(self) -> None:
        """It is time for whatever is due."""


class Air(Protocol):
    """The device's side of the air."""

    @property
    def now_ns(self) -> int:
        """The time of what is happening."""

    def attend(self, client: BleClient) -> None:
        """`client` hears what happens from now on."""

    def want(self, wish: BleWish) -> None:
        """Something is wanted on the air. Data is on record as asked for."""

    @property
    def heard_offset(self) -> int:
        """That of the data of what the client is told now."""

    def drop_up(self, uuid: str, data: bytes, why: str) -> None:
        """Put on record that data of the host's goes nowhere; `why` says it in words."""

    def drop_down(self, uuid: str, data: bytes, why: str, offset: int) -> None:
        """The same of data from the air, which does not get to the host."""

    def waiting(self) -> int:
        """How many pieces of data are on their way to the other side."""

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """An unsolicited result code, as soon as may be: see `quecsim.at.network.Network.say`."""

    def wake(self, name: str) -> None:
        """The job that waits for news of that name looks again, if one does."""

    def hang_up(self, name: str) -> None:
        """Data mode that stands on the connection of that name (`OpenData.carrier`) ends."""
