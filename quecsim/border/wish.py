"""What a device wants of the network: complete by value, so that what comes of it needs no device.

`link` is the number of a connection, never used twice in a run.
"""

from typing import TypeAlias

import msgspec

CREDIT_BYTES = 1 << 16
"""How much the peer may send on a link before the device says that it takes more."""

MOST_LINKS = 12
"""How many connections a device has at once."""

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
    """Connect to `host` (a name or an address). `owner` says in words who wants it."""

    link: int
    host: str
    port: int
    protocol: str = "tcp"
    tls: TlsWish | None = None
    owner: str = ""


class Send(msgspec.Struct, frozen=True, tag=True):
    """Send `data`."""

    link: int
    data: bytes


class Credit(msgspec.Struct, frozen=True, tag=True):
    """The device takes `count` bytes more than it said before."""

    link: int
    count: int


class Shut(msgspec.Struct, frozen=True, tag=True):
    """Close the connection: in good order, or with a reset (`is_abort`). Nothing more comes."""

    link: int
    is_abort: bool = False


Wish: TypeAlias = Open | Send | Credit | Shut
