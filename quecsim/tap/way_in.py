"""What the host did, on its way to the module: in order, and never more of it than a little.

Bytes go on as the module's port takes them. New settings, and the host's leaving, wait until what
came before is on the line; but not for ever, where flow control holds it: settings then overtake
the bytes, and may let them go, and what a host has left behind is thrown away in the end, as a
driver does that closes its port.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.tap.host import Presence
from quecsim.tap.module_port import ModulePort
from quecsim.units import S, ms

MOST_BYTES = 4096
_LEAST_ROOM = 1024  # for less it is not worth while to look at the host
_LONGEST_DRAIN_NS = ms(50)  # beyond what the line needs for it
_DRAIN_LOOK_NS = ms(1)
_LONGEST_HELD_NS = ms(200)  # then settings overtake bytes that the port does not take
_LEFT_BEHIND_NS = 30 * S  # Linux's closing_wait

Barrier = HostLineSettings | Presence


@dataclass(frozen=True, slots=True)
class Passed:
    """Bytes that the module's port has taken; `at_ns` is when the host wrote them, or, where they
    had to wait, when they were taken.
    """

    at_ns: int
    data: bytes


@dataclass(slots=True)
class _Piece:
    at_ns: int
    data: bytes
    done: int = 0


class WayIn:
    """From the host to the module. `thrown_away` counts bytes of hosts that had gone, and that the
    port did not take.
    """

    def __init__(self, port: ModulePort) -> None:
        self.byte_ns = 0
        self.thrown_away = 0
        self._port = port
        self._waiting: deque[_Piece | Barrier] = deque()
        self._bytes = 0
        self._until_ns: int | None = None  # so long the first barrier waits
        self._looked_ns = 0
        self._held_ns: int | None = None  # since then the port has taken nothing
        self._left_ns: int | None = None  # since then a host has gone, and his bytes wait

    @property
    def room(self) -> int:
        """How many bytes the host may be asked for; 0 where that is too little."""
        left = MOST_BYTES - self._bytes
        return left if left >= _LEAST_ROOM else 0

    @property
    def waiting_bytes(self) -> int:
        """How many the port has not taken."""
        return self._bytes

    @property
    def is_empty(self) -> bool:
        """Nothing waits here."""
        return not self._waiting

    @property
    def wants_write(self) -> bool:
        """The next thing to do is to write."""
        return bool(self._waiting) and isinstance(self._waiting[0], _Piece)

    @property
    def due_ns(self) -> int | None:
        """When to look again whether the line is free for what waits for that."""
        if self._until_ns is None:
            return None
        return min(self._until_ns, self._looked_ns + _DRAIN_LOOK_NS)

    def put(self, at_ns: int, did: bytes | Barrier) -> None:
        """The next that the host did."""
        if isinstance(did, bytes):
            self._bytes += len(did)
            self._waiting.append(_Piece(at_ns, did))
            return
        self._waiting.append(did)
        if isinstance(did, Presence) and not did.is_open and self._left_ns is None:
            self._left_ns = at_ns

    def discard(self) -> int:
        """The host takes back what it wrote and is not on the line; returns how many bytes."""
        count = self._bytes + self._port.unsent_bytes()
        self._waiting = deque(each for each in self._waiting if not isinstance(each, _Piece))
        self._bytes = 0
        self._held_ns = None
        self._port.discard_unsent()
        return count

    def push(self, now_ns: int) -> Iterator[Passed | Barrier]:
        """Do what can be done now; each is given when it is done. Raises PortGoneError."""
        self._forget_left_behind(now_ns)
        while self._waiting:
            first = self._waiting[0]
            if isinstance(first, _Piece):
                count = self._port.write(first.data[first.done :] if first.done else first.data)
                if not count:
                    first.at_ns = -1
                    yield from self._overtaking(now_ns)
                    return
                self._held_ns = None
                yield self._passed(now_ns, first, count)
            elif self._may_pass(first, now_ns):
                self._until_ns = None
                self._waiting.popleft()
                yield first
            else:
                return

    def _may_pass(self, first: Barrier, now_ns: int) -> bool:
        if isinstance(first, Presence):
            if first.is_open:
                return True
            if self._is_drained(now_ns):
                self._left_ns = None
                return True
            return False
        return self._is_drained(now_ns)

    def _overtaking(self, now_ns: int) -> Iterator[HostLineSettings]:
        """Settings that the host has made while his bytes were held for long."""
        if self._held_ns is None:
            self._held_ns = now_ns
        if now_ns - self._held_ns < _LONGEST_HELD_NS:
            return
        for each in list(self._waiting):
            if isinstance(each, Presence):
                return  # what follows is another host's
            if isinstance(each, HostLineSettings):
                self._waiting.remove(each)
                yield each

    def _forget_left_behind(self, now_ns: int) -> None:
        """A host has gone long ago, and the port still does not take his bytes."""
        if self._left_ns is None or now_ns - self._left_ns < _LEFT_BEHIND_NS:
            return
        while isinstance(self._waiting[0], _Piece):
            piece = self._waiting.popleft()
            assert isinstance(piece, _Piece)
            self._bytes -= len(piece.data) - piece.done
            self.thrown_away += len(piece.data) - piece.done
        self.thrown_away += self._port.unsent_bytes()
        self._port.discard_unsent()
        self._left_ns = self._held_ns = None

    def _passed(self, now_ns: int, piece: _Piece, count: int) -> Passed:
        at_ns = piece.at_ns if piece.at_ns >= 0 else now_ns
        data = piece.data[piece.done : piece.done + count]
        piece.done += count
        self._bytes -= count
        if piece.done == len(piece.data):
            self._waiting.popleft()
        else:
            piece.at_ns = -1  # from now on it has waited
        return Passed(at_ns, data)

    def _is_drained(self, now_ns: int) -> bool:
        unsent = self._port.unsent_bytes()
        if not unsent:
            return True
        if self._until_ns is None:
            self._until_ns = now_ns + 2 * unsent * self.byte_ns + _LONGEST_DRAIN_NS
        self._looked_ns = now_ns
        return now_ns >= self._until_ns
