"""The HTTP client of a device: its one connection, and how far the request on it has got."""

from enum import Enum, auto

from quecsim.at.network import Network
from quecsim.clients.http import HttpExchange
from quecsim.clients.http_order import Order
from quecsim.clients.stream import GIVEN_UP, Steps, Stream, wait

_OVER, _SAID = "HTTP is over", "HTTP is said"  # the names of the news
CLOSED = '+QHTTPURC: "closed"'


class HttpState(Enum):
    """What a host can ask of it."""

    IDLE = auto()
    ASKING = auto()  # a request is under way
    READY = auto()  # its response waits to be read
    READING = auto()  # it is being read, or put into a file


class HttpEvent(Enum):
    """What changes that."""

    ASK = auto()
    ANSWERED = auto()
    READ = auto()
    OVER = auto()


TRANSITIONS: dict[tuple[HttpState, HttpEvent], HttpState] = {
    (HttpState.IDLE, HttpEvent.ASK): HttpState.ASKING,
    (HttpState.READY, HttpEvent.ASK): HttpState.ASKING,
    (HttpState.ASKING, HttpEvent.ANSWERED): HttpState.READY,
    (HttpState.ASKING, HttpEvent.OVER): HttpState.IDLE,
    (HttpState.READY, HttpEvent.READ): HttpState.READING,
    (HttpState.READY, HttpEvent.OVER): HttpState.IDLE,
    (HttpState.READING, HttpEvent.OVER): HttpState.IDLE,
}


class HttpClient(Stream):
    """A stream with a state. While it is ASKING or READING, one job is at it.

    `is_stopped`: the host wants no more of it, and that job is to end. `order` is the last request.
    `url` is what AT+QHTTPURL has set, `file` the name of a file that is to go before the next one.
    """

    def __init__(self, network: Network) -> None:
        super().__init__("HTTP", network, self._changed)
        self.exchange = HttpExchange(self)
        self.state = HttpState.IDLE
        self.is_stopped = False
        self.order: Order | None = None
        self.url = ""
        self.file = ""
        self._tells_end = False

    @property
    def is_free(self) -> bool:
        """It can take a request."""
        return (self.state, HttpEvent.ASK) in TRANSITIONS

    def move(self, event: HttpEvent) -> None:
        """The request has got further."""
        self.state = TRANSITIONS[self.state, event]

    def begin(self, order: Order) -> None:
        """A request; what is left of the last response is nobody's."""
        self.close()
        self.is_stopped, self.order, self._tells_end = False, order, order.tells_end
        self.move(HttpEvent.ASK)

    def over(self) -> None:
        """Nothing more comes of it. The host hears that where it wants to, and has not said so."""
        self.close()
        self.move(HttpEvent.OVER)
        if not self.is_stopped:
            self._tell_end()
        self._network.wake(_OVER)

    def stop(self, timeout_ns: int) -> Steps[bool]:
        """Break off whatever there is; True once nobody is at it any more."""
        self.is_stopped = True
        if self.state is HttpState.READY:
            self.over()
        if not self._is_idle():
            self.abort(GIVEN_UP)
            self._network.wake(_SAID)
            doing = "it was ending an HTTP request"
            yield from wait(self._network, _OVER, self._is_idle, doing, timeout_ns)
        return self._is_idle()

    def say(self, text: str) -> None:
        """A result code, which is never lost for want of room: there are two for a request."""
        self._network.say(text, _nothing)

    def said(self, text: str, *, doing: str) -> Steps[None]:
        """A result code, and wait until it is in the transmitter."""
        is_sent = False

        def sent() -> None:
            nonlocal is_sent
            is_sent = True
            self._network.wake(_SAID)

        self._network.say(text, sent)
        yield from wait(self._network, _SAID, lambda: is_sent or self.is_stopped, doing, None)

    def _changed(self) -> None:
        """The server may have ended a connection that waits to be read."""
        is_over = self.trouble is not None and self.trouble != GIVEN_UP
        if is_over and self.state is HttpState.READY:
            self._tell_end()

    def _tell_end(self) -> None:
        if self._tells_end:
            self._tells_end = False
            self.say(CLOSED)

    def _is_idle(self) -> bool:
        return self.state is HttpState.IDLE


def _nothing() -> None:
    """It does not matter when it is sent."""
