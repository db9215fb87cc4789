"""Where a device can be reached by datagrams, and from where it sends them to whomever it likes.

    the device <-> a socket at its door <-> those who wrote to it, and what is on the same machine
               <-> one socket for each of the others to whom the device has written first

What is at loopback cannot write to other machines; a socket that is connected hears nobody but the
one. Datagrams wait in the system until there is credit for the next; what finds no room is lost.
"""

import contextlib
import selectors
import socket
from typing import TypeAlias

from quecsim.border import Data, Listen, Listening
from quecsim.live.network.addresses import Address, read_address
from quecsim.live.network.link import HasDescriptor, Limits, Link, Say, Stage, family_of
from quecsim.live.network.udp_link import DATAGRAMS_A_LOOK, size_of_next

Place: TypeAlias = tuple[str, int]

_MOST_KNOWN = 256  # places from which, or to which, datagrams went; the oldest is forgotten
_MOST_OTHERS = 16  # sockets besides the one at the door; the oldest is closed


class UdpService(Link):
    """See above. `at` is the socket at the door; None: nobody can write to it there."""

    def __init__(self, wish: Listen, limits: Limits, say: Say, at: socket.socket | None) -> None:
        super().__init__(wish, limits, say)
        self._selector = selectors.DefaultSelector()
        self._others: dict[tuple[Address, int], socket.socket] = {}
        self._known: dict[Place, Place] = {}  # by where they are, as the device sees them
        self._next_bytes = 1  # of a datagram that waits for credit
        self.socket = at
        self._enter(Stage.OPEN)
        if at is not None:
            self._selector.register(at, selectors.EVENT_READ)
            self.reached, self.port = at.getsockname()[:2]
        self._say(Listening(self.number, wish.port))

    @property
    def source(self) -> HasDescriptor | None:
        """All sockets at once."""
        return None if self.stage is Stage.GONE else self._selector

    @property
    def events(self) -> int:
        """Datagrams wait until there is credit for the next one."""
        has_credit = self._credit >= self._next_bytes
        return selectors.EVENT_READ if self.stage is Stage.OPEN and has_credit else 0

    def knows(self, place: Place) -> bool:
        """Somebody there has written to it, as the device sees that."""
        return place in self._known.values()

    def reply(self, to: Place, data: bytes) -> None:
        """Write to somebody who has written to it."""
        where = next((where for where, seen in self._known.items() if seen == to), to)
        address = read_address(where[0])
        if address is not None:
            self.write((address, where[1]), to, data)

    def write(self, where: tuple[Address, int], seen: Place, data: bytes) -> None:
        """Write to an address and port, which the device sees as `seen`."""
        place = (str(where[0]), where[1])
        self._remember(place, seen)
        with contextlib.suppress(OSError):  # it gets lost, as datagrams do
            if where not in self._others and self.socket is not None and self._is_near(where[0]):
                self.socket.sendto(data, place)
            else:
                self._other(where).send(data)

    def close(self) -> None:
        """Let go of all sockets."""
        super().close()
        for other in self._others.values():
            other.close()
        self._others.clear()
        self._selector.close()

    def _is_near(self, address: Address) -> bool:
        """The socket at the door can write there."""
        here = read_address(self.reached)
        is_alike = here is not None and here.version == address.version
        return is_alike and here is not None and (address.is_loopback or not here.is_loopback)

    def _other(self, where: tuple[Address, int]) -> socket.socket:
        """The socket for somebody else. Raises OSError where there is no way there."""
        other = self._others.get(where)
        if other is not None:
            return other
        if len(self._others) >= _MOST_OTHERS:
            oldest = self._others.pop(next(iter(self._others)))
            self._selector.unregister(oldest)
            oldest.close()
        other = self.new_socket(family_of(where[0]), socket.SOCK_DGRAM)
        try:
            other.setblocking(False)
            other.connect((str(where[0]), where[1]))
        except OSError:
            other.close()
            raise
        self._others[where] = other
        self._selector.register(other, selectors.EVENT_READ)
        return other

    def _remember(self, place: Place, seen: Place) -> None:
        self._known.pop(place, None)
        self._known[place] = seen
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def _move(self, events: int) -> None:  # noqa: ARG002 - it is never waited for to write
        self._next_bytes = 1
        for key, _ in self._selector.select(0):
            assert isinstance(key.fileobj, socket.socket)
            self._read(key.fileobj)

    def _read(self, reader: socket.socket) -> None:
        for _ in range(DATAGRAMS_A_LOOK):
            try:
                size = size_of_next(reader)
                if size > self._credit:
                    self._next_bytes = max(self._next_bytes, size)
                    return
                data, (address, port, *_rest) = reader.recvfrom(max(size, 1))
            except BlockingIOError:
                return
            except OSError:  # what became of an earlier one of ours
                continue
            if data:
                place = (address, port)
                seen = self._known.get(place, place)
                self._remember(place, seen)
                self._credit -= len(data)
                self._say(Data(self.number, data, seen))
