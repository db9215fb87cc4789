"""Cipher suites and versions: IANA's numbers, and what OpenSSL calls them, if it has them.

The numbers are those that the modules' documents name, and what else servers of today offer.
Gone from OpenSSL, and from nearly every server: RC4, 3DES, and ECDH with a key that stays.
"""

from collections.abc import Iterable

from quecsim.border import Why
from quecsim.tls.trouble import TlsTrouble

# In the order in which they are offered: the strongest first.
_KNOWN: dict[int, str] = {
    0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384",
    0xC030: "ECDHE-RSA-AES256-GCM-SHA384",
    0x009F: "DHE-RSA-AES256-GCM-SHA384",
    0xCCA9: "ECDHE-ECDSA-CHACHA20-POLY1305",
    0xCCA8: "ECDHE-RSA-CHACHA20-POLY1305",
    0xC0AD: "ECDHE-ECDSA-AES256-CCM",
    0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256",
    0xC02F: "ECDHE-RSA-AES128-GCM-SHA256",
    0x009E: "DHE-RSA-AES128-GCM-SHA256",
    0xC0AC: "ECDHE-ECDSA-AES128-CCM",
    0xC024: "ECDHE-ECDSA-AES256-SHA384",
    0xC028: "ECDHE-RSA-AES256-SHA384",
    0x006B: "DHE-RSA-AES256-SHA256",
    0xC023: "ECDHE-ECDSA-AES128-SHA256",
    0xC027: "ECDHE-RSA-AES128-SHA256",
    0x0067: "DHE-RSA-AES128-SHA256",
    0xC00A: "ECDHE-ECDSA-AES256-SHA",
    0xC014: "ECDHE-RSA-AES256-SHA",
    0x0039: "DHE-RSA-AES256-SHA",
    0xC009: "ECDHE-ECDSA-AES128-SHA",
    0xC013: "ECDHE-RSA-AES128-SHA",
    0x0033: "DHE-RSA-AES128-SHA",
    0x009D: "AES256-GCM-SHA384",
    0x009C: "AES128-GCM-SHA256",
    0x003D: "AES256-SHA256",
    0x003C: "AES128-SHA256",
    0x0035: "AES256-SHA",
    0x002F: "AES128-SHA",
}
_GONE: dict[int, str] = {
    0x0004: "TLS_RSA_WITH_RC4_128_MD5",
    0x0005: "TLS_RSA_WITH_RC4_128_SHA",
    0x000A: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    0xC002: "TLS_ECDH_ECDSA_WITH_RC4_128_SHA",
    0xC003: "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA",
    0xC004: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA",
    0xC005: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA",
    0xC007: "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    0xC008: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
    0xC00C: "TLS_ECDH_RSA_WITH_RC4_128_SHA",
    0xC00D: "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA",
    0xC00E: "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA",
    0xC00F: "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA",
    0xC011: "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    0xC012: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    0xC025: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256",
    0xC026: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384",
    0xC029: "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256",
    0xC02A: "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384",
}
VERSIONS = {"1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303}


def is_there(suite: int) -> bool:
    """Whether OpenSSL has the cipher suite with IANA's number `suite`."""
    return suite in _KNOWN


def offered_versions(versions: tuple[str, ...]) -> tuple[int, ...]:
    """The protocol's numbers from the lowest to the highest of `versions`: without a gap, since
    a hello says only the highest (RFC 5246, 7.4.1.2). Raises TlsTrouble: none is left.
    """
    found = [VERSIONS[one] for one in versions if one in VERSIONS]
    if found:
        return tuple(range(min(found), max(found) + 1))
    if not versions:
        raise TlsTrouble(Why.TLS_VERSION, "no version of TLS is allowed")
    raise TlsTrouble(Why.TLS_VERSION, _nothing_left(map(_version, versions)))


def offered_suites(suites: tuple[int, ...], versions: tuple[int, ...]) -> tuple[str, ...]:
    """OpenSSL's names of `suites` (none: all that there are) that one of `versions` can have.

    Raises TlsTrouble: none is left.
    """
    there = [_KNOWN[one] for one in suites or _KNOWN if one in _KNOWN]
    if not there:
        names = (_GONE.get(one, f"cipher suite 0x{one:04x}") for one in suites)
        raise TlsTrouble(Why.TLS_VERSION, _nothing_left(names))
    fitting = tuple(name for name in there if VERSIONS["1.2"] in versions or _is_old(name))
    if fitting:
        return fitting
    raise TlsTrouble(
        Why.TLS_VERSION,
        f"{_listed(there)} needs TLS 1.2, and only {_listed(map(_number, versions))} is allowed",
    )


def _nothing_left(names: Iterable[str]) -> str:
    limit = "a limit of the simulator, and of nearly every server"
    return f"nothing is allowed but {_listed(names)}, which OpenSSL does not have any more: {limit}"


def _is_old(name: str) -> bool:
    """Whether a suite is not for TLS 1.2 alone (RFC 5246 and later)."""
    return name.endswith("-SHA")


def _version(version: str) -> str:
    return "SSL 3.0" if version == "ssl3" else f"TLS {version}"


def _number(version: int) -> str:
    return f"TLS 1.{version - VERSIONS['1.0']}"


def _listed(words: Iterable[str]) -> str:
    """A few of them, in words."""
    every = list(words)
    shown = ", ".join(every[:4])
    return f"{shown} and {len(every) - 4} more" if len(every) > 4 else shown
