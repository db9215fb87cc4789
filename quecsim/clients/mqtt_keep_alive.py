"""Signs of life of an MQTT client: a PINGREQ when it has been silent, and how long it waits for the
answer (MQTT 3.1.1, 3.1.2.10).
"""

from quecsim.units import S


class KeepAlive:
    """`ping_due_ns` is when the answer to the last PINGREQ is late; None: none is waited for."""

    def __init__(self) -> None:
        self.ping_due_ns: int | None = None
        self._quiet_since_ns = 0
        self._pings = 0

    def sent(self, now_ns: int) -> None:
        """The client has said something."""
        self._quiet_since_ns = now_ns

    def pinged(self, due_ns: int) -> None:
        """A PINGREQ, whose answer is wanted by then."""
        self._pings += 1
        self.ping_due_ns = due_ns

    def clear(self) -> None:
        """The answer has come, or the connection is over."""
        self.ping_due_ns, self._pings = None, 0

    def quiet_due_ns(self, keep_alive_s: int) -> int | None:
        """When the client has been silent for too long; 0 seconds: it may be."""
        if not keep_alive_s or self.ping_due_ns is not None:
            return None
        return self._quiet_since_ns + keep_alive_s * S

    def is_given_up(self, retries: int) -> bool:
        """Enough of them are unanswered."""
        return self._pings > retries
