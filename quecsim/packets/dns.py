"""Questions for the addresses of a name, and their answers."""

from collections.abc import Sequence
from ipaddress import ip_address

from dpkt import dns

from quecsim.packets.ip import packed

PORT = 53
_MOST_LABEL_BYTES, _MOST_NAME_BYTES = 63, 253
_RECURSION = dns.DNS_RD | dns.DNS_RA


def can_be_asked(name: str) -> bool:
    """It has a form in which it can stand in a question."""
    if not name.isascii() or not 0 < len(name) <= _MOST_NAME_BYTES:
        return False
    return all(0 < len(label) <= _MOST_LABEL_BYTES for label in _plain(name).split("."))


def families(addresses: Sequence[str]) -> list[int]:
    """The versions of IP that an answer tells of, each to be asked for: 4 where it has none."""
    found = {ip_address(address.partition("%")[0]).version for address in addresses}
    return sorted(found) or [4]


def question(name: str, number: int, version: int) -> bytes:
    """Which addresses has `name`?"""
    return _message(name, number, version, dns.DNS_RD, dns.DNS_RCODE_NOERR, [])


def answer(name: str, number: int, version: int, addresses: Sequence[str], ttl_s: int = 0) -> bytes:
    """These of them that are of that version; none: there is no such name."""
    rows = []
    for address in addresses:
        data = packed(address)
        if (len(data) == 4) == (version == 4):
            kind = dns.DNS_A if version == 4 else dns.DNS_AAAA
            ttl = min(max(ttl_s, 0), 0x7FFFFFFF)
            rows.append(dns.DNS.RR(name=_plain(name), type=kind, ttl=ttl, rdata=data))
    code = dns.DNS_RCODE_NOERR if addresses else dns.DNS_RCODE_NXDOMAIN
    return _message(name, number, version, dns.DNS_QR | _RECURSION, code, rows)


def _plain(name: str) -> str:
    return name.removesuffix(".")


def _message(
    name: str, number: int, version: int, bits: int, code: int, rows: list[dns.DNS.RR]
) -> bytes:
    kind = dns.DNS_A if version == 4 else dns.DNS_AAAA
    asked = [dns.DNS.Q(name=_plain(name), type=kind)]
    return bytes(dns.DNS(id=number & 0xFFFF, op=bits | code, qd=asked, an=rows, ns=[], ar=[]))
