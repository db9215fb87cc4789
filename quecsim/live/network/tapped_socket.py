"""A socket of the system whose bytes a capture sees, as they are on the wire (`--pcapng`).

No privileges are needed, and nothing of others is seen: the packets of the system stay unseen, and
are made up around what the socket's calls say. Bytes that only wait to be written are not told.
"""

import errno
import socket
from functools import partial
from typing import Any

from quecsim.border import Listen, Open, Wish
from quecsim.live.network.capture import Capture
from quecsim.live.network.link import NewSocket
from quecsim.live.network.trouble import words
from quecsim.packets.flow import Flow, Way
from quecsim.packets.ip import Place, datagram
from quecsim.packets.pcapng import Packet

_SEGMENT_BYTES = 65_000  # as captures have them where the network's hardware cuts what is sent
_REFUSED = (errno.ECONNREFUSED,)
_BROKEN = (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED)


def tapped_for(capture: Capture, wish: Wish) -> NewSocket:
    """What makes the sockets of a link. At the ports that the device means its packets are shown,
    wherever in reality they go: so they are taken for what they are.
    """
    peer_port = wish.port if isinstance(wish, Open) else 0
    own_port = wish.port if isinstance(wish, Listen) else 0
    return partial(TappedSocket, capture, peer_port, own_port)


class TappedSocket(socket.socket):
    """`peer_port` and `own_port` stand in its packets; 0: those that there are. `which` and `how`
    are the arguments of `socket.socket`.
    """

    def __init__(
        self, capture: Capture, peer_port: int, own_port: int, *which: Any, **how: Any
    ) -> None:
        super().__init__(*which, **how)
        self._capture = capture
        self._peer_port, self._own_port = peer_port, own_port
        self._flow: Flow | None = None
        self._is_called = False  # and the answer is not there yet
        self._resets = False

    # connections

    def connect_ex(self, address: Any, /) -> int:
        """SYN, and what is known at once of its fate."""
        error = super().connect_ex(address)
        if self.type == socket.SOCK_STREAM:
            self._call(address, error)
        return error

    def getsockopt(self, *which: Any) -> Any:
        """Whoever asks for the error hears what became of a connection."""
        value = super().getsockopt(*which)
        if which == (socket.SOL_SOCKET, socket.SO_ERROR) and self._is_called:
            self._decide(value)
        return value

    def accept(self) -> tuple["TappedSocket", Any]:
        """Somebody has called."""
        call, address = super().accept()
        made = TappedSocket(self._capture, 0, self._own_port, fileno=call.detach())
        made._flow = made._new_flow(address)
        now_ns = self._capture.now_ns
        made._flow.call(now_ns, Way.DOWN)
        made._flow.take_up(now_ns, Way.UP)
        return made, address

    def shutdown(self, how: int, /) -> None:
        """FIN."""
        super().shutdown(how)
        if self._flow is not None:
            self._flow.end(self._capture.now_ns, Way.UP)

    def setsockopt(self, *which: Any) -> None:
        """With a linger of no time the end is a reset."""
        super().setsockopt(*which)
        self._resets |= which[:2] == (socket.SOL_SOCKET, socket.SO_LINGER)

    def close(self) -> None:
        """FIN, unless that was said; or RST."""
        flow, self._flow = self._flow, None
        if flow is not None and not self._is_called:
            act = flow.reset if self._resets else flow.end
            act(self._capture.now_ns, Way.UP)
        super().close()

    # bytes

    def send(self, data: Any, *flags: Any) -> int:
        """What the system has taken."""
        try:
            count = super().send(data, *flags)
        except OSError as error:
            self._break(error)
            raise
        self._carry(Way.UP, bytes(data[:count]), None)
        return count

    def recv(self, *how: Any) -> bytes:
        """What has come, or the end."""
        try:
            data = super().recv(*how)
        except OSError as error:
            self._break(error)
            raise
        if data or self.type == socket.SOCK_DGRAM:
            self._carry(Way.DOWN, data, None)
        elif self._flow is not None:
            self._flow.end(self._capture.now_ns, Way.DOWN)
        return data

    def sendto(self, data: Any, *where: Any) -> int:
        """A datagram to somebody."""
        count = super().sendto(data, *where)
        self._carry(Way.UP, bytes(data[:count]), where[-1])
        return count

    def recvfrom(self, *how: Any) -> tuple[bytes, Any]:
        """A datagram from somebody."""
        data, address = super().recvfrom(*how)
        self._carry(Way.DOWN, data, address)
        return data, address

    # what is told of them

    def _call(self, address: Any, error: int) -> None:
        if error and error not in (errno.EINPROGRESS, *_REFUSED):
            self._capture.note(f"no connection to {address[0]}:{address[1]}: {words(error)}")
            return
        self._flow = self._new_flow(address)
        there = _place(address)
        where = "" if there == self._flow.peer else f"in reality {there.address}, port {there.port}"
        self._flow.call(self._capture.now_ns, Way.UP, where)
        self._is_called = True
        if error != errno.EINPROGRESS:
            self._decide(error)

    def _decide(self, error: int) -> None:
        flow, self._is_called = self._flow, False
        if flow is None:
            return
        if not error:
            flow.take_up(self._capture.now_ns, Way.DOWN)
            return
        if error in _REFUSED + _BROKEN:
            flow.reset(self._capture.now_ns, Way.DOWN, words(error))
        else:
            self._capture.note(f"no connection to {flow.peer.address}:{flow.peer.port}: "
                               f"{words(error)}")  # fmt: skip
        self._flow = None

    def _break(self, error: OSError) -> None:
        if self._flow is not None and error.errno in _BROKEN:
            self._flow.reset(self._capture.now_ns, Way.DOWN, words(error.errno or 0))

    def _carry(self, way: Way, data: bytes, other: Any) -> None:
        now_ns = self._capture.now_ns
        if self._flow is not None:
            if not self._flow.is_over:
                self._flow.send(now_ns, way, data)
        elif self.type == socket.SOCK_DGRAM:
            ends = self._ends(other or self.getpeername())
            source, target = ends if way is Way.UP else ends[::-1]
            self._capture.emit(Packet(now_ns, datagram(source, target, data)))

    def _new_flow(self, peer: Any) -> Flow:
        here, there = self._ends(peer)
        number, emit = next(self._capture.numbers), self._capture.emit
        return Flow(here, there, number, emit, segment_bytes=_SEGMENT_BYTES)

    def _ends(self, peer: Any) -> tuple[Place, Place]:
        """This one and the other, as they are shown."""
        here, there = _place(self.getsockname()), _place(peer)
        return (
            Place(here.address, self._own_port or here.port),
            Place(there.address, self._peer_port or there.port),
        )


def _place(address: Any) -> Place:
    """Of the system's form: IPv6 has more than two parts, and IPv4 in it is IPv4."""
    host: str = address[0]
    return Place(host.removeprefix("::ffff:") if "." in host else host, address[1])
