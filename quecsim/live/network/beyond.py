"""The whole network of a live run: the scenario's own servers, and behind them real sockets.

The servers answer within the model, as in virtual time. What the sockets say comes from outside,
when the loop looks; until a device wants something that no server gives, there are none. What the
user gives by name and port is meant, and goes before a server of the scenario.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from quecsim.border import News, Open, Wish
from quecsim.peers.served import Served

if TYPE_CHECKING:
    from quecsim.live.network.routes import Permissions
    from quecsim.live.network.sockets import SocketsPeer


class Beyond:
    """A `quecsim.border.Peer` of the `served`, which also waits for sockets. See `SocketsPeer`.

    `permissions` are those of the sockets.
    """

    def __init__(
        self, served: Served, permissions: "Permissions", new_sockets: "Callable[[], SocketsPeer]"
    ) -> None:
        self._served = served
        self._permissions = permissions
        self._new_sockets = new_sockets
        self._sockets: SocketsPeer | None = None
        self._outside: set[int] = set()  # links

    # quecsim.border.Peer: what answers within the model

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived."""
        if isinstance(wish, Open) and self._is_outside(wish):
            self._outside.add(wish.link)
        if wish.link not in self._outside:
            self._served.handle_wish(now_ns, wish)
            return
        if self._sockets is None:
            self._sockets = self._new_sockets()
        self._sockets.handle_wish(now_ns, wish)

    def _is_outside(self, wish: Open) -> bool:
        is_given = self._permissions.way(wish.host, wish.port) is not None
        return is_given or not self._served.has(wish.host)

    def deadline_ns(self) -> int | None:
        """When a server has something to say."""
        return self._served.deadline_ns()

    def take_news(self, now_ns: int) -> list[News]:
        """What the servers say."""
        return self._served.take_news(now_ns)

    # the loop: what comes from outside

    @property
    def descriptor(self) -> int | None:
        """Readable when there is something to look at; None: there are no sockets."""
        return None if self._sockets is None else self._sockets.descriptor

    def outside_ns(self) -> int | None:
        """When the sockets want to be looked at."""
        return None if self._sockets is None else self._sockets.deadline_ns()

    def look(self, now_ns: int) -> list[News]:
        """What has come from outside."""
        if self._sockets is None:
            return []
        self._sockets.look(now_ns)
        return self._sockets.take_news(now_ns)

    def close(self) -> None:
        """The end of all connections."""
        if self._sockets is not None:
            self._sockets.close()
            self._sockets = None
