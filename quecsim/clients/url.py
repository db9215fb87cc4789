"""URLs as a module takes them: parsed strictly, since what it cannot read it refuses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote

from quecsim.errors import QuecsimError

MOST_URL_BYTES = 2048
DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21, "ftps": 990}

_SHAPE = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[/?#].*)?", re.ASCII
)
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
_NUMBERS = re.compile(r"[0-9.]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class UrlFault(Enum):
    """What is wrong with a URL."""

    EMPTY = auto()
    MALFORMED = auto()  # or too long, or of a scheme that is not meant
    ADDRESS = auto()  # its host is an address that there cannot be


class UrlError(QuecsimError):
    """`fault` says what kind of mistake it is, the message says more."""

    def __init__(self, fault: UrlFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Url:
    """`scheme://user:password@host:port/path`, without its fragment.

    `scheme` and names in `host` are lower-case; an IPv6 address has no brackets. `port` is the
    scheme's own where the URL names none. `path` begins with a slash, and is as it was written,
    with the query. `user` and `password` are decoded; None where the URL has none.
    """

    scheme: str
    host: str
    port: int
    path: str
    user: str | None = None
    password: str | None = None

    @property
    def is_secure(self) -> bool:
        """TLS from the first byte on."""
        return self.scheme in ("https", "ftps")

    @property
    def authority(self) -> str:
        """Host and port as HTTP's `Host` has them: without the scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_url(
    text: str,
    schemes: Sequence[str] = ("http", "https"),
    *,
    most_bytes: int = MOST_URL_BYTES,
) -> Url:
    """The parts of `text`, whose characters stand for bytes. Raises UrlError."""
    if not text:
        raise UrlError(UrlFault.EMPTY, "there is no URL")
    if len(text) > most_bytes:
        raise _malformed(f"longer than {most_bytes} bytes")
    if any(not "!" <= character <= "~" for character in text):
        raise _malformed("a blank, a control character, or a byte above 7E")
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise _malformed("not of the form scheme://host/path")
    scheme = shape["scheme"].lower()
    if scheme not in schemes:
        raise _malformed(f"{scheme} is none of {', '.join(schemes)}")
    userinfo, at, place = shape["authority"].rpartition("@")
    host, port = _host_and_port(place, DEFAULT_PORTS[scheme])
    user, password = _user_and_password(userinfo) if at else (None, None)
    path = (shape["rest"] or "").partition("#")[0]
    return Url(scheme, host, port, path if path.startswith("/") else f"/{path}", user, password)


def is_address(host: str) -> bool:
    """Whether a URL's host is an address, and no name."""
    return ":" in host or _NUMBERS.fullmatch(host) is not None


def _host_and_port(place: str, default: int) -> tuple[str, int]:
    if place.startswith("["):
        address, bracket, rest = place[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise _malformed(f"host {place!r}")
        return _ipv6(address), _port(rest[1:], default) if rest else default
    host, colon, digits = place.partition(":")
    port = _port(digits, default) if colon else default
    if _NUMBERS.fullmatch(host):
        try:
            return str(IPv4Address(host)), port
        except AddressValueError:
            raise UrlError(UrlFault.ADDRESS, f"{host} is no address") from None
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise _malformed(f"host {host!r}")
    return host.lower(), port


def _ipv6(address: str) -> str:
    try:
        return str(IPv6Address(address))
    except AddressValueError:
        raise UrlError(UrlFault.ADDRESS, f"{address} is no address") from None


def _port(digits: str, default: int) -> int:
    if not digits:
        return default  # `host:/`, which RFC 3986 has
    if len(digits) > 5 or not (digits.isdigit() and 1 <= int(digits) <= 65_535):
        raise _malformed(f"port {digits!r}")
    return int(digits)


def _user_and_password(userinfo: str) -> tuple[str, str | None]:
    if _BAD_ESCAPE.search(userinfo):
        raise _malformed("a % without two hexadecimal digits")
    user, colon, password = userinfo.partition(":")
    decoded = unquote(user, "latin-1")
    return decoded, unquote(password, "latin-1") if colon else None


def _malformed(what: str) -> UrlError:
    return UrlError(UrlFault.MALFORMED, f"not a URL that a module takes: {what}")
