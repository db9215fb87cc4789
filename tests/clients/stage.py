"""A stream whose network is a list of what happens, and whoever reads and writes it in steps."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeAlias, TypeVar

from quecsim.at.effects import AwaitNews, Effect
from quecsim.at.network import Client, Trouble
from quecsim.border import Opened, Secured, TlsWish, Why
from quecsim.clients.stream import Stream
from tests.clients.no_network import NoNetwork

T = TypeVar("T")
Happening: TypeAlias = bytes | Why | Opened


class Stage(NoNetwork):
    """Each wait of the steps makes the next thing happen; where nothing is left, time passes.

    `sent` is what the device has sent; `most_unread` the most that has ever waited on the stream.
    """

    def __init__(self, *happenings: Happening, room: int = 1 << 16, opens: bool = True) -> None:
        self.now_ns = 0
        self.has_room = True
        self.stream = Stream("a stream", self)
        self.happenings: deque[Happening] = deque(happenings)
        if opens:
            self.happenings.appendleft(Opened(1))
        self.sent = b""
        self.credited = 0
        self.shuts: list[bool] = []
        self.opened_with: list[tuple[str, int, TlsWish | None, int]] = []
        self.most_unread = 0
        self._room = room

    def run(self, steps: Generator[Effect, Any, T]) -> T:
        """Do all of them."""
        try:
            while True:
                effect = steps.send(None)
                assert isinstance(effect, AwaitNews), effect
                self._wait(effect)
        except StopIteration as end:
            value: T = end.value
            return value

    def _wait(self, wanted: AwaitNews) -> None:
        if not self.happenings:
            assert wanted.timeout_ns is not None, "it would wait for ever"
            self.now_ns += wanted.timeout_ns
            return
        what = self.happenings.popleft()
        if isinstance(what, bytes):
            self.stream.received(1, what)
            self.most_unread = max(self.most_unread, self.stream.waiting)
        elif isinstance(what, Opened):
            self.stream.opened(1, what)
        elif self.stream.opened_as is None:
            self.stream.failed(1, Trouble(what))
        else:
            self.stream.closed(1, Trouble(what))

    # quecsim.at.network.Network

    def open(
        self,
        client: Client,
        host: str,
        port: int,
        protocol: str = "tcp",
        tls: TlsWish | None = None,
        context: int = 0,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        self.opened_with.append((host, port, tls, context))
        return 1

    def secure(self, link: int, tls: TlsWish, host: str, begun: Callable[[Secured], None]) -> None:
        begun(Secured(1))

    def send(self, link: int, data: bytes, to: tuple[str, int] | None = None) -> None:
        assert 0 < len(data) <= self._room
        self.sent += data

    def room(self, link: int) -> int:
        return self._room

    def wake(self, name: str) -> None:
        assert name == self.stream.name

    def credit(self, link: int, count: int) -> None:
        self.credited += count

    def shut(self, link: int, *, is_abort: bool = False) -> None:
        self.shuts.append(is_abort)

    def say(self, *given: Any, **more: Any) -> None:
        raise AssertionError

    asked = tell = carried = fetched = say


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    """`data`, cut behind so many bytes each time, round and round."""
    sizes = [max(1, cut) for cut in cuts] or [len(data) or 1]
    out, at, turn = [], 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        out.append(data[at : at + size])
        at, turn = at + size, turn + 1
    return out
