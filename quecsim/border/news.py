"""What the network has to tell a device."""

from enum import StrEnum
from typing import TypeAlias

import msgspec


class Why(StrEnum):
    """Why a connection did not come about, or ended: a closed set."""

    DNS = "dns"  # the name does not resolve
    REFUSED = "refused"  # nobody listens there
    UNREACHABLE = "unreachable"  # no way to that address, or no bearer
    TIMEOUT = "timeout"  # no answer in time
    RESET = "reset"  # the other side broke it off
    FIN = "fin"  # the other side ended it
    NOT_ALLOWED = "not-allowed"  # nobody gave the permission to reach it
    TLS_CA = "tls:ca"  # no certificate, or none that is usable, in the file of authorities
    TLS_OWN = "tls:own"  # the device's own certificate or key is not usable
    TLS_VERIFY = "tls:verify"  # the server's certificate does not hold
    TLS_TIME = "tls:time"  # it would, at another date
    TLS_ALERT = "tls:alert"  # the server broke the handshake off
    TLS_VERSION = "tls:version"  # no version or cipher suite that both have


class Opened(msgspec.Struct, frozen=True, tag=True):
    """It is open. `peer` is the address that was reached, `port` the local one.

    `version` and `suite` are TLS's ("TLSv1.2", OpenSSL's name), empty without. `sent_bytes` and
    `received_bytes` say how much the handshake had to carry.
    """

    link: int
    peer: str = ""
    port: int = 0
    version: str = ""
    suite: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It did not come about. `detail` says in words what was wrong, `file` names the file at fault
    where one is.
    """

    link: int
    why: Why
    detail: str = ""
    file: str = ""


class Secured(msgspec.Struct, frozen=True, tag=True):
    """TLS has begun on a link that was open without it; the fields are those of `Opened`."""

    link: int
    version: str = ""
    suite: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0


class Listening(msgspec.Struct, frozen=True, tag=True):
    """The device can be called. `port` is its own, for a wish of 0 as well."""

    link: int
    port: int


class Incoming(msgspec.Struct, frozen=True, tag=True):
    """Somebody calls a link that listens: number `caller` of its calls, from that address."""

    link: int
    caller: int
    address: str
    port: int


class Resolved(msgspec.Struct, frozen=True, tag=True):
    """The addresses of a name, which hold for `ttl_s`."""

    link: int
    addresses: tuple[str, ...]
    ttl_s: int = 0


class Pong(msgspec.Struct, frozen=True, tag=True):
    """An echo has come back from `address`, with a time to live of `hops` left."""

    link: int
    address: str
    hops: int = 64


class Data(msgspec.Struct, frozen=True, tag=True):
    """Bytes from the other side: never more than the device has given credit for.

    `source` is where a datagram comes from, on a link that listens.
    """

    link: int
    data: bytes
    source: tuple[str, int] | None = None


class Sent(msgspec.Struct, frozen=True, tag=True):
    """The other side has taken `count` bytes more, on a counted link."""

    link: int
    count: int


class Closed(msgspec.Struct, frozen=True, tag=True):
    """The other side is gone: `why` is fin, reset or timeout, or what became of a handshake that
    was begun on an open link. `file` names the file at fault where one is.
    """

    link: int
    why: Why
    detail: str = ""
    file: str = ""


class Ended(msgspec.Struct, frozen=True, tag=True):
    """The other side knows that the device has closed the connection. Its system says so, whatever
    runs there: the way there and back is all that it takes.
    """

    link: int


News: TypeAlias = (
    Opened
    | Secured
    | Failed
    | Listening
    | Incoming
    | Resolved
    | Pong
    | Data
    | Sent
    | Closed
    | Ended
)
