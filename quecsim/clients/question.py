"""Questions to the network, one at a time, for a job that waits for the answer: an address, an
echo, a datagram.
"""

from collections.abc import Callable

from quecsim.at.network import Asked, Network, Trouble
from quecsim.border import Opened, Pong, Resolved, Why
from quecsim.clients.stream import NO_ROOM, TOO_LATE, Steps, wait
from quecsim.clients.url import is_address


class Question:
    """Asks in the name of `name`. `is_busy`: a job is at it; `link` is that of the last one."""

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.is_busy = False
        self.link = 0
        self._network = network
        self._heard: Resolved | Pong | Trouble | bytes | None = None
        self._is_open = False

    def resolve(self, host: str, context: int, timeout_ns: int) -> Steps[Resolved | Trouble]:
        """The addresses of `host`."""
        heard = yield from self._one(
            lambda hear: self._network.resolve(self.name, host, hear, context),
            f"it was asking for the address of {host}",
            timeout_ns,
        )
        assert isinstance(heard, Resolved | Trouble)
        return heard

    def ping(self, host: str, count: int, context: int, timeout_ns: int) -> Steps[Pong | Trouble]:
        """The answer to an echo request of `count` bytes."""
        heard = yield from self._one(
            lambda hear: self._network.ping(self.name, host, count, hear, context),
            f"it was waiting for an echo from {host}",
            timeout_ns,
        )
        assert isinstance(heard, Pong | Trouble)
        return heard

    def open(self, host: str, port: int, context: int, timeout_ns: int) -> Steps[Trouble | None]:
        """A way for datagrams to `host`, until `close`; None where there is one."""
        self._heard, self._is_open = None, False
        if not self._network.has_room:
            return NO_ROOM
        self.link = self._network.open(self, host, port, "udp", None, context)
        doing = f"it was looking for {host}"
        yield from self._until(lambda: self._is_open or self._heard is not None, doing, timeout_ns)
        if self._is_open:
            return None
        self.close()
        return self._heard if isinstance(self._heard, Trouble) else TOO_LATE

    def datagram(self, data: bytes, timeout_ns: int) -> Steps[bytes | Trouble]:
        """The first datagram that comes back for `data`."""
        if not isinstance(self._heard, Trouble):
            self._heard = None
            self._network.send(self.link, data)
        yield from self._until(
            lambda: self._heard is not None, "it was waiting for an answer", timeout_ns
        )
        heard, self._heard = self._heard, None
        assert heard is None or isinstance(heard, bytes | Trouble)
        return TOO_LATE if heard is None else heard

    def close(self) -> None:
        """Nothing more is wanted on the way for datagrams."""
        self._network.shut(self.link)

    def _one(
        self, ask: Callable[[Asked], int], doing: str, timeout_ns: int
    ) -> Steps[Resolved | Pong | Trouble | bytes | None]:
        self._heard = None
        if not self._network.has_room:
            return NO_ROOM
        self.link = ask(self._hear)
        yield from self._until(lambda: self._heard is not None, doing, timeout_ns)
        if self._heard is None:
            self._network.shut(self.link)
            return TOO_LATE
        return self._heard

    def _until(self, is_so: Callable[[], bool], doing: str, timeout_ns: int) -> Steps[None]:
        return wait(self._network, self.name, is_so, doing, timeout_ns)

    def _hear(self, answer: Resolved | Pong | Trouble | bytes) -> None:
        self._heard = answer
        self._network.wake(self.name)

    # what the link tells (quecsim.at.network.Client)

    def opened(self, link: int, opened: Opened) -> None:  # noqa: ARG002 - its own link alone
        """There is a way for datagrams."""
        self._is_open = True
        self._network.wake(self.name)

    def failed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """There is none."""
        self._hear(trouble)

    def received(self, link: int, data: bytes) -> None:
        """A datagram has come; one that nobody waits for is dropped."""
        self._network.credit(link, len(data))
        if self._heard is None:
            self._hear(data)

    def closed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """There is no way any more."""
        self._hear(trouble)

    def deadline_ns(self) -> int | None:
        """Its jobs have their own times."""
        return None

    def on_time(self) -> None:
        """Nothing is ever due."""


def is_unknown_name(trouble: Trouble, host: str) -> bool:
    """Whether it is about a name that has no address, as far as the device can tell."""
    return trouble.why is Why.DNS or (trouble.why is Why.NOT_ALLOWED and not is_address(host))
