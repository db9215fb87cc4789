"""The network for clients alone, with real sockets: `Wired`, and who waits for them."""

import select
import time
from collections.abc import Iterable

from quecsim.live.network.doors import Doors
from quecsim.live.network.routes import Permissions, parse_allowed, parse_route
from quecsim.live.network.sockets import SocketsPeer
from tests.clients.wired import Wired

HANGS_S = 20


class WiredLive(Wired):
    """Over `SocketsPeer`, in real time. `told` is what people are told."""

    def __init__(self, routes: Iterable[str] = (), allowed: Iterable[str] = ()) -> None:
        permissions = Permissions(map(parse_route, routes), map(parse_allowed, allowed))
        self.told: list[str] = []
        doors = Doors((), permissions, is_open=True)
        self.peer = SocketsPeer(permissions, doors=doors, tell=self.told.append)
        super().__init__(self.peer)
        self._start_ns = time.monotonic_ns()

    def _await(self, timeout_ns: int | None) -> None:
        until_ns = None if timeout_ns is None else self.now_ns + timeout_ns
        gives_up = time.monotonic() + HANGS_S
        self._woken = False
        while True:
            self.now_ns = time.monotonic_ns() - self._start_ns
            self.peer.look(self.now_ns)
            self._hear()
            if self._woken or (until_ns is not None and self.now_ns >= until_ns):
                return
            due_ns = min(filter(None, (until_ns, self.peer.deadline_ns())), default=None)
            wait_s = HANGS_S if due_ns is None else max(0, due_ns - self.now_ns) / 1e9
            assert time.monotonic() < gives_up, "it waits for ever"
            select.select([self.peer.descriptor], [], [], min(wait_s, HANGS_S))

    def close(self) -> None:
        self.peer.close()
