"""Where a firmware package is, as AT+QFOTADL is told: the documented forms of an address.

What has not the form is plain ERROR. What has it, and is no address all the same (a host that there
cannot be), is accepted, and ends the download as it begins.
"""

import re
from dataclasses import dataclass

from quecsim.at.results import AtError
from quecsim.clients.url import Url, UrlError, UrlFault, parse_url


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of address: its form, and its word in START and END."""

    word: str
    form: re.Pattern[str]
    names: tuple[str, ...]


# User, password, server and file are 50 bytes at most; the file lies in the FTP server's root.
FTP = Scheme(
    "FTP",
    re.compile(
        r"ftp://[^:@/]{1,50}:[^@/]{1,50}@[^:@/]{1,50}(?::([0-9]{1,5}))?/[^/]{1,50}", re.IGNORECASE
    ),
    ("ftp",),
)
HTTP = Scheme(
    "HTTP",
    re.compile(r"https?://[^:@/]+(?::([0-9]{1,5}))?/.+", re.IGNORECASE),
    ("http", "https"),
)
_EMPTY = re.compile(r"(?:ftp|https?)://", re.IGNORECASE)


def scheme_of(text: str) -> Scheme:
    """The kind of address. Raises AtError for one that is not well-formed."""
    for scheme in (FTP, HTTP):
        match = scheme.form.fullmatch(text)
        if match is not None and 1 <= int(match[1] or 1) <= 65535:
            return scheme
    if _EMPTY.fullmatch(text):
        return FTP if text[:3].lower() == "ftp" else HTTP
    raise AtError


def url_of(text: str, scheme: Scheme) -> Url:
    """Its parts. Raises UrlError for what no server can be found by."""
    if _EMPTY.fullmatch(text):
        raise UrlError(UrlFault.EMPTY, "there is nothing behind ://")
    return parse_url(text, scheme.names)
