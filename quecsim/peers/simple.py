"""A server without a protocol: it sends back what it gets, or does what it is told to, also what
no right server would.
"""

from collections import deque
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from quecsim.border import Why
from quecsim.peers.service import Output
from quecsim.rng import Stream
from quecsim.units import ms


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the server does next on a connection.

    It waits until `after_bytes` more have come from the client, and from then on for `after_ms`.
    Then it sends `text` or the bytes of `base64`, behind them `garbage_bytes` that the seed draws,
    and `ends` the connection, in good order or with a reset, once all of that is out.
    """

    after_bytes: Annotated[int, Meta(ge=0, le=1 << 30)] = 0
    after_ms: Annotated[int, Meta(ge=0, le=86_400_000)] = 0
    text: str = ""
    base64: bytes = b""
    garbage_bytes: Annotated[int, Meta(ge=0, le=1 << 16)] = 0
    ends: Literal["fin", "reset"] | None = None

    def __post_init__(self) -> None:
        if self.text and self.base64:
            raise ValueError("a step has text or base64, not both")

    def data(self, garbage: Stream) -> bytes:
        """All that it sends."""
        drawn = bytes(garbage.below(256) for _ in range(self.garbage_bytes))
        return (self.base64 or self.text.encode("utf-8", "surrogateescape")) + drawn


class SimpleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server. What is left out makes one that takes everything and says nothing.

    It takes `takes_bytes_per_s` of each connection, if that is set (0: nothing); the rest waits,
    and holds up whoever sends it (`quecsim.peers.slow.Slow`). Of datagrams it takes all.

    With `echo`, what comes goes back; where more than `unsent_bytes` of it are not taken, it ends
    the connection with a reset (datagrams beyond that are lost). Otherwise `steps` are done one
    after the other, on each connection from the first. Garbage is drawn from `seed`, another for
    each connection. A connection beyond `connections` is reset at once.
    """

    echo: bool = False
    steps: Annotated[tuple[Step, ...], Meta(max_length=100)] = ()
    seed: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)] = 0
    connections: Annotated[int, Meta(ge=1, le=10_000)] = 64
    unsent_bytes: Annotated[int, Meta(ge=1, le=1 << 24)] = 1 << 18
    takes_bytes_per_s: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None

    def __post_init__(self) -> None:
        if self.echo and self.steps:
            raise ValueError("a server has echo or steps, not both")


class _Unsent:
    """Bytes that wait to go out; or datagrams, which stay what they are."""

    def __init__(self, *, is_datagrams: bool) -> None:
        self._is_datagrams = is_datagrams
        self._pieces: deque[bytes] = deque()
        self.count_bytes = 0

    def add(self, data: bytes) -> None:
        """More of it, behind the rest; no bytes are no datagram."""
        if data:
            self._pieces.append(data)
            self.count_bytes += len(data)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._pieces.clear()
        self.count_bytes = 0

    def take(self, room: int | None) -> list[bytes]:
        """What there is `room` for; None: all of it. Of datagrams each by itself."""
        taken: list[bytes] = []
        while self._pieces:
            piece = self._pieces[0]
            if room is not None and len(piece) > room:
                if not self._is_datagrams and room:
                    self._pieces[0] = piece[room:]
                    taken.append(piece[:room])
                break
            taken.append(self._pieces.popleft())
            room = None if room is None else room - len(piece)
        self.count_bytes -= sum(map(len, taken))
        return taken if self._is_datagrams else [b"".join(taken)] if taken else []


class _Connection:
    """What waits to go out, how it ends, and where in its steps it is."""

    def __init__(self, garbage: Stream, unsent: _Unsent) -> None:
        self.unsent = unsent
        self.ends: Why | None = None
        self.garbage = garbage
        self.steps_done = 0
        self.unclaimed_bytes = 0  # they have come, and no step has waited for them yet
        self.due_ns: int | None = None


