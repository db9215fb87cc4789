"""What a device asks of its network, and has one answer: the addresses of a name, or an echo.

An echo request never leaves: whoever may be reached is there, and the time that it takes is the
link model's. So no privileges are needed, and nobody is pinged who did not ask for it.
"""

from collections.abc import Sequence

from quecsim.border import Ping, Pong, Resolved
from quecsim.live.network.addresses import Address
from quecsim.live.network.link import Link

_TTL_S = 300  # the system's resolver tells none


class Question(Link):
    """See above."""

    events = 0

    def answer(self, addresses: Sequence[str]) -> None:
        """These are the addresses of the host that it was about."""
        self.close()
        if isinstance(self.wish, Ping):
            self._say(Pong(self.number, addresses[0]))
        else:
            self._say(Resolved(self.number, tuple(addresses), _TTL_S))

    def _connect(self, addresses: Sequence[Address]) -> None:
        self.answer(tuple(map(str, addresses)))

    def _move(self, _events: int) -> None:
        raise AssertionError("it has no socket")
