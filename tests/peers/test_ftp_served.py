"""A device's FTP client and the FTP server in process: every way of data connections and TLS."""

from functools import partial
from typing import Any

import pytest

from quecsim.border import Failed, Opened, TlsWish, Why
from quecsim.border.wish import Pem
from quecsim.clients.ftp import FtpClient, FtpError, FtpSettings, FtpWhy
from quecsim.clients.stream import Steps
from quecsim.peers import ftp_settings
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpTrouble
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


def test_a_server_that_is_not_who_it_should_be() -> None:
    other = TlsWish(level=1, ca=Pem("UFS:ca.pem", server_tls("self-signed").certificate))
    for how in ("implicit", "explicit"):
        world = World(tls=other, how=how)
        error = world.fails(world.client.open(HOST, world.port, world.settings()))
        assert error.trouble.why is Why.TLS_VERIFY
        assert not world.wired.open_links


def test_tls_where_there_is_none() -> None:
    world = World(tls=TLS)
    error = world.fails(world.client.open(HOST, 21, world.settings()))
    assert error.reply == 502


def test_a_session_that_is_not_resumed() -> None:
    world = World(tls=TLS, how="explicit", session_reuse=True).log_in()
    assert world.fails(read(world, "NLST")).reply == 522


def read(world: World, verb: str, name: str = "") -> Steps[bytes]:
    """All of a transfer."""
    yield from world.client.begin(verb, name)
    whole = b""
    while data := (yield from world.client.read(4096)):
        whole += data
    yield from world.client.finish()
    return whole


def write(world: World, name: str, data: bytes) -> Steps[None]:
    yield from world.client.begin("STOR", name)
    yield from world.client.write(data)
    yield from world.client.finish()


@pytest.mark.parametrize("ignores_address", [False, True])
def test_a_wrong_address(ignores_address: bool) -> None:
    world = World(pasv_address="10.9.8.7").log_in(ignores_address=ignores_address)
    if ignores_address:
        assert world.do(read(world, "RETR", "big.bin")) == BIG
    else:
        error = world.fails(read(world, "RETR", "big.bin"))
        assert error.why is FtpWhy.DATA_OPEN
        assert error.trouble.why is Why.NOT_ALLOWED


@pytest.mark.parametrize(
    ("trouble", "why", "reply"),
    [
        (FtpTrouble(at="RETR", reply="450 Busy."), FtpWhy.REPLY, 450),
        (FtpTrouble(at="RETR", data="refused"), FtpWhy.REPLY, 425),
        (FtpTrouble(at="PASV", data="refused"), FtpWhy.DATA_OPEN, 0),
        (FtpTrouble(at="PASV", reply="227 Somewhere."), FtpWhy.GARBAGE, 227),
        (FtpTrouble(at="RETR", after_bytes=100_000), FtpWhy.REPLY, 426),
        (FtpTrouble(at="RETR", after_bytes=5, data="reset"), FtpWhy.REPLY, 426),
        (FtpTrouble(at="RETR", after_bytes=5, reply="451 a\n"), FtpWhy.REPLY, 451),
        (FtpTrouble(at="RETR", after_bytes=5, silent=True), FtpWhy.TIMEOUT, 0),
        (FtpTrouble(at="RETR", silent=True), FtpWhy.TIMEOUT, 0),
        (FtpTrouble(at="RETR", ends="fin"), FtpWhy.CONTROL, 0),
        (FtpTrouble(at="RETR", reply="421 Down.", ends="fin"), FtpWhy.REPLY, 421),
    ],
    ids=str,
)
def test_trouble_at_a_download(trouble: FtpTrouble, why: FtpWhy, reply: int) -> None:
    world = World(trouble=(trouble,)).log_in()
    error = world.fails(read(world, "RETR", "big.bin"))
    assert (error.why, error.reply or 0) == (why, reply)


@pytest.mark.parametrize(
    ("settings", "reply"),
    [
        ({"quota_bytes": len(BIG) + 1000}, 552),
        ({"quota_bytes": len(BIG) + 1000, "full_code": 452}, 452),
        ({"read_only": True}, 550),
        ({"denied": ("/up.bin",)}, 553),
        ({"trouble": (FtpTrouble(at="STOR", after_bytes=0, reply="451 no"),)}, 451),
    ],
    ids=str,
)
def test_trouble_at_an_upload(settings: dict[str, Any], reply: int) -> None:
    world = World(**settings).log_in()
    assert world.fails(write(world, "up.bin", BIG)).reply == reply
    assert world.client.is_open
    assert world.do(world.client.folder()) == "/"


@pytest.mark.parametrize(
    ("trouble", "reply"),
    [
        (FtpTrouble(at="CONNECT", reply="421-Full.\n421 Later."), 421),
        (FtpTrouble(at="PASS", reply="530 Not now."), 530),
        (FtpTrouble(at="USER", reply="530 Nobody."), 530),
    ],
    ids=str,
)
def test_nobody_is_let_in(trouble: FtpTrouble, reply: int) -> None:
    world = World(trouble=(trouble,))

    def steps() -> Steps[None]:
        yield from world.client.open(HOST, 21, world.settings())
        yield from world.client.log_in("me", "secret")

    assert world.fails(steps()).reply == reply


def test_a_slow_server_holds_an_upload_back() -> None:
    world = World(bytes_per_s=100_000).log_in()
    world.do(write(world, "up.bin", BIG))
    assert world.server.files["/up.bin"] == BIG
    assert world.wired.now_ns == len(BIG) * 10_000