class SimpleServer:
    """A `quecsim.peers.service.Service` that does as its settings say.

    With `is_datagrams` what comes as one goes back as one, and a step says one.
    """

    def __init__(
        self, settings: SimpleSettings | None = None, *, is_datagrams: bool = False
    ) -> None:
        self._settings = settings or SimpleSettings()
        self._is_datagrams = is_datagrams
        self.kind = "echo" if self._settings.echo else "udp" if is_datagrams else "tcp"
        self._connections: dict[int, _Connection] = {}
        self._now_ns = 0

    def connect(self, now_ns: int, connection: int) -> None:
        """Somebody has opened `connection`: its first step begins."""
        assert connection not in self._connections, connection
        self._catch_up(now_ns)
        settings = self._settings
        garbage = Stream(settings.seed, f"garbage for connection {connection}")
        opened = _Connection(garbage, _Unsent(is_datagrams=self._is_datagrams))
        if len(self._connections) >= settings.connections:
            opened.ends = Why.RESET
        self._connections[connection] = opened
        self._go_on(now_ns, opened)

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes have come; after the server has ended the connection they change nothing."""
        self._catch_up(now_ns)
        heard = self._connections.get(connection)
        if heard is None or heard.ends:
            return
        if self._settings.echo:
            self._send_back(heard, data)
        else:
            heard.unclaimed_bytes += len(data)
            self._go_on(now_ns, heard)

    def gone(self, now_ns: int, connection: int) -> None:
        """The client has closed it or broken it off."""
        self._catch_up(now_ns)
        self._connections.pop(connection, None)

    def deadline_ns(self) -> int | None:
        """When the next step is due; None: none is."""
        times = (each.due_ns for each in self._connections.values())
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def advance(self, now_ns: int) -> None:
        """The steps that are due up to now are done, each at its own time."""
        self._let_happen(now_ns)
        self._now_ns = now_ns

    def take_output(self, room: Mapping[int, int] | None = None) -> list[Output]:
        """What goes to each connection, as in `Service`; without `room`, all that there is."""
        output: list[Output] = []
        for number, connection in list(self._connections.items()):
            most = None if room is None else room.get(number, 0)
            output += ((number, data) for data in connection.unsent.take(most))
            if connection.ends and not connection.unsent.count_bytes:
                del self._connections[number]
                output.append((number, connection.ends))
        return output

    def _send_back(self, connection: _Connection, data: bytes) -> None:
        is_full = connection.unsent.count_bytes + len(data) > self._settings.unsent_bytes
        if not is_full:
            connection.unsent.add(data)
        elif not self._is_datagrams:
            connection.unsent.clear()
            connection.ends = Why.RESET

    def _catch_up(self, now_ns: int) -> None:
        """The steps that are due before now are done, each at its own time."""
        self._let_happen(now_ns - 1)
        assert now_ns >= self._now_ns, (now_ns, self._now_ns)
        self._now_ns = now_ns

    def _let_happen(self, until_ns: int) -> None:
        while (due_ns := self.deadline_ns()) is not None and due_ns <= until_ns:
            self._now_ns = due_ns
            for connection in self._connections.values():
                if connection.due_ns == due_ns:
                    self._perform(connection)
                    self._go_on(due_ns, connection)

    def _go_on(self, now_ns: int, connection: _Connection) -> None:
        """Do the steps whose bytes have come and whose time is now; wait for the next one's."""
        steps = self._settings.steps
        while connection.due_ns is None and not connection.ends:
            if connection.steps_done >= len(steps):
                return
            step = steps[connection.steps_done]
            if connection.unclaimed_bytes < step.after_bytes:
                return
            connection.unclaimed_bytes -= step.after_bytes
            connection.due_ns = now_ns + ms(step.after_ms)
            if not step.after_ms:
                self._perform(connection)

    def _perform(self, connection: _Connection) -> None:
        step = self._settings.steps[connection.steps_done]
        connection.steps_done += 1
        connection.due_ns = None
        connection.unsent.add(step.data(connection.garbage))
        connection.ends = Why(step.ends) if step.ends else None
