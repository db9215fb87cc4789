"""UDP: a datagram of the device is one on the wire, and back. What finds no room is lost.

The socket is bound to the one address: datagrams of others do not arrive. That nobody listens there
(ICMP) is not told: a module does not tell it either (assumed). Empty datagrams are not told.
"""

import contextlib
import selectors
import socket
from collections.abc import Sequence

from quecsim.border import Data, Opened
from quecsim.live.network.addresses import Address
from quecsim.live.network.link import Link, Stage, family_of
from quecsim.live.network.trouble import why_not_open, words

DATAGRAMS_A_LOOK = 64  # from one socket


class UdpLink(Link):
    """See above."""

    _next_bytes = 1  # of the datagram that waits for credit

    @property
    def events(self) -> int:
        """Datagrams wait in the system until there is credit for the next one."""
        has_credit = self._credit >= self._next_bytes
        return selectors.EVENT_READ if self.stage is Stage.OPEN and has_credit else 0

    def _connect(self, addresses: Sequence[Address]) -> None:
        """Nothing goes over the wire for it."""
        address = addresses[0]
        self.reached = str(address)
        try:
            self.socket = self.new_socket(family_of(address), socket.SOCK_DGRAM)
            self.socket.setblocking(False)
            self.socket.connect((self.reached, self.port))
            local_port = self.socket.getsockname()[1]
        except OSError as error:
            self.fail(why_not_open(error.errno or 0), words(error.errno or 0))
            return
        self._enter(Stage.OPEN)
        self._say(Opened(self.number, self.reached, local_port))

    def _move(self, events: int) -> None:
        """Take what there is credit for; a datagram is never cut."""
        assert self.socket is not None
        assert events
        for _ in range(DATAGRAMS_A_LOOK):
            try:
                self._next_bytes = size_of_next(self.socket)
                if self._next_bytes > self._credit:
                    return
                data = self.socket.recv(max(self._next_bytes, 1))
            except BlockingIOError:
                self._next_bytes = 1
                return
            except OSError:  # what became of an earlier one of ours
                continue
            if data:
                self._credit -= len(data)
                self._say(Data(self.number, data))

    def _send(self, data: bytes) -> None:
        assert self.socket is not None
        for _ in range(2):  # the first may only say what became of an earlier one
            with contextlib.suppress(OSError):
                self.socket.send(data)
                return

    def _leave(self) -> None:
        self.close()


def size_of_next(reader: socket.socket) -> int:
    """How long the next datagram is, which stays there."""
    return reader.recv_into(bytearray(1), 1, socket.MSG_PEEK | socket.MSG_TRUNC)
