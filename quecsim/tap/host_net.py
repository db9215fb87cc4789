"""A host on a connection as the host's side of a tap: over RFC 2217, or as bytes over TCP.

What a pty lacks is here: the host's DTR, RTS, breaks and parity, and the module's lines for him.
One host at a time: a second one is told so, and hung up on.
"""

import contextlib
import select
import socket
import time
from collections.abc import Callable

from quecsim.live.ports.deed import ModemLines, Talk
from quecsim.live.ports.entrance import Entrance, Gate
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.socket_port import SocketPort
from quecsim.tap.host import Did, Presence
from quecsim.tap.module_port import NO_LINES

_ANSWER_S = 1.0  # for whoever has sent all, and still waits for what the module says to it
_LINES_S = 0.05  # to look at them is a question over USB, for many adapters


class HostNet:
    """A `TapHost`. It begins with `line`; `lines` are the module's, as far as somebody knows.

    Raises QuecsimError where nothing can listen at `gate`.
    """

    shows_frame = True

    def __init__(
        self,
        gate: Gate,
        line: HostLineSettings,
        lines: Callable[[], ModemLines],
        signature: str,
        tell: Callable[[str], None],
    ) -> None:
        self.entrance = Entrance(gate)
        self.path = self.entrance.url
        self._line = line
        self._lines_now = lines
        self._signature = signature
        self._tell = tell
        self._client: SocketPort | None = None
        self._talk: Talk | None = None
        self._is_told = False  # that he is there
        self._until_s: float | None = None
        self._lines = NO_LINES
        self._lines_s = 0.0
        self._epoll = select.epoll()
        self._epoll.register(self.entrance.socket, select.EPOLLIN)
        self._mask = 0
        self.descriptor = self._epoll.fileno()

    @property
    def is_open(self) -> bool:
        """See `TapHost`."""
        return self._is_told

    def wants(self, *, read: bool, write: bool) -> int:
        """See `TapHost`."""
        client = self._client
        if client is not None:
            mask = select.EPOLLIN if read and client.wants_read else 0
            mask |= select.EPOLLOUT if write or client.wants_write else 0
            if client.has_ended:  # a hang-up would wake us all the time
                mask |= select.EPOLLET
            if mask != self._mask:
                self._epoll.modify(client.socket, mask)
                self._mask = mask
        return select.EPOLLIN

    def take(self, most: int) -> list[Did]:
        """See `TapHost`."""
        self._answer_calls()
        client, talk = self._client, self._talk
        if client is None or talk is None:
            return []
        did: list[Did] = []
        if not self._is_told:
            self._is_told = True
            did.append(Presence(is_open=True))
        client.flush()
        data = client.read(most) if most and client.wants_read else b""
        for deed in talk.feed(data, self._module_lines()) if data else ():
            if did and isinstance(deed, HostLineSettings) and isinstance(did[-1], HostLineSettings):
                did.pop()  # a port is set up step by step
            did.append(deed)
        if said := talk.take_said(self._module_lines()):
            client.say(said)
        if self._has_left(client, is_fresh=bool(data)):
            self._see_off(client)
            did.append(Presence(is_open=False))
        return did

    def write(self, data: bytes | bytearray) -> int:
        """See `TapHost`."""
        return self._client.write(data) if self._client is not None else 0

    def close(self) -> None:
        """See `TapHost`."""
        if self._client is not None:
            self._client.flush()
            self._client.close()
        self.entrance.close()
        self._epoll.close()

    def _module_lines(self) -> ModemLines:
        now_s = time.monotonic()
        if now_s - self._lines_s >= _LINES_S:
            self._lines_s, self._lines = now_s, self._lines_now()
        return self._lines

    def _answer_calls(self) -> None:
        with contextlib.suppress(OSError):  # the system has no descriptors left
            call = self.entrance.accept()
            if call is not None and self._client is not None:
                self._send_away(*call)
            elif call is not None:
                self._let_in(*call)

    def _let_in(self, call: socket.socket, name: str) -> None:
        self._talk = self.entrance.kind.new_talk(self._line, self._signature)
        try:
            self._client = SocketPort(call, name, self._talk)
        except OSError:  # he has gone again
            call.close()
            return
        self._until_s = None
        self._mask = select.EPOLLIN
        self._epoll.register(self._client.socket, self._mask)
        self._tell(f"{name} is the host now")

    def _send_away(self, call: socket.socket, name: str) -> None:
        assert self._client is not None
        why = f"{self._client.name} has the line, and there is one host at a time"
        self._tell(f"{name} was sent away: {why}")
        call.setblocking(False)
        with contextlib.suppress(OSError):
            call.send(f"quecsim: {why}\r\n".encode())
            call.shutdown(socket.SHUT_WR)
        call.close()

    def _has_left(self, client: SocketPort, *, is_fresh: bool) -> bool:
        """He has gone; or he has sent all, and had his time for an answer."""
        if client.is_gone:
            return True
        if client.has_ended and (self._until_s is None or is_fresh):
            self._until_s = time.monotonic() + _ANSWER_S
        return self._until_s is not None and time.monotonic() >= self._until_s

    def _see_off(self, client: SocketPort) -> None:
        self._epoll.unregister(client.socket)
        self._mask = 0
        client.close()
        self._client = self._talk = None
        self._is_told = False
        self._tell(f"{client.name} has left")
