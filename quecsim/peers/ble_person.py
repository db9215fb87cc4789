"""Somebody on the air with a Bluetooth LE device, as far as all are alike."""

from collections import deque
from collections.abc import Callable

from quecsim.border.ble import SMALLEST_MTU, Came, Parameters, Subscribed
from quecsim.gatt.end import Side
from quecsim.peers.ble_line import Line
from quecsim.peers.ble_view import BlePeerState

_MOST_RECEIVED = 4096  # pieces that can still be looked at


class Person:
    """`line` is his connection with the device, `total_bytes` what that has sent him on it, and
    `end` ends it.
    """

    kind = ""

    def __init__(self, name: str, address: str, *, is_random: bool) -> None:
        self.name = name
        self.address = address
        self.is_random = is_random
        self.line: Line | None = None
        self.end: Callable[[], None] = lambda: None
        self._received: deque[tuple[int, str, bytes]] = deque(maxlen=_MOST_RECEIVED)

    @property
    def state(self) -> BlePeerState:
        """How he is now."""
        return BlePeerState(
            name=self.name,
            address=self.address,
            kind=self.kind,
            is_connected=self.line is not None,
            mtu=SMALLEST_MTU if self.line is None else self.line.mtu,
            received=tuple(self._received),
        )

    def side(self) -> Side:
        """What his side of a connection is made of."""
        raise NotImplementedError

    def parameters(self) -> Parameters:
        """What he connects with."""
        return Parameters()

    def connected(self, now_ns: int, line: Line) -> None:
        """There is a connection."""
        del now_ns
        self.line = line

    def left(self) -> None:
        """It is over, whoever ended it."""
        self.line = None

    def heard(self, now_ns: int, what: Came | Subscribed) -> None:
        """The device has sent him something, or wants notifications."""
        if isinstance(what, Came):
            self._received.append((now_ns, what.uuid, what.data))

    def taken(self, now_ns: int) -> None:
        """The device has taken a piece of his data."""

    def deadline_ns(self) -> int | None:
        """When he does something by himself, on his connection."""
        return None

    def advance(self, now_ns: int) -> None:
        """He does what is due."""
