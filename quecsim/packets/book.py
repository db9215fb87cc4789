"""The addresses and ports that stand in made up packets, as far as nobody has said them."""

from dataclasses import dataclass, field

from quecsim.at.surroundings import Surroundings
from quecsim.border import News, Opened, Resolved
from quecsim.link import is_address
from quecsim.packets.ip import Place
from quecsim.profiles.schema import Profile

_FIRST_PORT, _PORTS = 49_152, 1 << 14
_UNKNOWN = 198 << 24 | 18 << 16  # 198.18.0.0/15: addresses that nobody has (RFC 2544)
_MOST_UNKNOWN = 1 << 17
_OWN_V6 = "fd00::2"


@dataclass(slots=True)
class Book:
    """`own` and `dns` are addresses of IPv4: the device's, and its name server's. `reached` are the
    addresses that links have reached, and `ports` the device's own, both by links.
    """

    own: str = "10.0.0.2"
    dns: str = "10.0.0.1"
    reached: dict[int, str] = field(default_factory=dict)
    ports: dict[int, int] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: Profile | None, around: Surroundings) -> "Book":
        """With the addresses of a device: of its first packet context, or of its access point."""
        if profile is not None and profile.tcpip is not None:
            return cls(profile.tcpip.address, profile.tcpip.dns[0])
        if profile is not None and around.access_points:
            point = around.access_points[0]
            return cls(point.address, point.dns[0])
        return cls()

    def hear(self, host: str, news: News) -> None:
        """News of a link to `host` tell addresses."""
        if isinstance(news, Opened):
            self.ports[news.link] = news.port
            self.reached[news.link] = news.peer
            self.learn(host, news.peer)
        elif isinstance(news, Resolved):
            for address in news.addresses[:1]:
                self.learn(host, address)

    def learn(self, host: str, address: str) -> None:
        """A name has that address; the first one is the one that counts."""
        if is_address(address):
            self._known.setdefault(host.lower(), address)

    def address(self, host: str, link: int = 0) -> str:
        """That of a name, or of an address. One that nobody knows gets one of its own."""
        if is_address(host):
            return host
        found = self.reached.get(link) or self._known.get(host.lower())
        if found is not None and is_address(found):
            return found
        if host not in self._given:
            number = _UNKNOWN + (len(self._given) + 1) % _MOST_UNKNOWN
            self._given[host] = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
        return self._given[host]

    def device(self, port: int, peer: str) -> Place:
        """The device, as `peer` sees it."""
        return Place(_OWN_V6 if ":" in peer else self.own, port)

    def own_port(self, link: int) -> int:
        """The device's port of a link that it has opened."""
        port = self.ports.get(link, 0)
        return port if 0 < port <= 0xFFFF else _FIRST_PORT + link % _PORTS
