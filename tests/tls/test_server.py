"""The other end, against the standard library's: it is neither more lenient nor more strict."""

import ssl
import warnings
from pathlib import Path
from typing import Any, Literal

import pytest

import quecsim
from quecsim.border import TlsWish
from quecsim.tls.authority import server_tls
from quecsim.tls.client import new_client
from quecsim.tls.outcome import Handshake, outcome
from quecsim.tls.server import new_server
from quecsim.tls.trouble import Broken
from tests.tls.ends import (
    HOST,
    connected,
    pair_wish,
    talk,
    trouble_of,
    wish,
    words,
)

KEYS = Path(quecsim.__file__).parent / "tls" / "keys"
VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


class Theirs:
    """One end by the standard library."""

    def __init__(
        self, context: ssl.SSLContext, *, is_server: bool, name: str | None = None
    ) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._end = context.wrap_bio(self._in, self._out, is_server, server_hostname=name)
        self.is_established = False
        self.trouble = ""
        self.plain = b""

    def receive(self, data: bytes) -> None:
        if self.trouble:
            return
        self._in.write(data)
        try:
            if not self.is_established:
                self._end.do_handshake()
                self.is_established = True
            self.plain += self._end.read()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLError as error:
            self.trouble = error.reason or "?"
            if isinstance(error, ssl.SSLCertVerificationError):
                self.trouble = error.verify_message

    def take_output(self) -> bytes:
        return self._out.read()

    def send(self, plain: bytes) -> None:
        self._end.write(plain)

    @property
    def suite(self) -> str:
        found = self._end.cipher()
        assert found is not None
        return found[0]


def their_context(
    role: Literal["server", "client"], versions: tuple[str, ...] = ("1.0", "1.2")
) -> ssl.SSLContext:
    protocol = ssl.PROTOCOL_TLS_SERVER if role == "server" else ssl.PROTOCOL_TLS_CLIENT
    context = ssl.SSLContext(protocol)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that such versions are old
        context.minimum_version, context.maximum_version = (
            VERSIONS[versions[0]],
            VERSIONS[versions[-1]],
        )
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def their_server(kind: str, client: str, versions: tuple[str, ...]) -> Theirs:
    context = their_context("server", versions)
    context.load_cert_chain(KEYS / f"server-{kind}.pem", KEYS / "server.key")
    if client != "none":
        context.load_verify_locations(KEYS / "authority.pem")
        context.verify_mode = ssl.CERT_REQUIRED if client == "required" else ssl.CERT_OPTIONAL
    return Theirs(context, is_server=True)


WISHES = {
    "level 0": wish(level=0),
    "level 1": wish(),
    "level 1 and no time": wish(ignores_time=True),
    "level 2": pair_wish(),
    "level 2 without a pair": wish(level=2),
    "level 2 with another's pair": pair_wish("other-ca"),
}


@pytest.mark.parametrize("client", ["none", "asked", "required"])
@pytest.mark.parametrize("kind", ["valid", "expired", "self-signed", "other-ca", "wrong-name"])
@pytest.mark.parametrize("wanted", WISHES.values(), ids=WISHES.keys())
def test_a_real_server_gives_the_same(wanted: TlsWish, kind: Any, client: Any) -> None:
    said = outcome(wanted, HOST, server_tls(kind, client=client))
    end = new_client(wanted, HOST)
    theirs = their_server(kind, client, ("1.0", "1.2"))
    trouble = trouble_of(lambda: talk(end, theirs))
    if isinstance(said, Handshake):
        assert trouble is None
        assert (end.version, end.suite) == (said.version, said.suite)
        assert end.sent_bytes == said.sent_bytes
        assert end.received_bytes >= said.received_bytes  # theirs sends the root along
        end.send(b"hello")
        theirs.receive(end.take_output())
        assert theirs.plain == b"hello"
    else:
        assert trouble is not None
        assert words(trouble) == words(said)


