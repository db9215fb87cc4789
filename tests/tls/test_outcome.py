"""Every way in which a handshake ends, and its words."""

import pickle
from typing import Any

import pytest
import trustme

from quecsim.border import Failed, Opened, TlsWish, Why
from quecsim.border.wish import Pem
from quecsim.errors import QuecsimError
from quecsim.tls.authority import authority_pem, client_pair, server_tls
from quecsim.tls.client import TlsTrouble
from quecsim.tls.outcome import Handshake, news_of, outcome
from quecsim.tls.own import MOST_OWN_BYTES
from quecsim.tls.server import ServerTls
from tests.tls.ends import (
    HOST,
    JUNE_2026_S,
    NO_TIME_S,
    ROOT,
    own_wish,
    pair_wish,
    told,
    wish,
)
from tests.tls.made import Maker

CERTIFICATE, KEY = client_pair()
NOT_YET = "tls:time | the server's certificate: not valid before"


def test_the_intact_file_works() -> None:
    found = outcome(wish(), HOST, server_tls())
    assert isinstance(found, Handshake)
    assert (found.version, found.suite) == ("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384")
    assert 200 < found.sent_bytes < 400
    assert 1200 < found.received_bytes < 1600  # its certificate, above all


SERVERS: dict[str, tuple[TlsWish, ServerTls, str]] = {
    "valid": (wish(), server_tls("valid"), "works"),
    "names are not compared": (wish(), server_tls("wrong-name"), "works"),
    "expired": (
        wish(),
        server_tls("expired"),
        "tls:time | the server's certificate: expired on 2021-01-01, the module's clock says"
        " 2026-06-01",
    ),
    "expired, and time ignored": (wish(ignores_time=True), server_tls("expired"), "works"),
    "expired, at level 0": (wish(level=0), server_tls("expired"), "works"),
    "expired, by another date": (wish(calendar_s=1_600_000_000), server_tls("expired"), "works"),
    "not yet valid": (
        wish(),
        server_tls("not-yet-valid"),
        f"{NOT_YET} 2100-01-01; the module's clock says 2026-06-01",
    ),
    "no time was told": (
        wish(calendar_s=NO_TIME_S),
        server_tls(),
        f"{NOT_YET} 2020-01-01; the module's clock says 1980-01-06",
    ),
    "no time, and ignored": (wish(calendar_s=NO_TIME_S, ignores_time=True), server_tls(), "works"),
    "before all years": (
        wish(calendar_s=-(10**18)),
        server_tls(),
        f"{NOT_YET} 2020-01-01; the module's clock says 0001-01-01",
    ),
    "after all years": (
        wish(calendar_s=10**18),
        server_tls(),
        "tls:time | the server's certificate: expired on 2120-01-01, the module's clock says"
        " 9999-12-31",
    ),
    "self-signed": (
        wish(),
        server_tls("self-signed"),
        "tls:verify UFS:ca.pem | the server's certificate: signed by itself, and not in the file of"
        " authorities",
    ),
    "self-signed, at level 0": (wish(level=0), server_tls("self-signed"), "works"),
    "self-signed, and trusted": (
        wish(ca=Pem("UFS:ca.pem", server_tls("self-signed").certificate)),
        server_tls("self-signed"),
        "works",
    ),
    "other authority": (
        wish(),
        server_tls("other-ca"),
        "tls:verify UFS:ca.pem | the server's certificate: issuer not found",
    ),
    "other authority, and expired": (
        wish(ca=Pem("UFS:ca.pem", server_tls("self-signed").certificate)),
        server_tls("expired"),
        "tls:verify UFS:ca.pem | the server's certificate: issuer not found",
    ),
}


@pytest.mark.parametrize(("wanted", "server", "said"), SERVERS.values(), ids=SERVERS.keys())
def test_the_servers_certificate(wanted: TlsWish, server: ServerTls, said: str) -> None:
    assert told(wanted, server) == said


