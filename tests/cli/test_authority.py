"""`quecsim authority`: what it writes goes together, and replaces nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quecsim.border import TlsWish
from quecsim.border.wish import Pem
from quecsim.cli.authority import authority
from quecsim.errors import QuecsimError
from quecsim.tls.authority import server_tls
from quecsim.tls.outcome import Handshake, outcome
from quecsim.tls.server import ServerTls


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(authority, [str(each) for each in arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


def pem(piece: str) -> Pem:
    return Pem(piece, run(piece).stdout_bytes)


def test_a_device_that_has_them_is_let_in() -> None:
    assert run().stdout_bytes == run("ca").stdout_bytes
    wish = TlsWish(
        level=2, ca=pem("ca"), certificate=pem("client-cert"), key=pem("client-key"),
        calendar_s=1_780_000_000,
    )  # fmt: skip
    assert isinstance(outcome(wish, "broker.example", server_tls(client="required")), Handshake)


def test_a_broker_of_ones_own_can_show_them() -> None:
    server = ServerTls(run("server-cert").stdout_bytes, run("server-key").stdout_bytes)
    wish = TlsWish(level=1, ca=pem("ca"), calendar_s=1_780_000_000)
    assert isinstance(outcome(wish, "broker.example", server), Handshake)


@pytest.mark.parametrize(
    ("certificate", "key"), [("client-cert", "wrong-key"), ("other-client-cert", "client-key")]
)
def test_a_device_that_has_others_is_not(certificate: str, key: str) -> None:
    wish = TlsWish(
        level=2, ca=pem("ca"), certificate=pem(certificate), key=pem(key), calendar_s=1_780_000_000
    )
    came = outcome(wish, "broker.example", server_tls(client="required"))
    assert not isinstance(came, Handshake)


def test_a_file_that_exists_stays(tmp_path: Path) -> None:
    out = tmp_path / "ca.pem"
    run("-o", out)
    assert out.read_bytes() == run().stdout_bytes
    with pytest.raises(QuecsimError, match="exists"):
        run("-o", out)
    with pytest.raises(QuecsimError, match="cannot write"):
        run("-o", tmp_path / "none" / "ca.pem")
