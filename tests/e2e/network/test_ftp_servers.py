"""Devices at real FTP servers, live on a pseudo terminal: vsftpd and pyftpdlib, without TLS, with
it from the start, and behind AUTH TLS. What arrives is what was sent, and the run repeats from its
record.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import pytest
import serial
from msgspec.structs import replace

import quecsim
from quecsim.scenario.options import make_scenario
from quecsim.tls.authority import authority_pem
from tests.e2e.network.host import Host
from tests.e2e.network.world import look_back
from tests.peers.pyftpd import Pyftpd
from tests.peers.vsftpd import Vsftpd

pytestmark = pytest.mark.pty

NAME = "ftp.broker.example"
PORT = {"": 21, "explicit": 21, "implicit": 990}
DATA = bytes(range(256)) * 50
_HANGS_S = 60
SERVERS = [
    ("vsftpd", ""),
    ("vsftpd", "implicit"),
    ("vsftpd", "explicit"),
    ("pyftpdlib", ""),
    ("pyftpdlib", "explicit"),
]
Tls = Literal["", "explicit", "implicit"]


@pytest.fixture
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Vsftpd | Pyftpd, Tls]]:
    name, tls = request.param
    server = Vsftpd(tmp_path, tls) if name == "vsftpd" else Pyftpd(tmp_path, tls)
    (server.root / "file.bin").write_bytes(DATA)
    yield server, tls
    server.stop()


@contextmanager
def hosted(device: str, server: Vsftpd | Pyftpd, tls: Tls) -> Iterator[Host]:
    """A host at a device that may reach the server, and the ports that it names for data."""
    route = f"{NAME}:{PORT[tls]}=127.0.0.1:{server.port}"
    made = make_scenario(device, flash="instant", speed="unlimited", ipr=115_200)
    scenario = replace(made, network=replace(made.network, latency_ms=0, handshake_ms=0))
    with ExitStack() as stack:
        opened = quecsim.open(scenario=scenario, routes=[route], allow_network=["127.0.0.1"])
        running = stack.enter_context(opened)
        port = serial.serial_for_url(running.port, 115_200, timeout=_HANGS_S)
        host = Host(stack.enter_context(port))
        host.command("ATE0")
        host.reads(b"ATE0\r\r\nOK\r\n")
        yield host
    look_back(running.events())


def stores(host: Host, command: str, pem: bytes, summary: str) -> None:
    """The CA goes up."""
    host.command(command)
    host.reads(b"\r\nCONNECT\r\n")
    host.write(pem)
    host.port.read_until(summary.encode())
    host.port.read_until(b"OK\r\n")


@pytest.mark.parametrize("real", SERVERS, indirect=True, ids="-".join)
def test_an_m95(real: tuple[Vsftpd | Pyftpd, Tls]) -> None:
    server, tls = real
    with hosted("m95", server, tls) as host:
        for line in ('AT+QICSGP=1,"net"', "AT+QIREGAPP", "AT+QIACT"):
            host.ask(line)
        if tls:
            pem = authority_pem()
            stores(host, f'AT+QSECWRITE="NVRAM:CA0",{len(pem)},60', pem, "+QSECWRITE:")
            for setting in (
                '"cacert",0,"NVRAM:CA0"', '"secclevel",0,1', '"ignorertctime",1', '"ftps",1',
                '"ftpsctxi",0',
            ):  # fmt: skip
                host.ask(f"AT+QSSLCFG={setting}")
        for kind, value in ((1, 1), (7, int(tls == "explicit"))):
            host.ask(f"AT+QFTPCFG={kind},{value}")
            host.hears("+QFTPCFG: 0")
        host.ask(f'AT+QFTPOPEN="{NAME}",{PORT[tls]}')
        host.hears("+QFTPOPEN: 0")
        host.ask('AT+QFTPPUT="up.bin",3000,60')
        host.reads(b"\r\nCONNECT\r\n")
        host.write(DATA[:3000])
        host.hears("+QFTPPUT: 3000")
        assert (server.root / "up.bin").read_bytes() == DATA[:3000]
        host.ask('AT+QFTPGET="file.bin"')
        host.reads(b"\r\nCONNECT\r\n" + DATA)
        host.hears(f"+QFTPGET: {len(DATA)}", "OK")
        host.ask('AT+QFTPDELETE="none"')
        host.hears("+QFTPDELETE: -550")
        host.ask("AT+QFTPCLOSE")
        host.hears("+QFTPCLOSE: 0")


@pytest.mark.parametrize("real", SERVERS, indirect=True, ids="-".join)
def test_an_ec200u(real: tuple[Vsftpd | Pyftpd, Tls]) -> None:
    server, tls = real
    with hosted("ec200u", server, tls) as host:
        if tls:
            pem = authority_pem()
            stores(host, f'AT+QFUPL="ca.pem",{len(pem)},60', pem, "+QFUPL:")
            for setting in ('"cacert",1,"UFS:ca.pem"', '"seclevel",1,1', '"ignorelocaltime",1,1'):
                host.ask(f"AT+QSSLCFG={setting}")
        kind = {"": 0, "implicit": 1, "explicit": 2}[tls]
        for setting in ('"transmode",1', f'"ssltype",{kind}', '"sslctxid",1'):
            host.ask(f"AT+QFTPCFG={setting}")
        host.ask(f'AT+QFTPOPEN="{NAME}",{PORT[tls]}')
        host.hears("+QFTPOPEN: 0,0")
        host.command('AT+QFTPPUT="up.bin","COM:",0,3000,1')
        host.reads(b"\r\nCONNECT\r\n")
        host.write(DATA[:3000])
        host.reads(b"\r\nOK\r\n")
        host.hears("+QFTPPUT: 0,3000")
        assert (server.root / "up.bin").read_bytes() == DATA[:3000]
        host.command('AT+QFTPGET="file.bin","COM:"')
        host.reads(b"\r\nCONNECT\r\n" + DATA + b"\r\nOK\r\n")
        host.hears(f"+QFTPGET: 0,{len(DATA)}")
        host.ask('AT+QFTPGET="file.bin","UFS:file.bin"')
        host.hears(f"+QFTPGET: 0,{len(DATA)}")
        host.ask('AT+QFTPSIZE="none"')
        host.hears("+QFTPSIZE: 627,550")
        host.ask("AT+QFTPCLOSE")
        host.hears("+QFTPCLOSE: 0,0")
