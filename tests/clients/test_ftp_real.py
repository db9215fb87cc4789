"""A device's FTP client at real servers: vsftpd and pyftpdlib, plain and over TLS.

`tests/peers/test_ftp_served.py` has the same at the server in process.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from quecsim.border import TlsWish
from quecsim.border.wish import Pem
from quecsim.clients.ftp import FtpClient, FtpError, FtpSettings
from quecsim.clients.stream import Steps
from quecsim.tls.authority import authority_pem
from tests.clients.wired_live import WiredLive
from tests.peers.pyftpd import Pyftpd
from tests.peers.vsftpd import Vsftpd

BIG = bytes(range(256)) * 2000  # more than a link has credit for
TLS = TlsWish(level=1, ca=Pem("UFS:ca.pem", authority_pem()), calendar_s=1_795_910_400)
HOST = "ftp.broker.example"


class World:
    """A real server, and a device's client that is logged in at it."""

    def __init__(self, server: Vsftpd | Pyftpd, tls: str, *, is_passive: bool) -> None:
        self.server = server
        # Data connections go to whatever port the server names.
        self.wired = WiredLive([f"{HOST}:21=127.0.0.1:{server.port}"], ["127.0.0.1"])
        self.client = FtpClient("FTP", self.wired)
        settings = FtpSettings(
            tls=TLS if tls else None,
            is_explicit=tls == "explicit",
            is_passive=is_passive,
            own_address="127.0.0.1",
        )
        self.do(self.client.open(HOST, 21, settings))
        self.do(self.client.log_in("anonymous", "me@example"))
        self.do(self.client.set_type(is_binary=True))

    def do(self, steps: Steps[Any]) -> Any:
        with self.client.use():
            return self.wired.run(steps)

    def fetch(self, verb: str, name: str = "", offset: int = 0) -> bytes:
        self.do(self.client.begin(verb, name, offset))
        whole = b""
        while data := self.do(self.client.read(4096)):
            whole += data
        self.do(self.client.finish())
        return whole

    def put(self, verb: str, name: str, data: bytes) -> None:
        self.do(self.client.begin(verb, name))
        self.do(self.client.write(data))
        self.do(self.client.finish())


SERVERS: dict[str, Callable[[Path], Vsftpd | Pyftpd]] = {
    "vsftpd": partial(Vsftpd, tls=""),
    "vsftpd-explicit": partial(Vsftpd, tls="explicit"),
    "vsftpd-implicit": partial(Vsftpd, tls="implicit"),
    "pyftpdlib": partial(Pyftpd, tls=""),
    "pyftpdlib-explicit": partial(Pyftpd, tls="explicit"),
}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vsftpd | Pyftpd]:
    running = SERVERS[request.param](tmp_path)
    yield running
    running.stop()


@pytest.fixture(params=["passive", "active"])
def world(server: Vsftpd | Pyftpd, request: pytest.FixtureRequest) -> Iterator[World]:
    name = request.node.name
    tls = next((word for word in ("explicit", "implicit") if word in name), "")
    made = World(server, tls, is_passive=request.param == "passive")
    yield made
    made.wired.close()


def test_files_there_and_back(world: World) -> None:
    (world.server.root / "big.bin").write_bytes(BIG)
    assert world.fetch("RETR", "big.bin") == BIG
    assert world.fetch("RETR", "big.bin", 100_000) == BIG[100_000:]
    world.put("STOR", "up.bin", BIG)
    world.put("APPE", "up.bin", b"more")
    assert (world.server.root / "up.bin").read_bytes() == BIG + b"more"
    assert world.fetch("NLST").split() == [b"big.bin", b"up.bin"]
    assert world.do(world.client.size("up.bin")) == len(BIG) + 4
    with pytest.raises(FtpError) as told:
        world.do(world.client.begin("RETR", "no"))
    assert told.value.reply == 550
    assert world.client.is_open
    world.do(world.client.quit())
    assert not world.wired.open_links


def test_a_server_that_wants_its_tls_session_resumed(tmp_path: Path) -> None:
    """As many do: no module resumes one, as far as is known."""
    running = Vsftpd(tmp_path, "explicit", session_reuse=True)
    world = World(running, "explicit", is_passive=True)
    try:
        with pytest.raises(FtpError) as told:
            world.fetch("NLST")
        assert told.value.reply == 522
    finally:
        world.wired.close()
        running.stop()
