"""TCP, plain or under TLS: bytes in order both ways, never more than the device has credit for.

What a device has sent on a counted link is taken when the system has it: a server that does not
read holds the device back, by way of the system's own bounded buffer.
"""

import errno
import selectors
import socket
from collections import deque
from collections.abc import Sequence

from quecsim.border import Accept, Closed, Data, Open, Opened, Secured, Sent, Why
from quecsim.live.network.addresses import Address
from quecsim.live.network.layer import Layer
from quecsim.live.network.link import Limits, Link, Say, Stage, family_of
from quecsim.live.network.trouble import why_not_open, why_over, words
from quecsim.tls.trouble import TlsTrouble

_CHUNK_BYTES = 1 << 16  # moved at once
_KEPT_BYTES = 1 << 16  # by the system, of what a counted link sends: more would be taken too early


class TcpLink(Link):
    """See above. `layer` is what lies between."""

    def __init__(self, wish: Open | Accept, layer: Layer, limits: Limits, say: Say) -> None:
        super().__init__(wish, limits, say)
        self._layer = layer
        self._negotiate_ns: int | None = None
        if isinstance(wish, Open) and wish.tls is not None:
            self._negotiate_ns = wish.tls.negotiate_ns
        self._is_counted = wish.is_counted
        self._addresses: deque[Address] = deque()
        self._out = bytearray()
        self._written_bytes = 0  # of all that was in `_out`
        self._untaken: deque[tuple[int, int]] = (
            deque()
        )  # (what has to be written, then so many are)
        self._early = bytearray()  # sent in the middle of a handshake
        self._plain = bytearray()  # without credit: what a record of TLS had beyond it
        self._has_ended = False  # the other side has
        self._broken: tuple[Why, str] | None = None  # found out while writing: reading goes on

    def take_up(self, now_ns: int, connected: socket.socket) -> None:
        """It is a call of somebody's: the connection is there."""
        self._now_ns = now_ns
        self.socket = connected
        self._set_up()
        self._enter(Stage.OPEN)

    @property
    def events(self) -> int:
        """It reads while there is credit, and writes while there is something to write."""
        if self.stage is Stage.CONNECTING:
            return selectors.EVENT_WRITE
        if self.stage is Stage.RESOLVING:
            return 0
        reads = not self._has_ended and self._room_bytes > 0
        return reads * selectors.EVENT_READ | bool(self._out) * selectors.EVENT_WRITE

    def credit(self, count: int) -> None:
        """Also for what has been read already."""
        super().credit(count)
        self._deliver()

    def _connect(self, addresses: Sequence[Address]) -> None:
        """One after the other, all in the same time."""
        self._addresses = deque(addresses)
        self._enter(Stage.CONNECTING, self._limits.connect_ns)
        self._connect_next(errno.EHOSTUNREACH)

    def _move(self, events: int) -> None:
        """Bytes go both ways, as far as they go without waiting."""
        if self.stage is Stage.CONNECTING:
            assert self.socket is not None
            self._connected(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            return
        if events & selectors.EVENT_WRITE:
            self._flush()
        if events & selectors.EVENT_READ and self.events & selectors.EVENT_READ:
            self._read()

    # there

    def _connect_next(self, error: int) -> None:
        """`error` is what became of the one before."""
        while self._addresses:
            self._close_socket()
            address = self._addresses.popleft()
            self.reached = str(address)
            try:
                self.socket = self.new_socket(family_of(address), socket.SOCK_STREAM)
                self._set_up()
                error = self.socket.connect_ex((self.reached, self.port))
            except OSError as trouble:
                error = trouble.errno or 0
            if error == errno.EINPROGRESS:
                return
            if not error:
                self._connected(0)
                return
        self.fail(why_not_open(error), words(error))

    def _set_up(self) -> None:
        assert self.socket is not None
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._is_counted:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KEPT_BYTES)

    def _connected(self, error: int) -> None:
        """The socket has come to a decision."""
        assert self.socket is not None
        try:
            if not error and self.socket.getsockname() == self.socket.getpeername():
                error = errno.ECONNREFUSED  # nobody listens, and our own port was the one
        except OSError as trouble:  # it is over already
            error = trouble.errno or errno.ECONNRESET
        if error:
            self._connect_next(error)
            return
        self._negotiate(self._negotiate_ns)

    # TLS, from the beginning or from now on

    def secure(self, now_ns: int, layer: Layer, due_ns: int) -> None:
        """What waits to be written goes first, as it is; what was said and not taken yet, and all
        that comes now, is part of the handshake.
        """
        self._now_ns = now_ns
        if self.stage is not Stage.OPEN:
            return  # the end of it is known, or TLS begins already
        if self._layer.version:
            self.give_up(now_ns, Why.TLS_VERSION, "TLS has begun on it before")
            return
        self._layer = layer
        said = bytes(self._plain)
        self._plain.clear()
        self._negotiate(due_ns)
        if said and not self.is_over:
            self._understand(said)

    def _negotiate(self, due_ns: int | None) -> None:
        self._enter(Stage.NEGOTIATING, due_ns)
        try:
            self._layer.start()
        except TlsTrouble as trouble:
            self._tls_broken(trouble)
            return
        self._go_on()

    # back

    @property
    def _room_bytes(self) -> int:
        """How much may be read now."""
        if self.stage in (Stage.NEGOTIATING, Stage.LEAVING):
            return _CHUNK_BYTES
        if self.stage is not Stage.OPEN:
            return 0
        return min(_CHUNK_BYTES, self._credit - len(self._plain))

    def _read(self) -> None:
        assert self.socket is not None
        try:
            data = self.socket.recv(self._room_bytes)
        except BlockingIOError:
            return
        except OSError as error:
            self._lost(*(self._broken or _why_and_words(error)))
            return
        self._has_ended = not data
        if self.stage is Stage.LEAVING:  # what comes now reaches nobody
            if self._has_ended:
                self._end_if_all_is_said()
            return
        self._understand(data)

    def _understand(self, data: bytes) -> None:
        """What has come; nothing: that was the end."""
        try:
            if data:
                self._layer.receive(data)
            else:
                self._layer.end_of_input()
        except TlsTrouble as trouble:
            self._tls_broken(trouble)
            return
        self._go_on()

    def _lost(self, why: Why, detail: str) -> None:
        if self.stage is Stage.NEGOTIATING:
            self.fail(why, detail)
        else:
            self._break(why, detail)

    def _tls_broken(self, trouble: TlsTrouble) -> None:
        """The other side hears why, by the alert that waits in the layer."""
        if self.stage is Stage.NEGOTIATING:
            self._say_failed(trouble.why, trouble.detail, trouble.file)
            self._leave()
            return
        self._broken = (Why.RESET, trouble.detail)
        self._has_ended = True
        self._go_on()

    def _go_on(self) -> None:
        """Whatever follows from what the layer knows now."""
        layer = self._layer
        self._plain += layer.take_plain()
        if self.stage is Stage.NEGOTIATING and layer.is_established:
            self._open()
        self._out += layer.take_output()
        self._flush()
        if self.stage is Stage.NEGOTIATING and (self._has_ended or layer.is_closed):
            ended = (Why.FIN, "the server has ended it during the handshake")
            self.fail(*(self._broken or ended))
        self._deliver()

    def _open(self) -> None:
        assert self.socket is not None
        layer, was_open = self._layer, self._was_open
        tls = (layer.version, layer.suite, layer.sent_bytes, layer.received_bytes)
        self._enter(Stage.OPEN)
        if was_open:
            self._say(Secured(self.number, *tls))
        else:
            self._say(Opened(self.number, self.reached, self.socket.getsockname()[1], *tls))
        if self._early:
            early = bytes(self._early)
            self._early.clear()
            self._send(early)

    def _deliver(self) -> None:
        """Plaintext goes to the device, and word of the end behind it."""
        if self.stage is not Stage.OPEN:
            return
        data = bytes(self._plain[: self._credit])
        if data:
            del self._plain[: len(data)]
            self._credit -= len(data)
            self._say(Data(self.number, data))
        if self._plain or not (self._has_ended or self._layer.is_closed):
            return
        if self._broken is not None:
            self._say(Closed(self.number, *self._broken))
            self._leave()
            return
        self._enter(Stage.ENDED)
        self._say(Closed(self.number, Why.FIN))

    # forth

    def send(self, now_ns: int, data: bytes) -> None:
        """In the middle of a handshake it waits for the end of that."""
        if self.stage is Stage.NEGOTIATING and self._was_open:
            self._early += data
            self._bound(len(self._early))
            return
        super().send(now_ns, data)

    def _send(self, data: bytes) -> None:
        if self._broken is not None:
            return
        self._layer.send(data)
        self._out += self._layer.take_output()
        if self._is_counted:
            self._untaken.append((self._written_bytes + len(self._out), len(data)))
        if len(self._out) >= _CHUNK_BYTES:
            self._flush()
            self._bound(len(self._out))

    def flush(self, now_ns: int) -> None:
        """What the device sends piece by piece is written at once: so the system is called less."""
        super().flush(now_ns)
        self._flush()

    def _bound(self, waiting: int) -> None:
        if waiting > self._limits.output_bytes:
            self._break(Why.RESET, f"the server does not take the {waiting} bytes that wait for it")

    def _flush(self) -> None:
        """Write what can be written now."""
        if self._write():
            self._end_if_all_is_said()
        if self._untaken and self._untaken[0][0] <= self._written_bytes:
            self._say_taken()

    def _write(self) -> bool:
        """Whether all is written."""
        while self._out and self.socket is not None:
            try:
                sent = self.socket.send(self._out[:_CHUNK_BYTES])
            except BlockingIOError:
                return False
            except OSError as error:
                # What the other side has said before may still be there to be read.
                self._broken = _why_and_words(error)
                self._out.clear()
            else:
                del self._out[:sent]
                self._written_bytes += sent
        return True

    def _say_taken(self) -> None:
        count = 0
        while self._untaken and self._untaken[0][0] <= self._written_bytes:
            count += self._untaken.popleft()[1]
        if self.stage is Stage.OPEN:
            self._say(Sent(self.number, count))

    def _leave(self) -> None:
        """Once all is written the other side is told, and has some time to do the same: a socket
        that is closed with bytes unread resets, and takes along what is on its way.
        """
        self._plain.clear()
        self._layer.close()
        self._out += self._layer.take_output()
        self._enter(Stage.LEAVING, self._limits.leave_ns)
        self._flush()

    def _end_if_all_is_said(self) -> None:
        if self.stage is not Stage.LEAVING or self._out or self.socket is None:
            return
        if self._has_ended or self._broken is not None:
            self.close()
            return
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:  # it is over anyhow
            self.close()


def _why_and_words(error: OSError) -> tuple[Why, str]:
    number = error.errno or 0
    return why_over(number), words(number)
