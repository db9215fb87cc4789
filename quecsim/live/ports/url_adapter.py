"""A UART that another machine has, as an `Adapter`: over RFC 2217, or as bytes over TCP."""

import select
import socket
import time
from urllib.parse import SplitResult, urlsplit

from quecsim.errors import QuecsimError
from quecsim.live.network.trouble import words
from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.line_marks import Item
from quecsim.live.ports.rfc2217_client import BytesOnly, Rfc2217Client
from quecsim.live.ports.socket_port import SocketPort

_TALKS: dict[str, type[Rfc2217Client] | type[BytesOnly]] = {
    "rfc2217": Rfc2217Client,
    "socket": BytesOnly,
}
_PATIENCE_S = 5.0
_HINT = "write rfc2217://HOST:PORT or socket://HOST:PORT, or the path of a serial port"


class UrlAdapter:
    """See `quecsim.live.ports.adapter.Adapter`. Raises QuecsimError where nobody is there, or
    nobody who has a serial port.
    """

    empties_ms = 50  # a network's way, and what a server holds

    def __init__(self, url: str) -> None:
        self.name = url
        self.gone = ""
        parts = _parts(url)
        self._talk = _TALKS[parts.scheme]()
        self._has_lines = isinstance(self._talk, Rfc2217Client)
        self._driven: tuple[bool, bool] | None = None
        self._port = SocketPort(_connected(url, parts), url, self._talk)
        try:
            self._come_to_terms()
        except BaseException:
            self._port.close()
            raise

    @property
    def readers(self) -> list[int]:
        """See `Adapter`."""
        return [] if self.gone or not self._port.wants_read else [self._port.socket.fileno()]

    @property
    def writers(self) -> list[int]:
        """See `Adapter`."""
        return [self._port.socket.fileno()] if self._port.wants_write and not self.gone else []

    def read(self, most: int) -> list[Item]:
        """See `Adapter`."""
        data = self._port.read(most) if most and self.readers else b""
        items = self._talk.feed(data) if data else []
        self._say()
        return items

    def write(self, data: bytes | bytearray) -> int:
        """See `Adapter`."""
        return len(data) if self.gone else self._port.write(data)

    def unread_bytes(self) -> int:
        """See `Adapter`."""
        return 0

    def is_drained(self) -> bool:
        """See `Adapter`."""
        return not self._port.wants_write

    def set_line(self, baud: int, frame: str) -> None:
        """See `Adapter`."""
        self._talk.set_line(baud, frame)
        self._say()

    def set_flow(self, flow: str) -> None:
        """Have its UART do flow control: none, rtscts or xonxoff."""
        self._talk.set_flow(flow)
        self._say()

    def take_complaints(self) -> list[str]:
        """See `Adapter`."""
        return [f"{self.name}: {text}" for text in self._talk.take_complaints()]

    def take_lines(self) -> list[BoardLines]:
        """See `Adapter`."""
        return self._talk.take_lines()

    def drive(self, *, rts: bool, dtr: bool) -> None:
        """See `Adapter`."""
        if self._driven != (rts, dtr):
            self._driven = rts, dtr
            self._talk.drive(rts=rts, dtr=dtr)
            self._say()

    def errors(self) -> ErrorCounts | None:
        """See `Adapter`."""
        return self._talk.errors

    def traits(self) -> list[str]:
        """See `Adapter`."""
        if self._has_lines:
            return []
        return [
            f"{self.name} carries bytes alone: no modem lines, and set its rate at its own end",
            f"{self.name} does not count errors: bytes that it loses are not told",
        ]

    def close(self) -> None:
        """See `Adapter`."""
        self._port.flush()
        self._port.close()

    def flush(self) -> None:
        """Pass on what the connection has not taken."""
        self._say()

    @property
    def unsent_bytes(self) -> int:
        """How much that is."""
        return self._port.unread_bytes()

    @property
    def has_lines(self) -> bool:
        """It has modem lines, and settings."""
        return self._has_lines

    def _say(self) -> None:
        port = self._port
        if said := self._talk.take_said():
            port.say(said)
        else:
            port.flush()
        if port.has_ended or port.is_gone:
            self.gone = self.gone or f"{self.name} has gone: the other side has hung up"

    def _come_to_terms(self) -> None:
        """Wait until the other side is a serial port: nothing of the run has begun yet."""
        talk, end_s = self._talk, time.monotonic() + _PATIENCE_S
        self._say()
        while not talk.has_agreed:
            left_s = end_s - time.monotonic()
            if left_s <= 0 or talk.has_refused or self.gone:
                raise QuecsimError(
                    f"nobody at {self.name} has a serial port over RFC 2217",
                    hint="is another program connected there? For bytes alone: socket://",
                )
            select.select(self.readers, self.writers, (), left_s)
            self.read(1)
        talk.begin()
        self._say()


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    try:
        is_good = parts.scheme in _TALKS and parts.hostname and parts.port
    except ValueError:  # no number
        is_good = False
    if not is_good or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise QuecsimError(f"{url} is no place of a serial port", hint=_HINT)
    return parts


def _connected(url: str, parts: SplitResult) -> socket.socket:
    assert parts.hostname is not None
    assert parts.port is not None
    try:
        return socket.create_connection((parts.hostname, parts.port), _PATIENCE_S)
    except socket.gaierror:
        raise QuecsimError(f"{url}: nobody has that name", hint=_HINT) from None
    except OSError as error:
        why = words(error.errno) if error.errno else "nobody answers"
        raise QuecsimError(
            f"cannot reach {url}: {why}", hint="is the serial server running there?"
        ) from None
