"""What clients of the network have of their device: links to open, time, and a voice.

A client (MQTT, HTTP, a socket) is an object without a clock: it is told what happened on its links,
asked when it wants to be woken, and says what it has to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from quecsim.border.news import Data, Incoming, Opened, Pong, Resolved, Secured, Why
from quecsim.border.wish import TlsWish


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a connection did not come about, or ended; see `quecsim.trace.event.LinkFailed`."""

    why: Why
    detail: str = ""
    file: str = ""


class Named(Protocol):
    """Somebody who has to do with the network. `name` says in words who ("MQTT client 0")."""

    name: str


class Client(Named, Protocol):
    """Owns links."""

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


Asked: TypeAlias = Callable[[Resolved | Pong | Trouble], None]
"""Hears the one answer to a question."""

Called: TypeAlias = Callable[[Incoming | Data], None]
"""Hears of calls, or of datagrams, on a link that listens."""

TlsBegun: TypeAlias = Callable[[Secured], None]
"""Hears that TLS has begun on an open link; where it does not, the link closes."""


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
        taken: Callable[[int], None] | None = None,
    ) -> int:
        """Ask for a connection over packet context `context` (0: whatever there is); returns the
        number of the link. With `taken` the link is counted: it hears how many bytes more the other
        side has taken.
        """

    def listen(
        self, client: Client, port: int, protocol: str, called: Called, context: int = 0
    ) -> int:
        """Ask to be called at the device's own `port` (0: any) by connections ("tcp") or by
        datagrams ("udp"); returns the number of the link, which opens and fails like others.
        """

    def accept(
        self,
        client: Client,
        listener: int,
        caller: int,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        """Take a call up, for `client`: the link whose number it returns is open."""

    def refuse(self, listener: int, caller: int) -> None:
        """Do not take a call up."""

    def resolve(self, owner: str, host: str, asked: Asked, context: int = 0) -> int:
        """Ask for the addresses of `host`: `asked` hears `Resolved`, or `Trouble`. Returns a link,
        which may be shut: then it hears nothing.
        """

    def ping(self, owner: str, host: str, count: int, asked: Asked, context: int = 0) -> int:
        """Send an echo request of `count` bytes: `asked` hears `Pong`, `Trouble` or nothing ever.
        Returns a link, which its owner shuts when it has waited long enough.
        """

    def secure(self, link: int, tls: TlsWish, host: str, begun: TlsBegun) -> None:
        """Begin TLS on an open link; `host` is the server's name."""

    def send(self, link: int, data: bytes, to: tuple[str, int] | None = None) -> None:
        """Send `data`; over a link that listens for datagrams, to the address and port `to`."""

    def room(self, link: int) -> int:
        """How many bytes may be sent now on a counted link; 0 where there is no such link."""

    def wake(self, name: str) -> None:
        """The job that waits for news of that name (`AwaitNews`) looks again, if one does."""

    def credit(self, link: int, count: int) -> None:
        """`count` bytes of what was received are out of the way: as many more may come."""

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        """End the connection. Nothing more is heard of it."""

    def leave(self, link: int, ended: Callable[[], None]) -> None:
        """End the connection in good order; `ended` is called when the other side knows, or the
        bearer is gone. Nothing else is heard of it; after `shut` nothing at all.
        """

    def hang_up(self, name: str) -> None:
        """Data mode that stands on the connection of that name (`OpenData.carrier`) ends."""

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """An unsolicited result code, as soon as may be. With `sent` it is never dropped for want
        of room: its client keeps the number of those that wait within bounds. `sent` is called when
        it is in the transmitter, or gone with the power.
        """

    def asked(
        self,
        client: Named,
        command: str,
        where: tuple[str, int] = ("", 0),
        *,
        is_accepted: bool = True,
    ) -> None:
        """Put on record that the host asks for `command`: see `quecsim.trace.event.ClientAsked`."""

    def tell(
        self,
        client: Named,
        command: str,
        code: int,
        link: int = 0,
        trouble: Trouble | None = None,
        words: str = "",
    ) -> None:
        """Put on record what became of a command; the host hears of it by `say`, or by a reply.
        `words` are what the device's own table says of `code`.
        """

    def fetched(self, client: Named, count: int) -> None:
        """Put on record that the host has read: see `quecsim.trace.event.ClientFetched`."""

    def carried(self, client: Named, link: int, way: str, count: int, *, is_dropped: bool) -> None:
        """Put a message on record: see `quecsim.trace.event.ClientMessage`."""
