"""What clients of the network have of their device: links to open, time, and a voice.

A client (MQTT, HTTP, a socket) is an object without a clock: it is told what happened on its links,
asked when it wants to be woken, and says what it has to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from quecsim.border.news import Opened, Why
from quecsim.border.wish import TlsWish


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a connection did not come about, or ended; see `quecsim.trace.event.LinkFailed`."""

    why: Why
    detail: str = ""
    file: str = ""


class Client(Protocol):
    """Owns links. `name` says in words what it is ("MQTT client 0")."""

    name: str

    def opened(self, link: int, opened: Opened) -> None:
        """The connection has come about."""

    def failed(self, link: int, trouble: Trouble) -> None:
        """It has not, and there is no such link any more."""

    def received(self, link: int, data: bytes) -> None:
        """Bytes have come. They count against the credit until `Network.credit` says otherwise."""

    def closed(self, link: int, trouble: Trouble) -> None:
        """The other side is gone, or the bearer: there is no such link any more."""

    def deadline_ns(self) -> int | None:
        """When `on_time` is to be called; None: only news or a command can wake it."""

    def on_time(self) -> None:
        """It is time for whatever is due."""


class Network(Protocol):
    """The device's side of the border, as its clients see it."""

    @property
    def now_ns(self) -> int:
        """The time of what is happening."""

    @property
    def has_room(self) -> bool:
        """One more link can be opened."""

    def open(
        self,
        client: Client,
        host: str,
        port: int,
        protocol: str = "tcp",
        tls: TlsWish | None = None,
        context: int = 0,
    ) -> int:
        """Ask for a connection over packet context `context` (0: whatever there is); returns the
        number of the link.
        """

    def send(self, link: int, data: bytes) -> None:
        """Send `data`."""

    def credit(self, link: int, count: int) -> None:
        """`count` bytes of what was received are out of the way: as many more may come."""

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        """End the connection. Nothing more is heard of it."""

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """An unsolicited result code, as soon as may be. With `sent` it is never dropped for want
        of room: its client keeps the number of those that wait within bounds. `sent` is called when
        it is in the transmitter, or gone with the power.
        """

    def asked(
        self,
        client: Client,
        command: str,
        where: tuple[str, int] = ("", 0),
        *,
        is_accepted: bool = True,
    ) -> None:
        """Put on record that the host asks for `command`: see `quecsim.trace.event.ClientAsked`."""

    def tell(
        self, client: Client, command: str, code: int, link: int = 0, trouble: Trouble | None = None
    ) -> None:
        """Put on record what became of a command; the host hears of it by `say`."""

    def carried(self, client: Client, link: int, way: str, count: int, *, is_dropped: bool) -> None:
        """Put a message on record: see `quecsim.trace.event.ClientMessage`."""
