"""The clients of the network that want to be woken, and the one timer that there is for them."""

from collections.abc import Callable

from quecsim.at.network import Client
from quecsim.border import MOST_LINKS
from quecsim.device.shared import Shared, Timer

_MANY = 2 * MOST_LINKS  # behind which those are forgotten that have no link, and no time


class ClientTimer:
    """In the order in which they had their first link. `has_link` says whether one has any now."""

    def __init__(self, shared: Shared, has_link: Callable[[Client], bool]) -> None:
        self.clients: list[Client] = []
        self._shared = shared
        self._has_link = has_link

    def attend(self, client: Client) -> None:
        """Wake `client` when it wants to be."""
        if client in self.clients:
            return
        if len(self.clients) >= _MANY:
            self.clients = [
                each
                for each in self.clients
                if each.deadline_ns() is not None or self._has_link(each)
            ]
        self.clients.append(client)

    def on_time(self) -> None:
        """Whatever is due with them."""
        now_ns = self._shared.now_ns
        for client in list(self.clients):
            due_ns = client.deadline_ns()
            if due_ns is not None and due_ns <= now_ns:
                client.on_time()
        self.arm()

    def arm(self) -> None:
        """Set the timer for the next of them."""
        dues = [due for client in self.clients if (due := client.deadline_ns()) is not None]
        if dues:
            self._shared.timers[Timer.CLIENTS] = max(min(dues), self._shared.now_ns)
        else:
            self._shared.stop_timer(Timer.CLIENTS)

    def reset(self) -> None:
        """There are none any more."""
        self.clients.clear()
        self.arm()
