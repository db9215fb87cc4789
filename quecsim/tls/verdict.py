"""What the other end's chain of certificates is worth, in words.

OpenSSL calls for each certificate, from the authority's down to the end's own (depth 0), with a
verdict by number (X509_V_ERR_*); here is decided what goes on, and what is told in the end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from quecsim.border import Why

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_S, LAST_S = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999: the calendar's range here."""

_NOT_YET, _EXPIRED = 9, 10
_WORDS = {
    1: "it cannot be checked",
    2: "issuer not found",
    4: "its signature cannot be read",
    5: "its signature cannot be read",
    6: "the public key of its issuer cannot be read",
    7: "its signature does not fit the issuer's key",
    13: "its dates cannot be read",
    14: "its dates cannot be read",
    18: "signed by itself, and not in the file of authorities",
    19: "signed by itself, and not in the file of authorities",
    20: "issuer not found",
    21: "issuer not found",
    22: "the chain is too long",
    24: "it may not sign others: its extensions say that it is no authority's",
    25: "more certificates below it than it allows",
    26: "not for this purpose, by its extensions",
    28: "rejected, by its extensions",
    29: "issuer not found",
    30: "issuer not found: the key identifiers differ",
    31: "issuer not found: the serial numbers differ",
    32: "it may not sign others, by its extensions",
    34: "it has a critical extension that is unknown",
    41: "it has an extension that cannot be read",
    47: "a name in it is not permitted by the chain",
    48: "a name in it is excluded by the chain",
    53: "the names in it cannot be checked",
    66: "its key is too short",
    67: "its key is too short",
    68: "its signature is of too weak a kind",
    76: "its signature is of a kind that its issuer's key cannot make",
    77: "its issuer's key is of a kind that is not known",
    79: "it may not sign others: its extensions say that it is no authority's",
    94: "its elliptic curve is not one of the named ones",
}
_OF_NO_ONE = 99  # more than any chain has


@dataclass(slots=True)
class Verdict:
    """One chain, judged at `calendar_s` (seconds since 1970; None: dates do not count).

    `whose` says in words whose certificate has depth 0. `why` is None as long as all is well.
    """

    calendar_s: int | None
    whose: str = "the server's certificate"
    why: Why | None = None
    detail: str = ""
    _late: str = ""
    _late_depth: int = _OF_NO_ONE

    def judge(self, code: int, depth: int, dates: tuple[str, str], is_right: bool) -> bool:
        """OpenSSL's `code` on the certificate at `depth`, valid from and to `dates`; go on?

        Dates alone end nothing before the end, so that what is worse is seen as well.
        """
        if is_right:
            return not self._ends_late(depth)
        if code not in (_NOT_YET, _EXPIRED):
            self.why = Why.TLS_VERIFY
            words = _WORDS.get(code, f"refused for a reason that is rare (X509_V_ERR {code})")
            self.detail = f"{self._name(depth)}: {words}"
            return False
        if self.calendar_s is not None and depth < self._late_depth:
            self._late, self._late_depth = self._dated(code, depth, dates), depth
        return not (self.calendar_s is not None and self._ends_late(depth))

    def _ends_late(self, depth: int) -> bool:
        """At the last certificate: whether a date was wrong on the way."""
        if depth or not self._late:
            return False
        self.why, self.detail = Why.TLS_TIME, self._late
        return True

    def _dated(self, code: int, depth: int, dates: tuple[str, str]) -> str:
        assert self.calendar_s is not None
        now = f"the module's clock says {day(self.calendar_s)}"
        if code == _EXPIRED:
            return f"{self._name(depth)}: expired on {dates[1]}, {now}"
        return f"{self._name(depth)}: not valid before {dates[0]}; {now}"

    def _name(self, depth: int) -> str:
        return f"the certificate {depth} above {self.whose}" if depth else self.whose


def moment(calendar_s: int) -> datetime:
    """`calendar_s` seconds after 1970, kept within the years 1 to 9999."""
    return _EPOCH + timedelta(seconds=min(max(calendar_s, FIRST_S), LAST_S))


def day(calendar_s: int) -> str:
    """`2026-06-01`."""
    return moment(calendar_s).date().isoformat()


def certificate_day(time: bytes | None) -> str:
    """`2026-06-01`, of ASN.1's `20260601000000Z`."""
    if time is None or len(time) < 8 or not time[:8].isdigit():
        return "an unreadable date"
    text = time[:8].decode("ascii")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"
