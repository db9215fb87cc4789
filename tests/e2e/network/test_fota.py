"""Firmware from real servers, live on a pseudo terminal: nginx, plain and over TLS, and two FTP
servers.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial
from msgspec.structs import replace

import quecsim
from quecsim.firmware.package import build_package
from quecsim.run.actions import DeviceActions
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from tests.e2e.network.host import Host
from tests.e2e.network.world import look_back
from tests.peers.nginx import Nginx
from tests.peers.pyftpd import Pyftpd
from tests.peers.vsftpd import Vsftpd

pytestmark = pytest.mark.pty

DEVICE = "ec200t"
TARGET = "EC200TCNTCNMAR02A02M16"
HOST = "broker.example"
_HANGS_S = 60


def quick() -> Scenario:
    """An EC200T whose upgrade and restart take no time."""
    made = make_scenario(DEVICE, flash="instant", speed="unlimited")
    profile = made.device_profile
    assert profile.fota is not None
    fota = replace(profile.fota, start_ms=0, network_ms=0, begin_ms=0, update_ms=0, reboot_ms=0)
    boot = replace(profile.boot, restart_ms=0, urcs=profile.boot.urcs[:1])
    return replace(made, device_profile=replace(profile, fota=fota, boot=boot))


def package(payload_bytes: int = 300_000) -> bytes:
    revision = quick().profile().identity.revision
    return build_package(bytes(range(256)) * (payload_bytes // 256), revision, TARGET)


@contextmanager
def opened(ports: Mapping[int, int]) -> Iterator[tuple[Host, DeviceActions]]:
    """A host at a device to which the ports of HOST are those of this machine."""
    routes = [f"{HOST}:{port}=127.0.0.1:{own}" for port, own in ports.items()]
    allowed = ["127.0.0.1"]  # data connections go to whatever port the server names
    with (
        quecsim.open(scenario=quick(), routes=routes, allow_network=allowed) as device,
        serial.Serial(device.port, timeout=_HANGS_S) as port,
    ):
        host = Host(port)
        host.command("ATE0")
        host.reads(b"ATE0\r\r\nOK\r\n")
        yield host, device
    look_back(device.events())


def upgrades(host: Host, url: str, word: str) -> None:
    host.ask(f'AT+QFOTADL="{url}",1,10,5')
    host.hears(f'+QIND: "FOTA","{word}START"')
    host.hears(*(f'+QIND: "FOTA","DOWNLOADING",{number}' for number in range(1, 11)))
    host.hears(f'+QIND: "FOTA","{word}END",0', '+QIND: "FOTA","START"')
    host.hears(*(f'+QIND: "FOTA","UPDATING",{number}' for number in range(20, 101, 20)))
    host.hears('+QIND: "FOTA","END",0', "RDY")
    host.command("ATE0")
    host.reads(b"ATE0\r\r\nOK\r\n")
    host.command("ATI")
    assert f"Revision: {TARGET}".encode() in host.listens(b"OK")


def fails(host: Host, url: str, word: str, number: int) -> None:
    host.ask(f'AT+QFOTADL="{url}"')
    host.hears(f'+QIND: "FOTA","{word}START"', f'+QIND: "FOTA","{word}END",{number}')


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    running = Nginx(tmp_path)
    yield running
    running.stop()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_from_nginx(nginx: Nginx, scheme: str) -> None:
    (nginx.root / "fw.bin").write_bytes(package())
    with opened({80: nginx.port, 443: nginx.tls_port, 81: nginx.tls_port}) as (host, _):
        fails(host, f"{scheme}://{HOST}/other.bin", "HTTP", 723)
        fails(host, f"http://{HOST}:81/fw.bin", "HTTP", 723)  # TLS is spoken there
        fails(host, f"{scheme}://{HOST}/private/fw.bin", "HTTP", 723)
        upgrades(host, f"{scheme}://{HOST}/fw.bin", "HTTP")


@pytest.mark.parametrize("server", [Vsftpd, Pyftpd])
def test_from_ftp_servers(server: type[Vsftpd] | type[Pyftpd], tmp_path: Path) -> None:
    running = server(tmp_path)
    try:
        (running.root / "fw.bin").write_bytes(package())
        with opened({21: running.port}) as (host, _):
            fails(host, f"ftp://anonymous:me@{HOST}/other.bin", "FTP", 627)
            fails(host, f"ftp://somebody:wrong@{HOST}/fw.bin", "FTP", 625)
            upgrades(host, f"ftp://anonymous:me@{HOST}/fw.bin", "FTP")
    finally:
        running.stop()


def test_a_connection_that_breaks_in_the_middle(nginx: Nginx) -> None:
    (nginx.root / "fw.bin").write_bytes(package(3_000_000))
    with opened({80: nginx.port}) as (host, device):
        host.ask(f'AT+QFOTADL="http://{HOST}/fw.bin",1,100')
        host.hears('+QIND: "FOTA","HTTPSTART"', '+QIND: "FOTA","DOWNLOADING",1')
        [link] = device.links()
        device.kill_link(link.number, how="reset")
        assert len(host.listens(b'+QIND: "FOTA","HTTPEND",717')) < 99
        host.ask("AT")
        assert device.report().network.connections[0].why == "reset"
