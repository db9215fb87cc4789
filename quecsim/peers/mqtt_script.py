"""The messages that a broker publishes by itself, and when."""

from collections.abc import Iterable
from heapq import heappop, heappush

from quecsim.peers.mqtt_settings import ScriptedMessage
from quecsim.units import ms


class Script:
    """Hands out the messages at their times, those of one time in the order of the settings."""

    def __init__(self, messages: Iterable[ScriptedMessage]) -> None:
        self._messages = tuple(messages)
        # (time, number of the message, how often it still comes); the others wait for a client.
        self._coming: list[tuple[int, int, int]] = []
        self._has_begun = False
        for number, message in enumerate(self._messages):
            if message.at_ms is not None:
                heappush(self._coming, (ms(message.at_ms), number, message.times))

    def begin(self, now_ns: int) -> None:
        """A client has been accepted; only the first one counts."""
        if self._has_begun:
            return
        self._has_begun = True
        for number, message in enumerate(self._messages):
            if message.after_ms is not None:
                heappush(self._coming, (now_ns + ms(message.after_ms), number, message.times))

    def deadline_ns(self) -> int | None:
        """When the next one comes; None: there is none."""
        return self._coming[0][0] if self._coming else None

    def take(self) -> ScriptedMessage:
        """The next one."""
        at_ns, number, left = heappop(self._coming)
        message = self._messages[number]
        if left > 1:
            heappush(self._coming, (at_ns + message.every_ns, number, left - 1))
        return message
