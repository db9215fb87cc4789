"""What a device may reach: nothing, but what its user has given it.

    --route NAME:PORT=ADDRESS:PORT      the name leads there; the address is a literal one
    --allow-network HOST[:PORT]         a public address, or a name that is really resolved

Loopback and private addresses need the route alone, public ones both. Some are never reached
(`quecsim.live.network.addresses`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quecsim.errors import QuecsimError, printable
from quecsim.live.network.addresses import Address, Reach, reach_of, read_address, why_never
from quecsim.quantity import shown

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", re.ASCII)
_LONGEST_NAME = 253
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_MOST_PORT = 65_535

_ROUTE_HINT = "write NAME:PORT=ADDRESS:PORT, for instance broker.example:8883=127.0.0.1:18831"
_LITERAL_HINT = "a route leads to an address, all of it and plain: 127.0.0.1 or [::1]"
_ALLOW_HINT = "write HOST or HOST:PORT, for instance broker.example:8883; IPv6 in brackets"


@dataclass(frozen=True)
class Route:
    """`name` (or an address), `port` as the device asks for it leads to `to_port` of `address`."""

    name: str
    port: int
    address: Address
    to_port: int

    def __str__(self) -> str:
        there = place(str(self.address), self.to_port)
        return f"{place(self.name, self.port)}={there}"


@dataclass(frozen=True)
class Allowed:
    """`host` (a name or an address) may really be reached; no `port`: whatever the port."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        if self.port is not None:
            return place(self.host, self.port)
        return f"[{self.host}]" if ":" in self.host else self.host


@dataclass(frozen=True)
class Way:
    """How something is reached: `addresses`, or a `name` that has to be resolved first."""

    addresses: tuple[Address, ...]
    port: int
    name: str = ""


def parse_route(text: str, *, where: str = "--route") -> Route:
    """`NAME:PORT=ADDRESS:PORT`. Raises QuecsimError that says what is wrong with it."""
    here, equals, there = text.partition("=")
    if not equals:
        raise QuecsimError(f"{shown(text)} is no route", where=where, hint=_ROUTE_HINT)
    name, port = split_place(here, where, _ROUTE_HINT)
    address, to_port = split_place(there, where, _ROUTE_HINT)
    if port is None or to_port is None:
        raise QuecsimError(f"{shown(text)} lacks a port", where=where, hint=_ROUTE_HINT)
    return Route(_host(name, where), port, literal(address, where, _LITERAL_HINT), to_port)


def parse_allowed(text: str, *, where: str = "--allow-network") -> Allowed:
    """`HOST[:PORT]`. Raises QuecsimError that says what is wrong with it."""
    if "*" in text or "/" in text:
        hint = "name each host that the device may reach"
        raise QuecsimError(f"{shown(text)} would be more than one host", where=where, hint=hint)
    written, port = split_place(text, where, _ALLOW_HINT)
    host = _host(written, where)
    address = read_address(host)
    if address is not None:
        _refuse_never(address, where)
    return Allowed(host, port)


class Permissions:
    """All that is given to one device. Raises QuecsimError where it does not fit together."""

    def __init__(self, routes: Iterable[Route] = (), allowed: Iterable[Allowed] = ()) -> None:
        self._allowed = frozenset(allowed)
        self._routes: dict[tuple[str, int], Route] = {}
        for route in routes:
            self._add(route)

    def __bool__(self) -> bool:
        return bool(self._routes or self._allowed)

    @property
    def routes(self) -> tuple[str, ...]:
        """All routes, as on the command line."""
        return tuple(sorted(map(str, self._routes.values())))

    @property
    def allowed(self) -> tuple[str, ...]:
        """All that may really be reached, as on the command line."""
        return tuple(sorted(map(str, self._allowed)))

    @property
    def routed(self) -> tuple[str, ...]:
        """The names (or addresses) that have a route, each once, in the order of the alphabet."""
        return tuple(sorted({name for name, _ in self._routes}))

    def has(self, host: str) -> bool:
        """Something of it is given, at whatever port."""
        host = plain_host(host)
        return any(name == host for name, _ in self._routes) or any(
            each.host == host for each in self._allowed
        )

    def way(self, host: str, port: int) -> Way | None:
        """How `port` of `host` is reached, as the device has written it; None: not at all."""
        host = plain_host(host)
        route = self._routes.get((host, port))
        if route is not None:
            return Way((route.address,), route.to_port)
        if not self.is_allowed(host, port):
            return None
        address = read_address(host)
        if address is None:
            return Way((), port, host)
        return Way(self.admitted([address]), port)

    @staticmethod
    def admitted(addresses: Iterable[Address]) -> tuple[Address, ...]:
        """Those of a name that may be reached, version 4 first, as with a module."""
        may = {it: None for it in addresses if reach_of(it) is not Reach.NEVER}
        return tuple(sorted(may, key=lambda it: it.version))

    def _add(self, route: Route) -> None:
        key = (route.name, route.port)
        other = self._routes.setdefault(key, route)
        if other != route:
            hint = f"leave out {other} or {route}"
            raise QuecsimError(f"{place(*key)} is given two routes", hint=hint)
        _refuse_never(route.address, str(route))
        if reach_of(route.address) is not Reach.PUBLIC:
            return
        if not self.is_allowed(str(route.address), route.to_port):
            line = f"--allow-network {place(str(route.address), route.to_port)}"
            raise QuecsimError(
                f"{route} leads out into the world, to a public address",
                hint=f"add {line}, if that is meant",
            )

    def is_allowed(self, host: str, port: int) -> bool:
        """It may really be reached, or be the place where others reach the device."""
        return bool({Allowed(host), Allowed(host, port)} & self._allowed)


