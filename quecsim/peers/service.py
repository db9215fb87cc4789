"""A server in process: bytes and times in, bytes out, for connections told apart by number."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

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
        """Bytes from the client; after the server has ended the connection they change nothing."""

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
