"""One link of a device, as far as its packets are concerned."""

from dataclasses import dataclass

from quecsim.border import Begin, Listen, Open, Ping, Resolve
from quecsim.packets.flow import Flow


@dataclass(slots=True)
class Link:
    """It was asked for at `at_ns`. `flow` is its connection, once that is known; `port` is that at
    which it listens.
    """

    wish: Begin
    at_ns: int
    flow: Flow | None = None
    port: int = 0
    is_open: bool = False

    @property
    def number(self) -> int:
        """The device's."""
        return self.wish.link

    @property
    def title(self) -> str:
        """For people."""
        wish = self.wish
        if isinstance(wish, Open):
            return f"link {self.number}, {wish.host}:{wish.port}"
        if isinstance(wish, Resolve | Ping):
            return f"link {self.number}, {wish.host}"
        what = f"{wish.protocol} port {wish.port}" if isinstance(wish, Listen) else "a call"
        return f"link {self.number}, {what}"