def advice(host: str, port: int) -> str:
    """What lets a device reach `port` of `host`, in words, to be put behind a colon."""
    host = plain_host(host)
    address = read_address(host)
    if address is None and not _is_name(host):
        return "that is no name and no address"
    if not 1 <= port <= _MOST_PORT:
        return "that is no port"
    to_route = f"add --route {place(host, port)}=127.0.0.1:PORT"
    if address is None:
        return f"{to_route} (or --allow-network {place(host, port)}, to really resolve the name)"
    if why := why_never(address):
        return f"{to_route}; the address itself is never reached ({why})"
    return f"{to_route} (or --allow-network {place(host, port)})"


def host_advice(host: str) -> str:
    """The same of a host as such: what lets a device resolve it, or send it an echo."""
    host = plain_host(host)
    address = read_address(host)
    if address is None and not _is_name(host):
        return "that is no name and no address"
    to_route = f"add --route {place(host, 'PORT')}=127.0.0.1:PORT"
    if address is not None and (why := why_never(address)):
        return f"{to_route}; the address itself is never reached ({why})"
    really = ", to really resolve the name" if address is None else ""
    return f"{to_route} (or --allow-network {Allowed(host)}{really})"


def place(host: str, port: int | str) -> str:
    """`host:port`, with brackets where the host needs them, and nothing that a terminal obeys."""
    host = printable(host)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def plain_host(text: str) -> str:
    """A host in the one form in which hosts are compared: lower case, no dot behind it."""
    text = text.removesuffix(".")
    address = read_address(text)
    if address is not None:
        return str(address)
    return text.lower() if text.isascii() else text


def _is_name(host: str) -> bool:
    """A name as DNS and /etc/hosts have them. What ends in a number may be taken for an address."""
    fits = len(host) <= _LONGEST_NAME and _NAME.fullmatch(host)
    return bool(fits) and not _ENDS_IN_A_NUMBER.fullmatch(host)


def split_place(text: str, where: str, hint: str) -> tuple[str, int | None]:
    """Host and port; brackets are gone. Raises QuecsimError where it is not that."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        is_well_formed = bool(bracket) and rest[:1] in ("", ":") and ":" in host
        colon, port = rest[:1], rest[1:]
    else:
        host, colon, port = text.partition(":")
        is_well_formed = ":" not in port and "]" not in host
        if not is_well_formed and read_address(text) is not None:
            hint = f"put an address of IPv6 into brackets: [{text}]"
    if not is_well_formed or not host or (colon and not port):
        raise QuecsimError(f"{shown(text)} is no host with a port", where=where, hint=hint)
    return host, read_port(port, where) if colon else None


def read_port(text: str, where: str) -> int:
    """Raises QuecsimError where it is none."""
    if not _PORT.fullmatch(text) or int(text) > _MOST_PORT:
        raise QuecsimError(f"{shown(text)} is no port", where=where, hint="a port is 1 to 65535")
    return int(text)


def _host(text: str, where: str) -> str:
    host = plain_host(text)
    if read_address(host) is not None or _is_name(host):
        return host
    if _ENDS_IN_A_NUMBER.fullmatch(host):
        hint = "write all of an address of IPv4, in decimal and without zeros in front: 127.0.0.1"
        raise QuecsimError(
            f"{shown(text)} is no name, and no plain address", where=where, hint=hint
        )
    hint = "a name has letters, digits, dots, - and _; one with others is written as xn--..."
    raise QuecsimError(f"{shown(text)} is no name of a host", where=where, hint=hint)


def literal(text: str, where: str, hint: str) -> Address:
    """The address that `text` is. Raises QuecsimError where it is none, or never reached."""
    address = read_address(text)
    if address is None:
        raise QuecsimError(f"{shown(text)} is no address", where=where, hint=hint)
    _refuse_never(address, where)
    return address


def _refuse_never(address: Address, where: str) -> None:
    if why := why_never(address):
        hint = "a device reaches loopback, private and public addresses"
        raise QuecsimError(f"{address} is never reached: {why}", where=where, hint=hint)
