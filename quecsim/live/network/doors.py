"""Where in reality a device that listens can be called.

    --listen PORT=ADDRESS:PORT      the device's port is there, and nowhere else
    --listen PORT=ADDRESS           at some port of that address
    --listen PORT                   at some port of loopback

A real address that is not loopback has to be allowed, too. Nobody listens at all addresses of a
machine: each is named.
"""

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address

from quecsim.errors import QuecsimError
from quecsim.live.network.addresses import Address
from quecsim.live.network.link import NewSocket, family_of
from quecsim.live.network.routes import Permissions, literal, place, read_port, split_place
from quecsim.live.network.trouble import words

_OPTION = "--listen"
_HINT = "write PORT=ADDRESS:PORT, for instance 8080=127.0.0.1:18080"
_LOOPBACK = IPv4Address("127.0.0.1")
_BACKLOG = 16  # calls that the system keeps, of those that the device does not look at yet
_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


@dataclass(frozen=True)
class Door:
    """The device's `port` is at `to_port` (0: one that is free) of `address`."""

    port: int
    address: Address = _LOOPBACK
    to_port: int = 0

    def __str__(self) -> str:
        return f"{self.port}={place(str(self.address), self.to_port)}"


def parse_door(text: str) -> Door:
    """`PORT[=ADDRESS[:PORT]]`. Raises QuecsimError that says what is wrong with it."""
    here, equals, there = text.partition("=")
    port = read_port(here, _OPTION)
    if not equals:
        return Door(port)
    address, to_port = split_place(there, _OPTION, _HINT)
    return Door(port, literal(address, _OPTION, _HINT), to_port or 0)


class Doors:
    """Those of one device. `is_open`: what was not `given` is at loopback, at some port.

    Raises QuecsimError where they do not fit together, or one is not allowed, or taken.
    """

    def __init__(
        self, given: Iterable[Door], permissions: Permissions, *, is_open: bool = False
    ) -> None:
        self._is_open = is_open
        self._given: dict[int, Door] = {}
        self._last: dict[tuple[int, str], int] = {}  # where it was before
        for door in given:
            self._add(door, permissions)

    def __bool__(self) -> bool:
        return bool(self._given)

    def open(
        self, port: int, protocol: str, new_socket: NewSocket = socket.socket
    ) -> socket.socket | None:
        """A socket for the device's `port`: where it was before, if that is free again. None:
        nobody can call it there. Raises OSError where the system gives none.
        """
        door = self._given.get(port) or (Door(port) if self._is_open else None)
        if door is None:
            return None
        key = (port, protocol)
        ports = [door.to_port] if door.to_port else [self._last.get(key, 0), 0]
        made = _bound(_KINDS[protocol], door.address, ports, new_socket)
        self._last[key] = made.getsockname()[1]
        return made

    def _add(self, door: Door, permissions: Permissions) -> None:
        other = self._given.setdefault(door.port, door)
        if other != door:
            hint = f"leave out {other} or {door}"
            raise QuecsimError(f"port {door.port} is given two places", where=_OPTION, hint=hint)
        where = str(door.address)
        if not (door.address.is_loopback or permissions.is_allowed(where, door.to_port)):
            raise QuecsimError(
                f"{door} lets others than this machine call the device",
                where=_OPTION,
                hint=f"add --allow-network {where}, if that is meant",
            )
        for kind in _KINDS.values():
            try:
                _bound(kind, door.address, [door.to_port]).close()
            except OSError as error:
                at = place(where, door.to_port)
                raise QuecsimError(
                    f"nothing can listen at {at}: {words(error.errno or 0)}",
                    where=_OPTION,
                    hint="choose another port, or an address of this machine",
                ) from None


def _bound(
    kind: socket.SocketKind,
    address: Address,
    ports: Iterable[int],
    new_socket: NewSocket = socket.socket,
) -> socket.socket:
    """At the first of `ports` that is free (0: any is), and listening. Raises OSError."""
    trouble = OSError(errno.EADDRINUSE, words(errno.EADDRINUSE))
    for port in ports:
        made = new_socket(family_of(address), kind)
        try:
            made.setblocking(False)
            if kind is socket.SOCK_STREAM:  # also while what was there before says farewell
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((str(address), port))
            if kind is socket.SOCK_STREAM:
                made.listen(_BACKLOG)
        except OSError as error:
            made.close()
            trouble = error
        else:
            return made
    raise trouble
