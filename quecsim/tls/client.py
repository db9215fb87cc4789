"""The device's end of a TLS connection, without a network: bytes in, bytes out."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from quecsim.border import TlsWish, Why
from quecsim.tls.alerts import (
    CLOSE_NOTIFY,
    HANDSHAKE_FAILURE,
    INSUFFICIENT_SECURITY,
    PROTOCOL_VERSION,
    name_alert,
)
from quecsim.tls.flight import CERTIFICATE_REQUEST, SERVER_HELLO, SERVER_HELLO_DONE
from quecsim.tls.own import CHECKS_SERVER, SHOWS_OWN, read_authorities, read_own
from quecsim.tls.suites import offered_suites, offered_versions
from quecsim.tls.trouble import Broken, TlsTrouble
from quecsim.tls.verdict import Verdict

if TYPE_CHECKING:
    from quecsim.tls.openssl import End

__all__ = ["TlsClient", "TlsTrouble", "new_client"]

_NOTHING_COMMON = (PROTOCOL_VERSION, INSUFFICIENT_SECURITY)
_ABOUT_COMMON = ("version", "protocol", "cipher")  # in OpenSSL's reasons
_LONGEST_NAME = 255
_SHOWN_BYTES = 16


def new_client(
    wish: TlsWish, host: str, *, keylog: Callable[[bytes], None] | None = None
) -> "TlsClient":
    """The device's end of a connection to `host`; `keylog` is told lines as of SSLKEYLOGFILE.

    Raises TlsTrouble for tls:version, tls:ca and tls:own: these never reach the network.
    """
    versions = offered_versions(wish.versions)
    suites = offered_suites(wish.suites, versions)
    authorities = read_authorities(wish)
    own = read_own(wish)
    from quecsim.tls.openssl import End, Rules, Unusable, new_context

    verdict = None
    if wish.level >= CHECKS_SERVER:
        verdict = Verdict(None if wish.ignores_time else wish.calendar_s)
    rules = Rules(versions, suites, authorities, verdict, own, keylog)
    try:
        context = new_context(rules, is_server=False)
    except Unusable as error:
        raise TlsTrouble(Why.TLS_OWN, f"unusable: {error}", wish.certificate.name) from None
    name = server_name(host) if wish.sni else b""
    return TlsClient(End(context, is_server=False, name=name), wish, verdict, own is not None)


def server_name(host: str) -> bytes:
    """What SNI says (RFC 6066, chapter 3): no address, nothing that cannot be a host's name."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        is_name = host.isascii() and host.isprintable() and 0 < len(host) <= _LONGEST_NAME
        return host.encode() if is_name else b""
    return b""