@pytest.mark.parametrize("theirs", [("1.0",), ("1.1",), ("1.2",), ("1.3",), ("1.2", "1.3")])
@pytest.mark.parametrize("ours", [("1.0",), ("1.1", "1.2"), ("1.0", "1.1", "1.2")])
def test_versions_in_common(ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    end = new_client(wish(versions=ours), HOST)
    trouble = trouble_of(lambda: talk(end, their_server("valid", "none", theirs)))
    if common := [one for one in ours if one in theirs]:
        assert trouble is None
        assert end.version == {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2"}[common[-1]]
    else:
        assert trouble is not None
        assert trouble.why == "tls:version"


def their_client(
    own: tuple[str, str] | None = None, versions: tuple[str, ...] = ("1.0", "1.2")
) -> ssl.SSLContext:
    context = their_context("client", versions)
    context.load_verify_locations(KEYS / "authority.pem")
    if own:
        context.load_cert_chain(KEYS / own[0], KEYS / own[1])
    return context


def converse(theirs: Theirs, ours: Any) -> str:
    """Their client and our server, until nobody has more to say; why our server gave up."""
    reasons = ""
    theirs.receive(b"")
    while said := theirs.take_output():
        try:
            ours.receive(said)
        except Broken as broken:
            reasons = broken.reasons
        theirs.receive(ours.take_output())
    return reasons


@pytest.mark.parametrize(
    ("kind", "name", "trouble"),
    [
        ("valid", "broker.example", ""),
        ("valid", "localhost", ""),
        ("valid", "127.0.0.1", ""),
        ("valid", "mqtt.broker.example", ""),
        ("expired", "broker.example", "certificate has expired"),
        ("not-yet-valid", "broker.example", "certificate is not yet valid"),
        ("self-signed", "broker.example", "self-signed certificate"),
        ("other-ca", "broker.example", "unable to get local issuer certificate"),
        ("wrong-name", "broker.example", "Hostname mismatch"),
    ],
)
def test_a_real_client_takes_what_is_right(kind: Any, name: str, trouble: str) -> None:
    theirs = Theirs(their_client(), is_server=False, name=name)
    converse(theirs, new_server(server_tls(kind)))
    assert theirs.trouble.startswith(trouble)
    assert theirs.is_established == (not trouble)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize(
    ("client", "own", "reasons"),
    [
        ("none", None, ""),
        ("asked", None, ""),
        ("required", None, "peer did not return a certificate"),
        ("required", ("client-valid.pem", "client.key"), ""),
        ("asked", ("client-valid.pem", "client.key"), ""),
        ("required", ("client-other-ca.pem", "client.key"), "certificate verify failed"),
        ("asked", ("client-other-ca.pem", "client.key"), "certificate verify failed"),
        # for servers, and for no clients
        ("required", ("server-valid.pem", "server.key"), "certificate verify failed"),
    ],
)
def test_our_server_takes_what_is_right(
    client: Any, own: tuple[str, str] | None, reasons: str, version: str
) -> None:
    theirs = Theirs(their_client(own, (version,)), is_server=False, name=HOST)
    ours = new_server(server_tls(client=client))
    assert converse(theirs, ours) == reasons
    assert ours.is_established == theirs.is_established == (not reasons)
    if not reasons:
        ours.send(b"welcome")
        theirs.receive(ours.take_output())
        assert theirs.plain == b"welcome"


def test_our_server_and_dates_of_clients() -> None:
    """At any time, unless one is given."""
    late = 5_000_000_000
    for calendar_s, is_right in ((None, True), (1_700_000_000, True), (late, False)):
        theirs = Theirs(
            their_client(("client-valid.pem", "client.key")), is_server=False, name=HOST
        )
        ours = new_server(server_tls(client="required"), calendar_s)
        converse(theirs, ours)
        assert ours.is_established == is_right


def test_a_server_survives_what_is_no_client() -> None:
    for data in (b"GET / HTTP/1.1\r\n\r\n", b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0", bytes(300)):
        server = new_server(server_tls())
        with pytest.raises(Broken):
            server.receive(data)
        server.receive(data)
        server.take_output()
        assert not server.is_established
        assert server.take_plain() == b""


def test_a_client_that_says_goodbye() -> None:
    client, server = connected()
    client.send(b"the last")
    client.close()
    server.receive(client.take_output())
    assert server.take_plain() == b"the last"
    assert server.is_closed
