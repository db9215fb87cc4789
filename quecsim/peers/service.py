"""A server in process: bytes and times in, bytes out, for connections told apart by number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from quecsim.border import Why

# (connection, bytes for it); behind all of them how the server ends it, `Why.FIN` or `Why.RESET`.
Output: TypeAlias = tuple[int, bytes | Why]


class Service(Protocol):
    """One server. It is pure: what it says follows from what it was told, and when.

    Times never go back; at equal times what a client does comes before what is due by itself.
    `kind` says in a word what it is.
    """

    kind: str

    def connect(self, now_ns: int, connection: int) -> None:
        """Somebody has opened `connection`: a number that no open one has."""

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes from the client; after the server has ended the connection they change nothing.

        Over UDP they are one datagram, and so is each output.
        """

    def gone(self, now_ns: int, connection: int) -> None:
        """The client has closed it, or broken it off."""

    def deadline_ns(self) -> int | None:
        """When it has something to do by itself."""

    def advance(self, now_ns: int) -> None:
        """Do what is due by then."""

    def take_output(self, room: Mapping[int, int]) -> list[Output]:
        """What it says to each connection, no more than there is `room` for, and behind it how it
        ends one. What there is no room for is kept.
        """


@runtime_checkable
class SlowReader(Service, Protocol):
    """A service that does not take what it gets at once."""

    def unread(self, connection: int) -> int:
        """How many bytes it has got there and not taken yet."""


@runtime_checkable
class ManyPorts(Service, Protocol):
    """A service that is also reached at other ports of its host (TCP), for a time."""

    @property
    def ports(self) -> Collection[int]:
        """Where it can be reached now."""

    def connect_at(self, now_ns: int, connection: int, port: int) -> None:
        """Somebody has opened `connection` there; as `Service.connect`."""


@runtime_checkable
class Securable(Service, Protocol):
    """A service with connections that begin without TLS, and get it in the middle (AUTH TLS)."""

    def awaits_tls(self, connection: int) -> bool:
        """Whether a handshake is what comes next on `connection`."""

    def secured(self, now_ns: int, connection: int) -> None:
        """A handshake has gone well on `connection`."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A call to the device at its `port`, of somebody at `source`; `key` is the service's name for
    it.
    """

    key: int
    port: int
    source: tuple[str, int]
    protocol: str = "tcp"


@runtime_checkable
class Caller(Service, Protocol):
    """A service that calls the device."""

    def listening(self, now_ns: int, port: int, protocol: str) -> None:
        """The device can be called there from now on."""

    def take_dials(self, now_ns: int) -> list[Dial]:
        """The calls it makes, each once."""

    def answered(self, now_ns: int, key: int, connection: int | None) -> None:
        """A call was taken up, and is `connection`; None: it was not."""
