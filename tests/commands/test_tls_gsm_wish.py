"""FTPS on the M95: TLS from the start and behind AUTH TLS, with the certificates of the vault."""

from typing import Any

import pytest

from quecsim.peers.ftp_settings import FtpTrouble
from quecsim.tls.authority import authority_pem, client_pair
from quecsim.trace.event import ClientResult, LinkAsked, LinkSecured
from tests.commands.ftp_bench import CONTENT, FtpBench

OPEN = 'AT+QFTPOPEN="ftps.example",990'
OPEN_PLAIN = 'AT+QFTPOPEN="ftp.example",21'
WELL = "\r\nOK\r\n\r\n+QFTPOPEN: 0\r\n"
NOT_WELL = "\r\nOK\r\n\r\n+QFTPOPEN: -5\r\n"


def secured(level: int = 0, place: str = "NVRAM:CA0", **more: Any) -> FtpBench:
    """FTPS is on, with context 1, and the CA is where it is to be."""
    bench = FtpBench(**more).up()
    pem = authority_pem()
    assert "CONNECT" in bench.ask(f'AT+QSECWRITE="{place}",{len(pem)},10', 1)
    assert "OK" in bench.give(pem, 2)
    for line in (
        f'"secclevel",1,{level}', f'"cacert",1,"{place}"', '"ignorertctime",1', '"ftps",1',
        '"ftpsctxi",1',
    ):  # fmt: skip
        assert bench.ask(f"AT+QSSLCFG={line}") == "\r\nOK\r\n", line
    return bench


def why(bench: FtpBench) -> str:
    """What the record says of the last result."""
    return str(bench.found(ClientResult)[-1].why)


@pytest.mark.parametrize("place", ["NVRAM:CA0", "NVRAM:CA1", "RAM:ca_cert.pem"])
def test_implicit(place: str) -> None:
    bench = secured(1, place)
    assert bench.ask(OPEN) == WELL
    assert CONTENT in bench.raw('AT+QFTPGET="file.bin"')
    assert "CONNECT" in bench.ask('AT+QFTPPUT="up",5,60', 12)
    assert bench.give(b"12345") == "\r\n+QFTPPUT: 5\r\n"
    assert bench.safe_server.files["/up"] == b"12345"
    assert len(bench.found(LinkSecured)) == 2  # the data connections
    assert bench.ask("AT+QFTPCLOSE") == "\r\nOK\r\n\r\n+QFTPCLOSE: 0\r\n"


@pytest.mark.parametrize("mode", [0, 1])
def test_explicit(mode: int) -> None:
    bench = secured(1, requires_tls=False)
    bench.ask("AT+QFTPCFG=7,1")
    bench.ask(f"AT+QFTPCFG=1,{mode}")
    assert bench.ask(OPEN_PLAIN) == WELL
    assert CONTENT in bench.raw('AT+QFTPGET="file.bin"')
    assert len(bench.found(LinkSecured)) == 2  # the session, and the data connection


def test_the_wrong_mode_does_not_work() -> None:
    bench = secured()
    assert bench.ask(OPEN_PLAIN) == NOT_WELL  # TLS from the start, at a server that wants AUTH
    bench.ask("AT+QFTPCFG=7,1")
    assert bench.ask(OPEN, 120) == "\r\nOK\r\n\r\n+QFTPOPEN: -9\r\n"  # both wait for the other


def test_a_server_without_tls() -> None:
    bench = secured(trouble=(FtpTrouble(at="AUTH", reply="502 what?"),))
    bench.ask("AT+QFTPCFG=7,1")
    assert bench.ask(OPEN_PLAIN) == "\r\nOK\r\n\r\n+QFTPOPEN: -502\r\n"


def test_level_0_checks_nothing() -> None:
    bench = secured(0, certificate="self-signed")
    assert bench.ask(OPEN) == WELL
    [asked] = bench.found(LinkAsked)
    assert (asked.level, asked.files) == (0, ())


@pytest.mark.parametrize("certificate", ["self-signed", "other-ca"])
def test_level_1_checks_the_server(certificate: str) -> None:
    bench = secured(1, certificate=certificate)
    assert bench.ask(OPEN) == NOT_WELL
    assert why(bench) == "tls:verify"
    assert not bench.rig.device.links