FILES: dict[str, tuple[TlsWish, str]] = {
    "no authorities configured": (
        wish(ca=Pem()),
        "tls:ca | level 1 checks the server, and no file of authorities is configured",
    ),
    "no authorities at level 2": (
        pair_wish(ca=Pem()),
        "tls:ca | level 2 checks the server, and no file of authorities is configured",
    ),
    "no authorities at level 0": (wish(level=0, ca=Pem()), "works"),
    "no such file": (wish(ca=Pem("UFS:x.pem")), "tls:ca UFS:x.pem | there is no such file"),
    "a file that cannot be read": (
        wish(ca=Pem("UFS:x.pem", trouble="it is open for writing")),
        "tls:ca UFS:x.pem | it is open for writing",
    ),
    "an own file that cannot be read": (
        own_wish(CERTIFICATE, KEY, key=Pem("UFS:k", trouble="it is open for writing")),
        "tls:own UFS:k | it is open for writing",
    ),
    "own pair": (pair_wish(), "works"),
    "own pair is not looked at below level 2": (own_wish(b"x", b"y", level=1), "works"),
    "own certificate missing": (
        own_wish(None, KEY),
        "tls:own UFS:own.pem | there is no such file",
    ),
    "own key missing": (own_wish(CERTIFICATE, None), "tls:own UFS:own.key | there is no such file"),
    "no own key configured": (
        own_wish(CERTIFICATE, KEY, key=Pem()),
        "tls:own UFS:own.pem | the device's certificate is configured without a key",
    ),
    "no own certificate configured": (
        own_wish(CERTIFICATE, KEY, certificate=Pem()),
        "tls:own UFS:own.key | the device's key is configured without a certificate",
    ),
    "own certificate truncated": (
        own_wish(CERTIFICATE[:1000], KEY),
        "tls:own UFS:own.pem | no END line: the file ends after 1000 bytes in the middle of a"
        " certificate",
    ),
    "own certificate too long": (
        own_wish(CERTIFICATE * 100, KEY),
        f"tls:own UFS:own.pem | it has {100 * len(CERTIFICATE)} bytes, more than the"
        f" {MOST_OWN_BYTES} of any",
    ),
    "own key truncated": (
        own_wish(CERTIFICATE, KEY[:900]),
        "tls:own UFS:own.key | no END line: the file ends after 900 bytes in the middle of a"
        " PRIVATE KEY",
    ),
    "another one's key": (
        pair_wish("wrong-key"),
        "tls:own UFS:own.key | the key does not belong to the certificate UFS:own.pem",
    ),
    "exchanged": (
        own_wish(KEY, CERTIFICATE),
        "tls:own UFS:own.pem | no certificate in it, but a PRIVATE KEY",
    ),
}


@pytest.mark.parametrize(("wanted", "said"), FILES.values(), ids=FILES.keys())
def test_the_devices_files(wanted: TlsWish, said: str) -> None:
    assert told(wanted) == said


WANTED = "tls:alert | the server broke the handshake off: handshake_failure (40); it wanted the"
NONE_SHOWN = f"{WANTED} device's certificate, and none was shown (level"
NONE_THERE = "tls:own | the server asks for the device's certificate, and none is configured"


@pytest.mark.parametrize(
    ("wanted", "client", "said"),
    [
        (wish(), "asked", "works"),
        (wish(), "required", f"{NONE_SHOWN} 1)"),
        (wish(level=0), "required", f"{NONE_SHOWN} 0)"),
        (wish(level=2), "none", "works"),
        (wish(level=2), "asked", NONE_THERE),
        (wish(level=2), "required", NONE_THERE),
        (pair_wish(), "none", "works"),
        (pair_wish(), "asked", "works"),
        (pair_wish(), "required", "works"),
        (
            pair_wish("other-ca"),
            "required",
            "tls:alert | the server broke the handshake off: unknown_ca (48); it did not accept the"
            " device's certificate",
        ),
        (pair_wish("other-ca"), "none", "works"),
        (pair_wish(calendar_s=NO_TIME_S, ignores_time=True), "required", "works"),
        (
            pair_wish(calendar_s=5_000_000_000, ignores_time=True),
            "required",
            "tls:alert | the server broke the handshake off: certificate_expired (45); it did not"
            " accept the device's certificate",
        ),
    ],
)
def test_clients_that_are_asked_for_a_certificate(wanted: TlsWish, client: Any, said: str) -> None:
    assert told(wanted, server_tls(client=client)) == said


GONE = "which OpenSSL does not have any more: a limit of the simulator, and of nearly every server"
COMMON = "tls:version | no version or cipher suite in common: the server says"


