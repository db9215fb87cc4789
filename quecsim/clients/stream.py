"""A connection for jobs that wait: what a client of HTTP or FTP reads and writes, step by step.

A job has one wait at a time; here it waits for news of its own name (`AwaitNews`), and the link
wakes it whenever something has changed. What has come and is not read counts against the credit, so
nothing here grows beyond that.
"""

from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar

from quecsim.at.effects import AwaitNews, Effect
from quecsim.at.network import Network, Trouble
from quecsim.border import Opened, Secured, TlsWish, Why

T = TypeVar("T")
Steps: TypeAlias = Generator[Effect, Any, T]

TOO_LATE = Trouble(Why.TIMEOUT, "no answer in time")
GIVEN_UP = Trouble(Why.RESET, "the device has given it up")
NO_ROOM = Trouble(Why.UNREACHABLE, "the device has too many connections")


def wait(
    network: Network, name: str, is_so: Callable[[], bool], doing: str, timeout_ns: int | None
) -> Steps[None]:
    """Wait until something is so, of which news of that name tell, for `timeout_ns` at most."""
    until_ns = None if timeout_ns is None else network.now_ns + timeout_ns
    while not is_so():
        left_ns = None if until_ns is None else until_ns - network.now_ns
        if left_ns is not None and left_ns <= 0:
            return
        yield AwaitNews(name, doing, left_ns)


class Stream:
    """One TCP connection of `name`, at a time, which may be opened again when it is over.

    `trouble` says why it is over, or did not come about; None while all is well. `opened` is what
    is known of it while it is open. Only one job uses it at a time; `on_change` is called whenever
    something has come, or ended it, also where none does.
    """

    def __init__(
        self, name: str, network: Network, on_change: Callable[[], None] | None = None
    ) -> None:
        self.name = name
        self.link = 0
        self.opened_as: Opened | None = None
        self.trouble: Trouble | None = GIVEN_UP
        self._network = network
        self._on_change = on_change
        self._waiting = bytearray()  # received, and not read
        self._is_secure = False

    # what jobs do

    def open(
        self,
        host: str,
        port: int,
        *,
        tls: TlsWish | None = None,
        context: int = 0,
        timeout_ns: int | None = None,
    ) -> Steps[Trouble | None]:
        """Connect, which may take `timeout_ns`; None where that was well, otherwise why not."""
        assert self.trouble is not None, "it is open"
        self._waiting.clear()
        self.opened_as, self.trouble = None, None
        if not self._network.has_room:
            self.trouble = NO_ROOM
            return NO_ROOM
        self.link = self._network.open(self, host, port, "tcp", tls, context, self._taken)
        doing = f"it was waiting for {host}:{port} to answer"
        is_there = yield from self._until(lambda: self.opened_as is not None, doing, timeout_ns)
        if not is_there and self.trouble is None:
            self.abort(TOO_LATE)
        return None if is_there else self.trouble  # one that is over again may be read

    def take_up(self, listener: int, caller: int) -> None:
        """Be the call `caller` of a link that listens: it is open at once."""
        assert self.trouble is not None, "it is open"
        self._waiting.clear()
        self.link = self._network.accept(self, listener, caller, self._taken)
        self.opened_as, self.trouble = Opened(self.link), None

    def secure(
        self, tls: TlsWish, host: str, *, timeout_ns: int | None = None
    ) -> Steps[Trouble | None]:
        """Begin TLS on it; None where that was well."""
        self._is_secure = False
        self._network.secure(self.link, tls, host, self._secured)
        is_there = yield from self._until(
            lambda: self._is_secure, "it was waiting for a handshake", timeout_ns
        )
        if not is_there and self.trouble is None:
            self.abort(TOO_LATE)
        return None if is_there else self.trouble

    def read(self, most: int, *, timeout_ns: int | None = None) -> Steps[bytes | None]:
        """Between 1 and `most` bytes, as soon as there are any; b"" behind the end (`trouble` says
        which), None where nothing comes for `timeout_ns`.
        """
        doing = "it was waiting for a server"
        yield from self._until(lambda: bool(self._waiting), doing, timeout_ns)
        data = self.take(most)
        return None if not data and self.trouble is None else data

    def take(self, most: int | None = None) -> bytes:
        """What has come and is not read, at most so many bytes of it."""
        data = bytes(self._waiting[:most])
        del self._waiting[: len(data)]
        if data:
            self._network.credit(self.link, len(data))
        return data

    def unread(self, data: bytes) -> None:
        """Put `data` back: it will be read next. It has been made up for already."""
        self._waiting[:0] = data

    def write(self, data: bytes, *, timeout_ns: int | None = None) -> Steps[Trouble | None]:
        """Send all of `data`, as the other side takes it; None where that was well. It may wait
        `timeout_ns` for each piece to be taken.
        """
        doing = "it was waiting for a server to take more"
        while data and self.trouble is None:
            has_room = yield from self._until(
                lambda: self._network.room(self.link) > 0, doing, timeout_ns
            )
            if self.trouble is not None:
                break
            if not has_room:
                return TOO_LATE
            piece = data[: self._network.room(self.link)]
            self._network.send(self.link, piece)
            data = data[len(piece) :]
        return self.trouble

    @property
    def now_ns(self) -> int:
        """The time of what is happening."""
        return self._network.now_ns

    @property
    def waiting(self) -> int:
        """How many bytes can be read at once."""
        return len(self._waiting)

    def close(self) -> None:
        """End it in good order. What was sent still gets there."""
        self._drop(GIVEN_UP, is_abort=False)

    def abort(self, why: Trouble = GIVEN_UP) -> None:
        """Break it off, and end the wait of the job that uses it."""
        self._drop(why, is_abort=True)

    def _drop(self, why: Trouble, *, is_abort: bool) -> None:
        if self.trouble is None:
            self.trouble = why
            self._network.shut(self.link, is_abort=is_abort)
            self._wake()

    def _until(self, is_so: Callable[[], bool], doing: str, timeout_ns: int | None) -> Steps[bool]:
        """Wait until something is so, or the connection is over, or too much time has passed."""
        yield from wait(
            self._network,
            self.name,
            lambda: is_so() or self.trouble is not None,
            doing,
            timeout_ns,
        )
        return is_so()

    # what the link tells (quecsim.at.network.Client)

    def opened(self, link: int, opened: Opened) -> None:  # noqa: ARG002 - its own link alone
        """The connection has come about."""
        self.opened_as = opened
        self._wake()

    def failed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """It has not."""
        self._over(trouble)

    def received(self, link: int, data: bytes) -> None:  # noqa: ARG002
        """Bytes have come."""
        self._waiting += data
        self._wake()

    def closed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """The other side is gone, or the bearer."""
        self._over(trouble)

    def deadline_ns(self) -> int | None:
        """Its jobs have their own times."""
        return None

    def on_time(self) -> None:
        """Nothing is ever due."""

    def _secured(self, _secured: Secured) -> None:
        self._is_secure = True
        self._wake()

    def _taken(self, _count: int) -> None:
        self._wake()

    def _over(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self._wake()

    def _wake(self) -> None:
        self._network.wake(self.name)
        if self._on_change is not None:
            self._on_change()
