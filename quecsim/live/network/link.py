"""One link of the device: its stage, credit and deadline; what connections and listeners share.

    RESOLVING -> CONNECTING -> NEGOTIATING <-> OPEN -> ENDED     the other side has ended it
         |           |             |            |       |
         +-----------+-------------+----------> GONE <--+-- LEAVING    the device has, in good order

A call that was taken up and what listens begin with OPEN, a question never gets there. A link
without TLS goes back to NEGOTIATING when that is begun. Each says once what it has become
(`Opened`, `Listening`, an answer) or `Failed`, and `Closed` at most once after it was open; after
that, and after the device has shut it, nothing more.
"""

import contextlib
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Protocol, TypeAlias

import msgspec

from quecsim.border import CREDIT_BYTES, Begin, Closed, Failed, News, Why
from quecsim.live.network.addresses import Address
from quecsim.live.network.layer import Layer
from quecsim.units import format_ns, s

Say: TypeAlias = Callable[[News], None]
NewSocket: TypeAlias = Callable[[socket.AddressFamily, socket.SocketKind], socket.socket]


class Limits(msgspec.Struct, frozen=True):
    """How long a name, a connection and a farewell may take; how many bytes may wait for a server
    that does not take them. RFC 1122 wants at least three minutes for a connection, Linux waits for
    two; 75 s is what BSD's stacks have, and still within the 150 s of the devices' commands.
    """

    resolve_ns: int = s(20)
    connect_ns: int = s(75)
    leave_ns: int = s(10)
    output_bytes: int = 1 << 20


class Stage(Enum):
    """See above."""

    RESOLVING = "resolving"
    CONNECTING = "connecting"
    NEGOTIATING = "negotiating"
    OPEN = "open"
    ENDED = "ended"
    LEAVING = "leaving"
    GONE = "gone"


_IS_OVER = frozenset((Stage.ENDED, Stage.LEAVING, Stage.GONE))
_IS_OPEN = frozenset((Stage.OPEN, Stage.ENDED))
# What is too late when the deadline of a stage comes, and how it is called.
_TOO_LATE = {
    Stage.RESOLVING: (Why.DNS, "the name has not been resolved"),
    Stage.CONNECTING: (Why.TIMEOUT, "nobody has answered"),
    Stage.NEGOTIATING: (Why.TIMEOUT, "the handshake has not come to its end"),
}
_RESET = struct.pack("ii", 1, 0)  # struct linger: on, 0 s


class HasDescriptor(Protocol):
    """A socket, or several that are waited for together."""

    def fileno(self) -> int:
        """The descriptor."""


