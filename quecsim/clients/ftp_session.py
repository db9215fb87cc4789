"""The FTP service of a device: one session at a time, and what it is at."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum

from quecsim.at.network import Network
from quecsim.clients.ftp import FtpClient, FtpError


class FtpState(StrEnum):
    """In the words of the GSM generation."""

    IDLE = "IDLE"  # no session since the start
    OPENING = "OPENING"
    OPENED = "OPENED"
    WORKING = "WORKING"  # a command without data
    TRANSFER = "TRANSFER"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"


REST = (FtpState.IDLE, FtpState.OPENED, FtpState.CLOSED)
"""States in which nothing goes on."""


class FtpSession:
    """Commands take it from a state of rest to one in which something goes on, and back (`at`).

    `length` is how many bytes the last transfer has moved. `is_stuck`: it is of no use any more.
    `lost(error)` hears when the session ends while nothing goes on.
    """

    name = "FTP"

    def __init__(self, network: Network, lost: Callable[[FtpError], None]) -> None:
        self.state = FtpState.IDLE
        self.client = FtpClient(self.name, network, self._lost)
        self.host, self.port = "", 0
        self.length = 0
        self.is_stuck = False
        self._tell_lost = lost

    @property
    def is_free(self) -> bool:
        """Nothing goes on."""
        return self.state in REST

    def begin(self, state: FtpState) -> None:
        """A command begins; somebody has to get `at` it, and does."""
        assert self.is_free, "one at a time"
        self.state = state

    @contextmanager
    def at(self) -> Generator[None, None, None]:
        """What `begin` has begun goes on, and is over behind this."""
        try:
            with self.client.use():
                yield
        finally:
            self.give_back()

    def give_back(self) -> None:
        """It is at rest again."""
        self.state = FtpState.OPENED if self.client.is_open else FtpState.CLOSED

    def _lost(self, error: FtpError) -> None:
        self.state = FtpState.CLOSED
        self._tell_lost(error)
