"""The certificates that come with quecsim: what they say they are, for a long time to come."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from cryptography import x509

from quecsim.tls.authority import (
    Asked,
    ClientKind,
    ServerKind,
    authority_pem,
    client_pair,
    server_tls,
)
from quecsim.tls.outcome import Handshake, outcome
from tests.tls import make_authority
from tests.tls.ends import HOST, pair_wish, wish

YEARS = {"expired": (2020, 2021), "not-yet-valid": (2100, 2120)}


def test_the_root_is_as_long_as_a_real_one() -> None:
    assert len(authority_pem()) == 1188
    assert b"\r" not in authority_pem()
    root = x509.load_pem_x509_certificate(authority_pem())
    root.verify_directly_issued_by(root)
    assert root.not_valid_after_utc == datetime(2120, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", get_args(ServerKind))
def test_the_servers(kind: Any) -> None:
    certificate = x509.load_pem_x509_certificate(server_tls(kind).certificate)
    first, last = YEARS.get(kind, (2020, 2120))
    assert certificate.not_valid_before_utc == datetime(first, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc == datetime(last, 1, 1, tzinfo=UTC)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_for_host = HOST in names.get_values_for_type(x509.DNSName)
    assert is_for_host == (kind != "wrong-name")


@pytest.mark.parametrize("year", range(2021, 2120, 7))
def test_what_is_valid_is_so_in_all_years(year: int) -> None:
    calendar_s = int(datetime(year, 6, 1, tzinfo=UTC).timestamp())
    wanted = pair_wish(calendar_s=calendar_s)
    assert isinstance(outcome(wanted, HOST, server_tls(client="required")), Handshake)
    assert not isinstance(
        outcome(wish(calendar_s=calendar_s), HOST, server_tls("expired")), Handshake
    )


@pytest.mark.parametrize("client", get_args(Asked))
@pytest.mark.parametrize("kind", get_args(ClientKind))
def test_the_clients(kind: Any, client: Any) -> None:
    certificate, key = client_pair(kind)
    assert certificate != key
    is_right = isinstance(outcome(pair_wish(kind), HOST, server_tls(client=client)), Handshake)
    assert is_right == (kind == "valid" or (kind == "other-ca" and client == "none"))


def test_the_script_makes_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the same keys: it is what has made them, and another kind can be added."""
    shipped, kept = make_authority.SHIPPED, make_authority.KEPT
    for folder, name in ((shipped, "SHIPPED"), (kept, "KEPT")):
        copy = tmp_path / name
        copy.mkdir()
        for key in folder.glob("*.key"):
            (copy / key.name).write_bytes(key.read_bytes())
        monkeypatch.setattr(make_authority, name, copy)
    make_authority.main()
    for folder, name in ((shipped, "SHIPPED"), (kept, "KEPT")):
        made = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        assert made == {
            path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".md"
        }


def test_the_keys_say_that_they_are_public() -> None:
    for path in (*make_authority.SHIPPED.glob("*.key"), *make_authority.KEPT.glob("*.key")):
        assert path.read_text().startswith("A public test key of quecsim")
    root = x509.load_pem_x509_certificate(authority_pem())
    assert "public test" in root.subject.rfc4514_string()