@pytest.mark.parametrize(
    ("wanted", "server", "said"),
    [
        (wish(versions=("1.0",)), server_tls(), "works"),
        (wish(versions=("1.1",)), server_tls(), "works"),
        (wish(versions=("ssl3", "1.2")), server_tls(), "works"),
        (wish(versions=("ssl3",)), server_tls(), f"nothing is allowed but SSL 3.0, {GONE}"),
        (wish(versions=()), server_tls(), "no version of TLS is allowed"),
        (wish(versions=("1.0",)), server_tls(versions=("1.2",)), f"{COMMON} protocol_version (70)"),
        (
            wish(suites=(0xC02F,)),
            ServerTls(server_tls().certificate, server_tls().key, suites=(0x0035,)),
            f"{COMMON} handshake_failure (40)",
        ),
        (wish(suites=(0xC02C,)), server_tls(), f"{COMMON} handshake_failure (40)"),
        (
            wish(suites=(0x0005,)),
            server_tls(),
            f"nothing is allowed but TLS_RSA_WITH_RC4_128_SHA, {GONE}",
        ),
        (wish(suites=(0x0005, 0x0035)), server_tls(), "works"),
        (
            wish(suites=(0xC02F,), versions=("1.0", "1.1")),
            server_tls(),
            "ECDHE-RSA-AES128-GCM-SHA256 needs TLS 1.2, and only TLS 1.0, TLS 1.1 is allowed",
        ),
    ],
)
def test_versions_and_suites(wanted: TlsWish, server: ServerTls, said: str) -> None:
    why = "" if said == "works" or said.startswith("tls:") else "tls:version | "
    assert told(wanted, server) == f"{why}{said}"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_each_version_with_each_kind_of_key(version: str, kind: str) -> None:
    server, wanted = made_by_trustme(trustme.KeyType.ECDSA if kind == "EC" else trustme.KeyType.RSA)
    found = outcome(TlsWish(level=2, versions=(version,), **wanted), HOST, server)
    assert isinstance(found, Handshake)
    assert found.version == {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2"}[version]


def made_by_trustme(kind: trustme.KeyType) -> tuple[ServerTls, dict[str, Any]]:
    """A server that requires a client's certificate, with an intermediate authority; a client."""
    root = trustme.CA(key_type=kind)
    issuer = root.create_child_ca(key_type=kind)
    end = issuer.issue_cert(HOST, key_type=kind)
    device = issuer.issue_cert("device", key_type=kind)
    chain = b"".join(one.bytes() for one in end.cert_chain_pems)
    own = b"".join(one.bytes() for one in device.cert_chain_pems)
    authority = root.cert_pem.bytes()
    server = ServerTls(chain, end.private_key_pem.bytes(), authority, requires_client=True)
    return server, {
        "ca": Pem("UFS:ca.pem", authority),
        "certificate": Pem("UFS:own.pem", own),
        "key": Pem("UFS:own.key", device.private_key_pem.bytes()),
        "calendar_s": JUNE_2026_S,
        "ignores_time": True,
    }


def test_the_sizes_are_the_same_each_time() -> None:
    """Though ECDSA signatures differ in length."""
    server, wanted = made_by_trustme(trustme.KeyType.ECDSA)
    # Another host each time: SNI is a part of the question, and none of what is counted.
    hosts = [f"host{number:02}.example" for number in range(12)]
    found = {outcome(TlsWish(level=2, sni=True, **wanted), host, server) for host in hosts}
    assert len(found) == 1
    assert isinstance(found.pop(), Handshake)


def test_the_same_as_news() -> None:
    opened = news_of(wish(), HOST, server_tls())
    assert isinstance(opened, Opened)
    assert (opened.link, opened.version) == (0, "TLSv1.2")
    assert 0 < opened.sent_bytes < opened.received_bytes
    failed = news_of(wish(ca=Pem("UFS:x")), HOST, server_tls())
    assert failed == Failed(0, Why.TLS_CA, "there is no such file", "UFS:x")


def test_an_answer_is_found_again() -> None:
    first = outcome(wish(level=0, negotiate_ns=1), HOST, server_tls())
    assert outcome(wish(level=0, negotiate_ns=2, calendar_s=7), "elsewhere", server_tls()) is first


def test_trouble_goes_through_processes() -> None:
    trouble = outcome(wish(ca=Pem("UFS:x")), HOST, server_tls())
    assert isinstance(trouble, TlsTrouble)
    again = pickle.loads(pickle.dumps(trouble))
    assert (again.why, again.detail, again.file) == (Why.TLS_CA, "there is no such file", "UFS:x")
    assert str(again) == "UFS:x: there is no such file"


class TestChains:
    """Certificates of one's own making, one of which is wrong."""

    maker = Maker()

    def said(self, root: bytes, chain: bytes, **changes: Any) -> str:
        server = ServerTls(chain, self.maker.key_pem)
        return told(wish(ca=Pem("UFS:ca.pem", root), **changes), server)

    def test_an_intermediate_may_be_trusted_alone(self) -> None:
        between, leaf = self.maker.pem("i", "r", is_ca=True), self.maker.pem("l", "i")
        assert self.said(between, leaf) == "works"

    def test_an_intermediate_that_the_server_does_not_send(self) -> None:
        root, leaf = self.maker.pem("r", "r", is_ca=True), self.maker.pem("l", "i")
        said = self.said(root, leaf)
        assert said == "tls:verify UFS:ca.pem | the server's certificate: issuer not found"

    def test_an_authority_that_has_expired(self) -> None:
        root = self.maker.pem("r", "r", is_ca=True, years=(2010, 2015))
        said = self.said(root, self.maker.pem("l", "r"))
        above = "the certificate 1 above the server's certificate"
        now = "the module's clock says 2026-06-01"
        assert said == f"tls:time | {above}: expired on 2015-01-01, {now}"
        assert self.said(root, self.maker.pem("l", "r"), ignores_time=True) == "works"

    def test_what_is_worse_than_a_date_is_told(self) -> None:
        root = self.maker.pem("r", "r", is_ca=True, years=(2010, 2015))
        said = self.said(root, self.maker.forged("l", "r"))
        assert said.startswith("tls:verify UFS:ca.pem | the server's certificate: its signature")

    def test_an_issuer_that_is_no_authority(self) -> None:
        root, between = self.maker.pem("r", "r", is_ca=True), self.maker.pem("i", "r")
        said = self.said(root, self.maker.pem("l", "i") + between)
        assert "that it is no authority's" in said

    def test_chains_of_any_length(self) -> None:
        root = self.maker.pem("r", "r", is_ca=True)
        names = ["r", *(f"i{number}" for number in range(120))]
        between = [self.maker.pem(names[n + 1], names[n], is_ca=True) for n in range(120)]
        assert self.said(root, self.maker.pem("l", "i9") + b"".join(between[9::-1])) == "works"
        said = self.said(root, self.maker.pem("l", "i119") + b"".join(between[::-1]))
        assert said.startswith("tls:verify UFS:ca.pem | the certificate 101 above")
        assert said.endswith("the chain is too long")

    def test_chains_that_take_more_than_a_handshake_may(self) -> None:
        root = self.maker.pem("r", "r", is_ca=True)
        said = self.said(root, self.maker.pem("l", "r") + root * 400)
        assert said.startswith("tls:verify | the server's certificate, or what it signed")

    def test_extensions_of_any_size(self) -> None:
        root = self.maker.pem("r", "r", is_ca=True, names=20_000)
        assert 400_000 < len(root) < 1 << 20
        assert self.said(root, self.maker.pem("l", "r", names=3_000)) == "works"
        said = self.said(root, self.maker.pem("l", "r", names=9_000))
        assert said.startswith("tls:verify | the server's certificate, or what it signed")

    def test_a_very_large_file_of_authorities(self) -> None:
        root = self.maker.pem("r", "r", is_ca=True)
        others = b"".join(self.maker.pem("r", "r", is_ca=True) for _ in range(200))
        assert self.said(others + root, self.maker.pem("l", "r")) == "works"
        assert "more than the 1048576 bytes of any" in self.said(root * 5000, root)

    @pytest.mark.parametrize("years", [(1950, 9999), (1950, 2049), (2020, 2050)])
    def test_dates_far_away(self, years: tuple[int, int]) -> None:
        root = self.maker.pem("r", "r", is_ca=True, years=years)
        assert self.said(root, self.maker.pem("l", "r", years=years)) == "works"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"20600101000000Z", b"00000101000000Z"),
            (b"20600101000000Z", b"20609901000000Z"),
            (b"20600101000000Z", b"2060xx01000000Z"),
            (b"\x02\x01\x05", b"\x02\x01\xfb"),
            (b"\x02\x01\x05", b"\x02\x01\x00"),
        ],
    )
    def test_what_no_certificate_may_have(self, old: bytes, new: bytes) -> None:
        """A year 0, a month 99, a serial number below 1."""
        strange = self.maker.changed(old, new)
        said = self.said(strange, self.maker.pem("l", "r"))
        assert said == "works" or said.startswith(("tls:ca ", "tls:verify ", "tls:time "))


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (ServerTls(ROOT, b""), "the TLS of a server: the file is empty"),
        (ServerTls(b"", server_tls().key), "the TLS of a server: the file is empty"),
        (
            ServerTls(authority_pem(), server_tls().key),
            "the TLS of a server: key values mismatch",
        ),
        (
            server_tls(versions=("ssl3",)),
            f"the TLS of a server: nothing is allowed but SSL 3.0, {GONE}",
        ),
    ],
)
def test_a_server_that_is_of_no_use(server: ServerTls, said: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        outcome(wish(), HOST, server)
    assert str(caught.value) == said
