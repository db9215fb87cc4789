"""One connection that carries a serial port: what came, what is on its way, and its end."""

import select
import socket
import sys

from quecsim.live.ports.deed import Envelope

_PIECE_BYTES = 4096
_MOST_SAID_BYTES = 64 << 10  # a host that does not read its answers may ask no more
_SEND_BUFFER_BYTES = 16 << 10  # what a host does not read shows soon, as on a pty
_HUNG_UP = select.POLLHUP | select.POLLERR | (select.POLLRDHUP if sys.platform == "linux" else 0)
if sys.platform == "linux":  # a machine that has gone without a word is missed within a minute
    _KEEPALIVE = ((socket.TCP_KEEPIDLE, 30), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 3))


class SocketPort:
    """A `quecsim.live.ports.port.Port`. `name` is the other side's address and port.

    `has_ended`: the other side sends no more; `is_gone`: it does not read any more, either.
    """

    def __init__(self, connection: socket.socket, name: str, talk: Envelope) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if sys.platform == "linux":  # elsewhere the system asks after hours
            for option, value in _KEEPALIVE:
                connection.setsockopt(socket.IPPROTO_TCP, option, value)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        self.socket = connection
        self.name = name
        self.has_ended = False
        self.is_gone = False
        self._talk = talk
        self._unsent = bytearray()

    @property
    def wants_write(self) -> bool:
        """The connection has not taken everything yet."""
        return bool(self._unsent)

    @property
    def wants_read(self) -> bool:
        """The other side may say more."""
        return not self.has_ended and len(self._unsent) < _MOST_SAID_BYTES

    @property
    def has_hung_up(self) -> bool:
        """It sends no more than what waits here already."""
        poll = select.poll()
        poll.register(self.socket, _HUNG_UP)
        return any(events & _HUNG_UP for _, events in poll.poll(0))

    def read(self, most: int) -> bytes:
        """What has come, up to that; empty where there is nothing, or `has_ended`."""
        try:
            data = self.socket.recv(most)
        except BlockingIOError:
            return b""
        except OSError:
            self.has_ended = self.is_gone = True
            return b""
        self.has_ended = not data
        return data

    def write(self, data: bytes | bytearray) -> int:
        """See `Port`. As much as can be sent at once, but for a piece."""
        sent = 0
        if not self._talk.takes_output:
            return 0
        while sent < len(data) and not self._unsent:
            piece = bytes(data[sent : sent + _PIECE_BYTES])
            self.say(self._talk.wrapped(piece))
            sent += len(piece)
        return sent

    def say(self, data: bytes) -> None:
        """Send bytes as they are, after all that was sent before; nothing flushes them."""
        self._unsent += data
        self.flush()

    def flush(self) -> None:
        """Send what the connection takes now."""
        try:
            if self._unsent:
                del self._unsent[: self.socket.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._unsent.clear()
            self.has_ended = self.is_gone = True

    def unread_bytes(self) -> int:
        """See `Port`: of those that are on the other machine nothing is known."""
        return len(self._unsent)

    def close(self) -> None:
        """The end; what the connection has not taken is gone."""
        self.socket.close()