class TlsClient:
    """One connection. After a TlsTrouble it takes nothing more; what it still has to say (an
    alert) is in `take_output`.
    """

    def __init__(self, end: "End", wish: TlsWish, verdict: Verdict | None, shows_own: bool) -> None:
        self._end = end
        self._wish = wish
        self._verdict = verdict
        self._shows_own = shows_own
        self._first = b""  # what came first, for the words
        self._is_over = False

    @property
    def is_established(self) -> bool:
        """The handshake is done."""
        return self._end.is_established

    @property
    def is_closed(self) -> bool:
        """The other end has said that nothing more comes (close_notify)."""
        return self._end.is_closed

    @property
    def version(self) -> str:
        """`TLSv1.2`; empty before the server has chosen."""
        return self._end.version

    @property
    def suite(self) -> str:
        """OpenSSL's name of the cipher suite; empty before the server has chosen."""
        return self._end.suite

    @property
    def sent_bytes(self) -> int:
        """What the handshake has sent, as `tls.flight` counts."""
        return self._end.sent.size_bytes

    @property
    def received_bytes(self) -> int:
        """What the handshake has received, as `tls.flight` counts."""
        return self._end.received.size_bytes

    def start(self) -> None:
        """Begin: the first flight is in `take_output` then."""
        try:
            self._end.start()
        except Broken as broken:
            self._is_over = True
            raise TlsTrouble(Why.TLS_VERSION, f"it cannot begin: {broken.reasons}") from None

    def receive(self, data: bytes) -> None:
        """Bytes from the network, in any pieces.

        Raises TlsTrouble: the handshake fails, or the peer breaks the rules.
        """
        if self._is_over:
            return
        try:
            for piece in self._end.pieces(data):
                self._first += piece[: _SHOWN_BYTES - len(self._first)]
                self._end.feed(piece)
                self._look_for_own()
        except Broken as broken:
            self._is_over = True
            raise self._trouble(broken) from None

    def take_output(self) -> bytes:
        """For the network; also the alert after a failure."""
        return self._end.take_output()

    def take_plain(self) -> bytes:
        """What the other end has sent."""
        return self._end.take_plain()

    def send(self, plain: bytes) -> None:
        """Send, once it is established."""
        assert self.is_established, "a handshake comes first"
        self._end.send(plain)

    def end_of_input(self) -> None:
        """The network has ended the connection: raises TlsTrouble in a handshake."""
        if self._is_over or self.is_established:
            return
        self._is_over = True
        when = "in the middle of the handshake" if self._first else "before it had said anything"
        raise TlsTrouble(Why.TLS_ALERT, f"the server ended the connection {when}")

    def close(self) -> None:
        """Say that nothing more comes from here (close_notify)."""
        self._end.close()

    def _look_for_own(self) -> None:
        """Level 2 without a certificate works as long as none is asked for."""
        seen = self._end.received.seen
        if self._shows_own or self._wish.level < SHOWS_OWN or self.is_established:
            return
        if CERTIFICATE_REQUEST in seen and SERVER_HELLO_DONE in seen:
            self._is_over = True
            self._end.take_output()  # OpenSSL would have shown none
            words = "the server asks for the device's certificate, and none is configured"
            raise TlsTrouble(Why.TLS_OWN, words)

    def _trouble(self, broken: Broken) -> TlsTrouble:
        if self._verdict is not None and self._verdict.why is not None:
            is_date = self._verdict.why is Why.TLS_TIME
            file = "" if is_date else self._wish.ca.name
            return TlsTrouble(self._verdict.why, self._verdict.detail, file)
        if broken.alert >= 0:
            return TlsTrouble(*self._alerted(broken.alert))
        if self.is_established:
            words = f"the server broke the rules of TLS: {broken.reasons}"
            return TlsTrouble(Why.TLS_ALERT, words)
        if SERVER_HELLO not in self._end.received.seen:
            return TlsTrouble(Why.TLS_VERSION, self._no_tls(broken))
        if any(word in broken.reasons for word in _ABOUT_COMMON):
            words = f"no version or cipher suite in common: {broken.reasons}"
            return TlsTrouble(Why.TLS_VERSION, words)
        if broken.is_certificate:
            words = f"the server's certificate, or what it signed, does not hold: {broken.reasons}"
            return TlsTrouble(Why.TLS_VERIFY, words)
        words = f"the server broke the rules of TLS in the handshake: {broken.reasons}"
        return TlsTrouble(Why.TLS_ALERT, words)

    def _no_tls(self, broken: Broken) -> str:
        first = self._first.decode("latin-1")
        return f"what the server says is no TLS ({first!a}): {broken.reasons}"

    def _alerted(self, alert: int) -> tuple[Why, str]:
        """The server broke it off."""
        name = name_alert(alert)
        if self.is_established:
            return Why.TLS_ALERT, f"the server broke it off: {name}"
        if alert == CLOSE_NOTIFY:
            return Why.TLS_ALERT, f"the server ended the handshake: {name}"
        has_chosen = SERVER_HELLO in self._end.received.seen
        if alert in _NOTHING_COMMON or (alert == HANDSHAKE_FAILURE and not has_chosen):
            words = f"no version or cipher suite in common: the server says {name}"
            return Why.TLS_VERSION, words
        broke = f"the server broke the handshake off: {name}"
        if CERTIFICATE_REQUEST not in self._end.received.seen:
            return Why.TLS_ALERT, broke
        if self._shows_own:
            return Why.TLS_ALERT, f"{broke}; it did not accept the device's certificate"
        shown = f"none was shown (level {self._wish.level})"
        return Why.TLS_ALERT, f"{broke}; it wanted the device's certificate, and {shown}"