def test_the_date_counts_unless_it_is_ignored() -> None:
    bench = secured(1, certificate="expired")
    assert bench.ask(OPEN) == WELL
    bench.ask("AT+QFTPCLOSE")
    bench.ask('AT+QSSLCFG="ignorertctime",0')
    assert bench.ask(OPEN) == NOT_WELL
    assert why(bench) == "tls:time"


def test_level_2_needs_the_devices_own() -> None:
    bench = secured(2, wants_own=True)
    assert bench.ask(OPEN) == NOT_WELL
    assert why(bench) == "tls:own"


def test_level_2_at_a_server_that_does_not_ask_is_level_1() -> None:
    assert secured(2).ask(OPEN) == WELL


def test_level_2_shows_the_devices_own() -> None:
    bench = secured(2, wants_own=True)
    for slot, key, data in zip(
        ("NVRAM:CC0", "RAM:ck.pem"), ("clientcert", "clientkey"), client_pair(), strict=True
    ):
        bench.ask(f'AT+QSECWRITE="{slot}",{len(data)},10', 1)
        assert "OK" in bench.give(data, 2)
        bench.ask(f'AT+QSSLCFG="{key}",1,"{slot}"')
    assert bench.ask(OPEN) == WELL


def test_a_certificate_that_is_not_there() -> None:
    bench = secured(1)
    bench.ask('AT+QSECDEL="NVRAM:CA0"')
    assert bench.ask(OPEN) == NOT_WELL
    assert why(bench) == "tls:ca"
    assert bench.found(LinkAsked)[-1].files == (("ca", "NVRAM:CA0", -1, ""),)


def test_a_certificate_whose_checksum_is_wrong() -> None:
    bench = secured(1)
    ufs = bench.rig.device.context.ufs
    blob = bytearray(ufs.read_system("nvram-ca0") or b"")
    blob[100] ^= 1
    ufs.write_system("nvram-ca0", bytes(blob))
    assert bench.ask('AT+QSECREAD="NVRAM:CA0"').startswith("\r\n+QSECREAD: 0,")
    assert bench.ask(OPEN) == NOT_WELL
    result = bench.found(ClientResult)[-1]
    assert (result.why, result.file) == ("tls:ca", "NVRAM:CA0")
    assert "checksum is wrong" in result.detail


def test_a_certificate_that_lost_bytes() -> None:
    bench = FtpBench().up()
    pem = authority_pem()
    bench.ask(f'AT+QSECWRITE="RAM:ca.pem",{len(pem)},10', 1)
    bench.give(pem[:500] + pem[653:], 15)
    for line in (
        '"secclevel",0,1', '"cacert",0,"RAM:ca.pem"', '"ignorertctime",1', '"ftps",1',
        '"ftpsctxi",0',
    ):  # fmt: skip
        bench.ask(f"AT+QSSLCFG={line}")
    assert bench.ask(OPEN) == NOT_WELL
    assert why(bench) == "tls:ca"


@pytest.mark.parametrize(
    ("suite", "works"),
    [
        ("0X0035", True), ("0X002F", True), ("0X003D", True),
        ("0X0005", False), ("0X0004", False), ("0X000A", False),
    ],
)  # fmt: skip
def test_cipher_suites(suite: str, *, works: bool) -> None:
    bench = secured(1)
    bench.ask(f'AT+QSSLCFG="ciphersuite",1,"{suite}"')
    assert bench.ask(OPEN) == (WELL if works else NOT_WELL)
    assert works or why(bench) == "tls:version"


@pytest.mark.parametrize(("version", "works"), [(0, False), (3, True), (4, True)])
def test_versions(version: int, *, works: bool) -> None:
    bench = secured(1)
    bench.ask(f'AT+QSSLCFG="sslversion",1,{version}')
    assert bench.ask(OPEN) == (WELL if works else NOT_WELL)


def test_a_server_that_wants_the_session_again_for_data() -> None:
    """As vsftpd and others do by default; the device makes a new one, and gets 522."""
    bench = secured(1, session_reuse=True)
    assert bench.ask(OPEN) == WELL
    got = bench.ask('AT+QFTPGET="file.bin"')
    assert got.endswith("+QFTPGET: -1\r\n"), got
