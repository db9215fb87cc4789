"""What addresses a device sees behind the names it is given, and which name it means by an address.

A name with a route has an address of its own (198.18.0.0/15, which nobody has in the world), unless
a server of the scenario's gives it one: so a host that resolves a name first, and connects to the
address then, gets to where the route leads. The address in the route is nothing that a module would
see: several names may lead to 127.0.0.1. A name that is really resolved has its real addresses, and
what may be reached by the name may be by them from then on.
"""

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address

from quecsim.live.network.addresses import Address, read_address
from quecsim.live.network.routes import Permissions, Way, plain_host

_FIRST = IPv4Address("198.18.0.1")
_MOST_LEARNT = 256  # addresses; the oldest is forgotten


def _nowhere(_name: str) -> tuple[str, ...]:
    return ()


class Names:
    """The names of `permissions`. `served` gives the addresses of the scenario's servers."""

    def __init__(
        self, permissions: Permissions, served: Callable[[str], tuple[str, ...]] = _nowhere
    ) -> None:
        self._permissions = permissions
        self._seen: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, list[str]] = {}  # by address
        self._learnt: dict[str, str] = {}  # by address, the last ones
        free = self._free()
        for name in permissions.routed:
            if read_address(name) is None:
                addresses = served(name) or (next(free),)
                self._seen[name] = addresses
                for address in addresses:
                    self._names.setdefault(address, []).append(name)

    def has(self, host: str) -> bool:
        """Something of it may be reached, at whatever port."""
        return any(map(self._permissions.has, self.names_of(host)))

    def way(self, host: str, port: int) -> Way | None:
        """As `Permissions.way`, also of an address that is that of a name."""
        for name in self.names_of(host):
            way = self._permissions.way(name, port)
            if way is not None:
                address = read_address(plain_host(host)) if way.name else None
                return way if address is None else Way((address,), port)
        return None

    def names_of(self, host: str) -> tuple[str, ...]:
        """The host itself in its plain form, and the names that are meant by an address."""
        host = plain_host(host)
        learnt = self._learnt.get(host)
        return (host, *self._names.get(host, ()), *([] if learnt is None else [learnt]))

    def addresses(self, host: str) -> tuple[str, ...]:
        """Those that the device sees, without asking anybody; empty: somebody has to be asked."""
        host = plain_host(host)
        return (host,) if read_address(host) is not None else self._seen.get(host, ())

    def learn(self, name: str, addresses: Iterable[Address]) -> None:
        """The name was really resolved."""
        for address in map(str, addresses):
            self._learnt.pop(address, None)
            self._learnt[address] = plain_host(name)
        while len(self._learnt) > _MOST_LEARNT:
            del self._learnt[next(iter(self._learnt))]

    def _free(self) -> Iterator[str]:
        """Addresses that no route begins with."""
        given = set(self._permissions.routed)
        address = _FIRST
        while True:
            if str(address) not in given:
                yield str(address)
            address += 1
