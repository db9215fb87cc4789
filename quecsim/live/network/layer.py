"""What lies between a link's bytes and the socket's: nothing, or TLS (`quecsim.tls.client`)."""

from typing import Protocol


class Layer(Protocol):
    """Turns plaintext into what goes over the line, and back. Both queues are taken empty.

    `start`, `receive` and `end_of_input` raise TlsTrouble; `take_output` then has the alert.
    """

    @property
    def is_established(self) -> bool:
        """The handshake is over: plaintext may be sent."""

    @property
    def is_closed(self) -> bool:
        """The other side has said that nothing more comes."""

    @property
    def version(self) -> str:
        """TLS's, or empty."""

    @property
    def suite(self) -> str:
        """TLS's cipher suite, or empty."""

    @property
    def sent_bytes(self) -> int:
        """What went over the line so far, of TLS."""

    @property
    def received_bytes(self) -> int:
        """What came over the line so far, of TLS."""

    def start(self) -> None:
        """The connection below is there."""

    def receive(self, data: bytes) -> None:
        """Bytes from the line."""

    def end_of_input(self) -> None:
        """No more bytes come from the line."""

    def send(self, data: bytes) -> None:
        """Plaintext for the other side."""

    def close(self) -> None:
        """No more plaintext for the other side."""

    def take_output(self) -> bytes:
        """Bytes for the line."""

    def take_plain(self) -> bytes:
        """Plaintext from the other side."""


class PlainLayer:
    """Nothing between: bytes go through as they are."""

    is_established = True
    is_closed = False
    version = suite = ""
    sent_bytes = received_bytes = 0

    def __init__(self) -> None:
        self._out = bytearray()
        self._plain = b""

    def start(self) -> None:
        """Nothing is said first."""

    def receive(self, data: bytes) -> None:
        """They are the plaintext."""
        self._plain += data

    def end_of_input(self) -> None:
        """The end needs no form."""

    def send(self, data: bytes) -> None:
        """It goes over the line as it is."""
        self._out += data

    def close(self) -> None:
        """The end needs no form."""

    def take_output(self) -> bytes:
        """Bytes for the line."""
        out = bytes(self._out)
        self._out.clear()
        return out

    def take_plain(self) -> bytes:
        """What has come."""
        plain, self._plain = self._plain, b""
        return plain
