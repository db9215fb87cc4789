"""What an address is: here, somewhere in the world, or never to be reached.

Own tables, because `ipaddress` calls other things private from one release to the next. An address
of version 4 that is dressed up as one of version 6 is judged as what it is.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
_Network: TypeAlias = IPv4Network | IPv6Network


class Reach(Enum):
    """How far away an address is."""

    LOCAL = "loopback or private"
    PUBLIC = "public"
    NEVER = "never reached"


def _table(*rows: tuple[str, str]) -> tuple[tuple[_Network, str], ...]:
    return tuple((ip_network(network), why) for network, why in rows)


_METADATA = "a service of a cloud, which may give credentials away"
# From the ground up: RFC 6890 and what it names, and where clouds keep what nobody else may see.
_NEVER = _table(
    ("0.0.0.0/8", "unspecified"),
    ("169.254.0.0/16", "link-local, where clouds keep credentials"),
    ("192.0.0.192/32", _METADATA),
    ("100.100.100.200/32", _METADATA),
    ("168.63.129.16/32", _METADATA),
    ("224.0.0.0/4", "multicast"),
    ("255.255.255.255/32", "broadcast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local, which is no longer in use"),
    ("ff00::/8", "multicast"),
    ("fd00:ec2::/32", _METADATA),
    ("fd00:42::42/128", _METADATA),
    ("fd20:ce::254/128", _METADATA),
)
_LOCAL = _table(
    ("127.0.0.0/8", "loopback"),
    ("10.0.0.0/8", "private"),
    ("172.16.0.0/12", "private"),
    ("192.168.0.0/16", "private"),
    ("::1/128", "loopback"),
    ("fc00::/7", "private"),
)
# Where a translator may make one of version 4 of it again: (network, bits that follow that one).
_TRANSLATED: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
_TUNNELS = _table(
    ("64:ff9b:1::/48", "a translator's, to wherever it likes"),
    ("2001::/32", "a tunnel (Teredo), to wherever it likes"),
)


def read_address(text: str) -> Address | None:
    """The address that `text` is, in the one strict form there is of it; None: it is no address.

    No zone (`%eth0`), no brackets, no `127.1`, no `0x7f000001`, no `0177.0.0.1`. Version 4 within
    version 6 (`::ffff:127.0.0.1`) becomes version 4.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return None
    return _undressed(address)


def reach_of(address: Address) -> Reach:
    """How far away it is."""
    if why_never(address):
        return Reach.NEVER
    return Reach.LOCAL if _why(_undressed(address), _LOCAL) else Reach.PUBLIC


def why_never(address: Address) -> str:
    """In words, why it is never reached; empty: it may be."""
    address = _undressed(address)
    if isinstance(address, IPv6Address) and (reason := _why_translated_never(address)):
        return reason
    return _why(address, _NEVER)


def _undressed(address: Address) -> Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _why_translated_never(address: IPv6Address) -> str:
    if reason := _why(address, _TUNNELS):
        return reason
    if int(address) <= 1:  # unspecified and loopback, and not of version 4
        return ""
    for network, bits in _TRANSLATED:
        if address in network:
            inner = IPv4Address(int(address) >> bits & 0xFFFF_FFFF)
            if reach_of(inner) is not Reach.PUBLIC:
                return f"another way to write {inner}"
    return ""


def _why(address: Address, table: tuple[tuple[_Network, str], ...]) -> str:
    return next((why for network, why in table if address in network), "")
