"""A device's FTP client and the FTP server in process: every way of data connections and TLS."""

from functools import partial
from typing import Any

import pytest

from quecsim.border import Failed, Opened, TlsWish
from quecsim.border.wish import Pem
from quecsim.clients.ftp import FtpClient, FtpError, FtpSettings
from quecsim.clients.stream import Steps
from quecsim.peers import ftp_settings
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile
from quecsim.peers.served import Offer, Served
from quecsim.tls.authority import authority_pem, server_tls
from quecsim.tls.outcome import news_of
from tests.clients.wired import Wired

BIG = b"0123456789abcdef" * 20_000  # more than the credit of a link
TLS = TlsWish(level=1, ca=Pem("UFS:ca.pem", authority_pem()), ignores_time=True)
HOST = "ftp.broker.example"


def handshake(wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, server_tls())


class World:
    """A server at HOST, port 21 or 990, and a device's client that is logged in at it."""

    def __init__(self, *, tls: TlsWish | None = None, how: str = "", **settings: Any) -> None:
        is_implicit = how == "implicit"
        files = {"/big.bin": FtpFile(base64=BIG)}
        made = ftp_settings.FtpSettings(files=files, implicit=is_implicit, **settings)
        self.server = FtpServer(made, has_tls=bool(how))
        self.port = 990 if is_implicit else 21
        offer = Offer(
            self.server,
            "192.0.2.10",
            handshake if how else None,
            begins_plain=not is_implicit,
        )
        self.wired = Wired(Served({(HOST, self.port): offer}))
        self.client = FtpClient("FTP", self.wired)
        self.settings = partial(FtpSettings, tls=tls, is_explicit=not is_implicit)

    def do(self, steps: Steps[Any]) -> Any:
        with self.client.use():
            return self.wired.run(steps)

    def log_in(self, **settings: Any) -> "World":
        self.do(self.client.open(HOST, self.port, self.settings(**settings)))
        self.do(self.client.log_in("me", "secret"))
        self.do(self.client.set_type(is_binary=True))
        return self

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

    def fails(self, steps: Steps[Any]) -> FtpError:
        with pytest.raises(FtpError) as caught:
            self.do(steps)
        return caught.value


@pytest.mark.parametrize("is_passive", [True, False], ids=["passive", "active"])
@pytest.mark.parametrize(("tls", "how"), [(None, ""), (TLS, "implicit"), (TLS, "explicit")])
def test_files_there_and_back(tls: TlsWish | None, how: str, is_passive: bool) -> None:
    world = World(tls=tls, how=how).log_in(is_passive=is_passive, own_address="10.0.0.1")
    assert world.fetch("RETR", "/big.bin") == BIG
    assert world.fetch("RETR", "/big.bin", 100_000) == BIG[100_000:]
    world.put("STOR", "up.bin", BIG)
    world.put("APPE", "up.bin", b"more")
    assert world.server.files["/up.bin"] == BIG + b"more"
    assert world.fetch("NLST") == b"big.bin\r\nup.bin\r\n"
    assert world.do(world.client.size("up.bin")) == len(BIG) + 4
    world.do(world.client.quit())
    assert not world.wired.open_links
