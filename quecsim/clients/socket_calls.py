"""Calls of a listening socket that wait for the host's word (AT+QIACCEPT)."""

from collections import deque

from quecsim.at.network import Network
from quecsim.border import Incoming
from quecsim.clients.socket_voice import SocketVoice

MOST_WAITING = 8


class PendingCalls:
    """The oldest first, and no more than `MOST_WAITING`."""

    def __init__(self, network: Network, voice: SocketVoice) -> None:
        self._network = network
        self._voice = voice
        self._waiting: deque[Incoming] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def keep(self, link: int, call: Incoming) -> None:
        """The host hears of it, and answers when it likes."""
        if len(self) >= MOST_WAITING:
            self.refuse_full(link, call)
        else:
            self._waiting.append(call)
            self._voice.waiting(call)

    def take(self) -> Incoming:
        """The one that waits longest."""
        return self._waiting.popleft()

    def refuse_full(self, link: int, call: Incoming) -> None:
        """There is no place for it."""
        self._voice.incoming_full()
        self._network.refuse(link, call.caller)

    def clear(self) -> None:
        """The listener is no more; whoever ends it ends the calls."""
        self._waiting.clear()
