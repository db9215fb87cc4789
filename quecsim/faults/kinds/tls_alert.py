"""`tls_alert`: the server breaks a TLS handshake off."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.border import Failed, Open, Ping, Resolve, Why
from quecsim.faults.fault import ORDINALS, Number, Options
from quecsim.faults.network_fault import TIMES, OpenFault
from quecsim.faults.points import Aim


class TlsAlert(OpenFault, frozen=True, kw_only=True, tag="tls_alert"):
    """TLS handshake number `handshake`, and the `times - 1` after it, ends with the server's alert.

    A connection counts that asks for TLS, whatever would have come of its certificates.
    """

    KEY: ClassVar[str] = "handshake"
    AIMS: ClassVar[Mapping[str, Aim]] = {"handshake": Aim("handshake")}
    ORDER: ClassVar[int] = 330
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"handshake": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"handshake": ORDINALS, "times": TIMES},)

    handshake: Number = 1

    def what(self) -> str:
        """What happens."""
        return "the server breaks the handshake off"

    def answer(self, wish: Open | Resolve | Ping, /) -> Failed:
        """What the device hears."""
        return Failed(wish.link, Why.TLS_ALERT, "the server sent the alert handshake_failure")
