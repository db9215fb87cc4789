"""A network that nobody may ask for anything: tests say what theirs has."""

from collections.abc import Callable

from quecsim.at.network import Asked, Called, Client, TlsBegun
from quecsim.border import TlsWish


class NoNetwork:
    """What `quecsim.at.network.Network` has beyond one connection and what is said of it."""

    def listen(
        self, client: Client, port: int, protocol: str, called: Called, context: int = 0
    ) -> int:
        raise AssertionError

    def accept(
        self,
        client: Client,
        listener: int,
        caller: int,
        taken: Callable[[int], None] | None = None,
    ) -> int:
        raise AssertionError

    def refuse(self, listener: int, caller: int) -> None:
        raise AssertionError

    def resolve(self, owner: str, host: str, asked: Asked, context: int = 0) -> int:
        raise AssertionError

    def ping(self, owner: str, host: str, count: int, asked: Asked, context: int = 0) -> int:
        raise AssertionError

    def secure(self, link: int, tls: TlsWish, host: str, begun: TlsBegun) -> None:
        raise AssertionError

    def room(self, link: int) -> int:
        raise AssertionError

    def wake(self, name: str) -> None:
        raise AssertionError

    def leave(self, link: int, ended: Callable[[], None]) -> None:
        raise AssertionError

    def hang_up(self, name: str) -> None:
        raise AssertionError
