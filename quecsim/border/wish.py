"""What a device wants of the network: complete by value, so that what comes of it needs no device.

`link` is the number of a connection, never used twice in a run.
"""

from typing import TypeAlias

import msgspec

CREDIT_BYTES = 1 << 16
"""How much the peer may send on a link before the device says that it takes more."""

SEND_BYTES = 1 << 16
"""How much a device may have sent on a counted link that the peer has not taken yet."""

MOST_LINKS = 32
"""How many connections a device has at once: its sockets, those of its clients, and questions."""

MOST_CALLS = 64
"""How many calls of one listening link wait at once for the device to take them up."""

MOST_PEM_BYTES = 1 << 20
"""A larger file of certificates is not read. A quarter of it holds all public authorities."""


class Pem(msgspec.Struct, frozen=True):
    """A file of certificates or a key as it is on the device. `data` is None where it is not there.

    `name` is that of the file with its storage (`UFS:ca.pem`); empty: nothing was configured.
    One that is longer than `MOST_PEM_BYTES` is cut behind the byte that is too much.
    `trouble` says why a file that is there could not be read.
    """

    name: str = ""
    data: bytes | None = None
    trouble: str = ""


class TlsWish(msgspec.Struct, frozen=True, kw_only=True):
    """How a connection is to be made safe.

    `level`: 0 checks nothing, 1 the server, 2 also shows the device's own certificate. `versions`
    are those offered ("ssl3", "1.0", "1.1", "1.2"), `suites` IANA's numbers of the cipher suites
    (empty: all that there are). `sni`: the host's name goes along. `calendar_s` is the module's
    clock in seconds since 1970 (UTC), against which validity is checked unless `ignores_time`.
    `negotiate_ns` is how long the handshake may take. `keeps_good_blocks`: of a file in which one
    certificate is damaged, the others count (as mbedTLS has it); otherwise none does.
    """

    level: int = 0
    ca: Pem = Pem()
    certificate: Pem = Pem()
    key: Pem = Pem()
    key_password: str = ""
    sni: bool = False
    versions: tuple[str, ...] = ("1.0", "1.1", "1.2")
    suites: tuple[int, ...] = ()
    ignores_time: bool = False
    calendar_s: int = 0
    negotiate_ns: int = 300_000_000_000
    keeps_good_blocks: bool = False


class Open(msgspec.Struct, frozen=True, tag=True):
    """Connect to `host` (a name or an address). `owner` says in words who wants it.

    With `is_counted` the peer says how much of what was sent it has taken (`quecsim.border.Sent`).
    """

    link: int
    host: str
    port: int
    protocol: str = "tcp"
    tls: TlsWish | None = None
    owner: str = ""
    is_counted: bool = False


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Be called at the device's own `port`: by connections (`tcp`), or by datagrams (`udp`).

    Port 0 is any that is free.
    """

    link: int
    port: int
    protocol: str = "tcp"
    owner: str = ""


class Accept(msgspec.Struct, frozen=True, tag=True):
    """Take up the call `caller` of the listening link `listener`: it is `link` from now on."""

    link: int
    listener: int
    caller: int
    is_counted: bool = False


class Refuse(msgspec.Struct, frozen=True, tag=True):
    """Do not take up the call `caller` of the listening link `link`."""

    link: int
    caller: int


class Resolve(msgspec.Struct, frozen=True, tag=True):
    """Which addresses has `host`? One answer, and the link is over."""

    link: int
    host: str
    owner: str = ""


class Ping(msgspec.Struct, frozen=True, tag=True):
    """An echo request with `count` bytes to `host`. One answer, and the link is over."""

    link: int
    host: str
    count: int
    owner: str = ""


class Send(msgspec.Struct, frozen=True, tag=True):
    """Send `data`: over a link that listens for datagrams, to the address and port `to`."""

    link: int
    data: bytes
    to: tuple[str, int] | None = None


class Secure(msgspec.Struct, frozen=True, tag=True):
    """Begin TLS on a link that is open without it; `host` is the server's name."""

    link: int
    tls: TlsWish
    host: str


class Credit(msgspec.Struct, frozen=True, tag=True):
    """The device takes `count` bytes more than it said before."""

    link: int
    count: int


class Shut(msgspec.Struct, frozen=True, tag=True):
    """Close the connection: in good order, or with a reset (`is_abort`). Nothing more comes, but
    with `is_told` the word that the other side knows (`quecsim.border.Ended`).
    """

    link: int
    is_abort: bool = False
    is_told: bool = False


Begin: TypeAlias = Open | Listen | Accept | Resolve | Ping
"""What a link begins with."""

Wish: TypeAlias = Begin | Refuse | Send | Secure | Credit | Shut
