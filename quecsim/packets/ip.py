"""Packets of IP, made up around bytes: TCP, UDP, echoes. Lengths and checksums are right."""

from ipaddress import ip_address
from typing import NamedTuple

from dpkt import icmp, icmp6, ip, ip6, tcp, udp

_TTL = 64
MOST_DATAGRAM_BYTES = 65_507
"""The payload of UDP over IPv4; more is no datagram."""

SYN, FIN, RST, PSH, ACK = tcp.TH_SYN, tcp.TH_FIN, tcp.TH_RST, tcp.TH_PUSH, tcp.TH_ACK


class Place(NamedTuple):
    """An address of IPv4 or IPv6 and a port (0: none)."""

    address: str
    port: int


def segment(
    source: Place, target: Place, flags: int, seq: int, ack: int, data: bytes, options: bytes = b""
) -> bytes:
    """A segment of TCP; `seq` and `ack` may be beyond 32 bits."""
    options += b"\x01" * (-len(options) % 4)
    body = tcp.TCP(
        sport=source.port,
        dport=target.port,
        seq=seq & 0xFFFFFFFF,
        ack=ack & 0xFFFFFFFF if flags & ACK else 0,
        flags=flags,
        off=5 + len(options) // 4,
        data=data,
    )
    body.opts = options
    return _packet(source.address, target.address, ip.IP_PROTO_TCP, body)


def datagram(source: Place, target: Place, data: bytes) -> bytes:
    """A datagram of UDP with at most `MOST_DATAGRAM_BYTES`."""
    body = udp.UDP(sport=source.port, dport=target.port, ulen=8 + len(data), data=data)
    return _packet(source.address, target.address, ip.IP_PROTO_UDP, body)


def echo(source: str, target: str, number: int, count: int, *, is_reply: bool, ttl: int) -> bytes:
    """An echo request, or its reply, with `count` bytes."""
    data = icmp.ICMP.Echo(id=number & 0xFFFF, seq=1, data=bytes(count))
    if _is_v6(source):
        kind = icmp6.ICMP6_ECHO_REPLY if is_reply else icmp6.ICMP6_ECHO_REQUEST
        body = icmp6.ICMP6(type=kind, data=data)
        return _packet(source, target, ip.IP_PROTO_ICMP6, body, ttl)
    kind = icmp.ICMP_ECHOREPLY if is_reply else icmp.ICMP_ECHO
    return _packet(source, target, ip.IP_PROTO_ICMP, icmp.ICMP(type=kind, data=data), ttl)


def is_alike(one: str, other: str) -> bool:
    """Both addresses are of the same version."""
    return _is_v6(one) == _is_v6(other)


def packed(address: str) -> bytes:
    """4 or 16 bytes. A zone (`%eth0`) is left out."""
    return ip_address(address.partition("%")[0]).packed


def _is_v6(address: str) -> bool:
    return ":" in address


def _packet(source: str, target: str, protocol: int, body: object, ttl: int = _TTL) -> bytes:
    if not _is_v6(source):
        return bytes(
            ip.IP(src=packed(source), dst=packed(target), p=protocol, ttl=ttl & 0xFF, data=body)
        )
    made = ip6.IP6(
        src=packed(source), dst=packed(target), nxt=protocol, hlim=ttl & 0xFF,
        plen=len(bytes(body)), data=body,  # type: ignore[call-overload]
    )  # fmt: skip
    made.extension_hdrs, made.all_extension_headers, made.p = {}, [], protocol
    whole = bytes(made)
    if protocol == ip.IP_PROTO_UDP and not made.data.sum:  # RFC 8200: never 0 over IPv6
        made.data.sum = 0xFFFF
        whole = bytes(made)
    return whole