class Link(ABC):
    """One link. Whoever has it waits for `events` of `source`, and until `deadline_ns`."""

    def __init__(self, wish: Begin, limits: Limits, say: Say) -> None:
        self.wish = wish
        self.stage = Stage.RESOLVING
        self.deadline_ns: int | None = None
        self.socket: socket.socket | None = None
        self.reached = ""  # the address that was tried last, and its
        self.port = 0
        self.new_socket: NewSocket = socket.socket
        self._limits = limits
        self._say = say
        self._credit = CREDIT_BYTES
        self._now_ns = 0
        self._due_ns = 0  # how long the stage may take
        self._was_open = False

    @property
    def number(self) -> int:
        """The device's."""
        return self.wish.link

    @property
    def is_over(self) -> bool:
        """The device hears nothing more of it."""
        return self.stage in _IS_OVER

    @property
    def source(self) -> HasDescriptor | None:
        """Where that happens for which it waits."""
        return self.socket

    @property
    @abstractmethod
    def events(self) -> int:
        """What it waits for: `selectors.EVENT_READ`, `EVENT_WRITE`, both or 0."""

    def _connect(self, _addresses: Sequence[Address]) -> None:
        raise AssertionError("it has nobody to reach")

    @abstractmethod
    def _move(self, events: int) -> None: ...

    def _send(self, data: bytes) -> None:  # noqa: B027
        """What makes no sense over such a link reaches nobody."""

    def _leave(self) -> None:
        self.close()

    def resolve(self, now_ns: int) -> None:
        """Its name is looked up."""
        self._now_ns = now_ns
        self._enter(Stage.RESOLVING, self._limits.resolve_ns)

    def connect(self, now_ns: int, addresses: Sequence[Address], port: int) -> None:
        """Reach the first of `addresses` that answers."""
        self._now_ns = now_ns
        self.port = port
        self._connect(addresses)

    def move(self, now_ns: int, events: int) -> None:
        """Its socket is ready for `events`: move bytes, without waiting."""
        self._now_ns = now_ns
        self._move(events)

    def send(self, now_ns: int, data: bytes) -> None:
        """Bytes of the device. What crosses the news of the end reaches nobody."""
        self._now_ns = now_ns
        if self.stage in _IS_OPEN:
            self._send(data)

    def secure(self, now_ns: int, layer: Layer, due_ns: int) -> None:  # noqa: ARG002 - most have none
        """Begin TLS on it, which may take `due_ns`."""
        self._now_ns = now_ns

    def flush(self, now_ns: int) -> None:
        """Write what was sent since the last time."""
        self._now_ns = now_ns

    def credit(self, count: int) -> None:
        """The device takes so many bytes more."""
        self._credit += count

    def shut(self, now_ns: int, *, is_abort: bool) -> None:
        """The device wants no more of it."""
        self.flush(now_ns)
        if is_abort or self.stage not in _IS_OPEN:
            self.abort()
        else:
            self._leave()

    def expire(self, now_ns: int) -> None:
        """Its deadline has come, and nothing else."""
        if self.deadline_ns is None or now_ns < self.deadline_ns:
            return
        if self.stage in _TOO_LATE:
            why, what = _TOO_LATE[self.stage]
            self.fail(why, f"{what} in {format_ns(self._due_ns)}")
        else:
            self.abort()

    def give_up(self, now_ns: int, why: Why, detail: str, file: str = "") -> None:
        """The device cannot go on with it, and the other side hears of a farewell."""
        self._now_ns = now_ns
        if self.stage in _IS_OPEN:
            is_news = not self.is_over
            self._leave()
            if is_news:
                self._say_failed(why, detail, file)

    def fail(self, why: Why, detail: str, file: str = "") -> None:
        """It does not come about, or TLS does not on one that was open."""
        assert not self.is_over
        if self._was_open:
            self.abort()
        else:
            self.close()
        self._say_failed(why, detail, file)

    def _say_failed(self, why: Why, detail: str, file: str = "") -> None:
        kind = Closed if self._was_open else Failed
        self._say(kind(self.number, why, detail, file))

    def abort(self) -> None:
        """End it with a reset, if there is anything that can be reset."""
        if self.socket is not None and self.socket.type == socket.SOCK_STREAM:
            reset(self.socket)
        self.close()

    def close(self) -> None:
        """Let go of the socket, at once."""
        self._enter(Stage.GONE)
        self._close_socket()

    def _break(self, why: Why, detail: str) -> None:
        """It was open, and is no more."""
        is_news = not self.is_over
        self.abort()
        if is_news:
            self._say(Closed(self.number, why, detail))

    def _enter(self, stage: Stage, due_ns: int | None = None) -> None:
        self.stage = stage
        self._was_open |= stage is Stage.OPEN
        self.deadline_ns = None if due_ns is None else self._now_ns + due_ns
        self._due_ns = due_ns or 0

    def _close_socket(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def reset(connection: socket.socket) -> None:
    """End a connection without a farewell."""
    with contextlib.suppress(OSError):  # it is over already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


def family_of(address: Address) -> socket.AddressFamily:
    """IPv4's or IPv6's."""
    return socket.AF_INET if address.version == 4 else socket.AF_INET6
