"""What a client sees of our FTP server, it sees of vsftpd and of pyftpdlib: each test runs against
all of them, without TLS and with it.
"""

import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpSettings
from tests.peers.ftp_talk import InProcess, Place, Sockets, Talk
from tests.peers.pyftpd import PASSWORD, USER, Pyftpd
from tests.peers.vsftpd import Vsftpd

# server, TLS
ALL = (
    ("ours", ""),
    ("ours", "explicit"),
    ("ours", "implicit"),
    ("vsftpd", ""),
    ("vsftpd", "explicit"),
    ("vsftpd", "implicit"),
    ("pyftpdlib", ""),
    ("pyftpdlib", "explicit"),
)
OURS_AND_PYFTPDLIB = tuple(each for each in ALL if each[0] != "vsftpd")
WAYS = ("PASV", "EPSV", "PORT", "EPRT")
BIG = bytes(range(256)) * 1000
HUGE = bytes(1 << 23)  # more than the buffers of two sockets hold


def name_of(server: tuple[str, str]) -> str:
    return "-".join(filter(None, server))


class At(NamedTuple):
    """A server, how to talk to it, and a name that no other test uses there."""

    server: str
    place: Place
    tls: str
    name: str

    def talk(self) -> Talk:
        """A client that nobody knows yet."""
        client = Talk(self.place)
        assert client.greeting.startswith("220")
        if self.tls == "explicit":
            client.secure()
        if self.tls:
            client.protect()
        return client

    def log_in(self) -> Talk:
        """One that is in."""
        return self.talk().log_in()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Sockets]]:
    """Sockets for the real ones, each started when it is first wanted."""

    class Started(dict[tuple[str, str], Sockets]):
        def __missing__(self, key: tuple[str, str]) -> Sockets:
            server, tls = key
            folder = tmp_path_factory.mktemp(server)
            if server == "vsftpd":
                made: Vsftpd | Pyftpd = Vsftpd(folder, tls)  # type: ignore[arg-type]
            else:
                made = Pyftpd(folder, tls)  # type: ignore[arg-type]
            servers.append(made)
            context = client_context(str(made.ca_file))
            self[key] = Sockets(made.port, context, implicit=tls == "implicit")
            return self[key]

    servers: list[Vsftpd | Pyftpd] = []
    started = Started()
    yield started
    for sockets in started.values():
        sockets.close()
    for each in servers:
        each.stop()


def client_context(ca_file: str) -> ssl.SSLContext:
    """TLS as a device has it: 1.2, and no session is resumed."""
    context = ssl.create_default_context(cafile=ca_file)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


@pytest.fixture(params=ALL, ids=name_of)
def at(request: pytest.FixtureRequest, running: dict[tuple[str, str], Sockets]) -> At:
    server, tls = request.param
    name = re.sub(r"\W", "-", request.node.name.removeprefix("test_"))
    if server != "ours":
        return At(server, running[server, tls], tls, name)
    settings = FtpSettings(users={USER: PASSWORD}, anonymous=True, implicit=tls == "implicit")
    return At(server, InProcess(FtpServer(settings, has_tls=bool(tls))), tls, name)


@pytest.fixture
def client(at: At) -> Talk:
    """One that is in, in a folder of its own."""
    client = at.log_in()
    assert client.asks(f"MKD {at.name}") == 257
    assert client.asks(f"CWD {at.name}") == 250
    return client


def test_who_may_come_in(at: At) -> None:
    client = at.talk()
    assert client.asks("PWD") == 530
    assert client.asks("PASS secret") == 503
    code = client.asks("USER nobody")
    assert (client.asks("PASS secret") if code == 331 else code) == 530
    assert client.asks("PWD") == 530
    client.log_in()
    assert client.asks("PWD") == 257


@pytest.mark.parametrize("at", OURS_AND_PYFTPDLIB, indirect=True, ids=name_of)
def test_a_password(at: At) -> None:
    """Those of vsftpd are the machine's."""
    client = at.talk()
    assert client.asks(f"USER {USER}") == 331
    assert client.asks("PASS wrong") == 530
    assert client.asks(f"USER {USER}") == 331
    assert client.asks(f"PASS {PASSWORD}") == 230


def test_goodbye(at: At) -> None:
    client = at.log_in()
    assert client.asks("QUIT") == 221
    assert client.reply() == ""


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("data", [b"", b"x", BIG], ids=len)
def test_a_file_there_and_back(client: Talk, how: str, data: bytes) -> None:
    assert client.put("STOR new.bin", data, how) == 226
    assert client.say("SIZE new.bin") == f"213 {len(data)}"
    assert client.fetch("RETR new.bin", how) == (data, 226)


def test_a_file_goes_on_from_where_it_was(client: Talk) -> None:
    client.put("STOR file", b"0123456789")
    assert client.asks("REST 4") == 350
    assert client.fetch("RETR file") == (b"456789", 226)
    assert client.fetch("RETR file") == (b"0123456789", 226)
    assert client.put("APPE file", b"abc") == 226
    assert client.put("APPE new", b"abc") == 226
    assert client.asks("REST 2") == 350
    assert client.put("STOR file", b"xyz") == 226
    assert client.fetch("RETR file")[0][:5] == b"01xyz"
    assert client.fetch("RETR new") == (b"abc", 226)


def test_a_file_is_written_over(client: Talk) -> None:
    client.put("STOR file", b"0123456789")
    assert client.put("STOR file", b"abc") == 226
    assert client.fetch("RETR file") == (b"abc", 226)


def test_what_is_not_there(client: Talk) -> None:
    for command in ("SIZE no", "MDTM no", "CWD no", "DELE no", "RMD no", "RNFR no"):
        assert client.asks(command) == 550, command
    assert client.fetch("RETR no") == (b"", 550)
    assert client.put("STOR no/file", b"x") in (550, 553)
    assert client.put("APPE no/file", b"x") in (550, 553)


def test_what_is_no_file(client: Talk) -> None:
    assert client.asks("MKD folder") == 257
    assert client.asks("MKD folder") == 550
    assert client.asks("SIZE folder") == 550
    assert client.asks("DELE folder") == 550
    assert client.fetch("RETR folder")[1] == 550
    assert client.put("STOR folder", b"x") in (550, 553)


def test_folders(client: Talk, at: At) -> None:
    assert client.asks("MKD one") == 257
    assert client.asks("CWD one") == 250
    assert client.say("PWD").split('"')[1].endswith(f"/{at.name}/one")
    assert client.put("STOR file", b"x") == 226
    assert client.asks("CDUP") == 250
    assert client.asks("RMD one") == 550
    assert client.asks("DELE one/file") == 250
    assert client.asks("RMD one") == 250
    assert client.asks("CWD one") == 550


def test_names(client: Talk) -> None:
    assert client.put("STOR a name", b"x") == 226
    assert client.asks("RNTO other") == 503
    assert client.asks("RNFR a name") == 350
    assert client.asks("RNTO fön.txt") == 250
    assert client.lines("NLST") == ["fön.txt"]
    assert client.asks("SIZE a name") == 550
    assert client.fetch("RETR fön.txt") == (b"x", 226)


def test_a_list(client: Talk) -> None:
    assert client.lines("LIST") == []
    client.put("STOR b.bin", b"x" * 1234)
    client.asks("MKD a")
    for command in ("LIST", "LIST -a", "LIST -la"):
        lines = [
            line
            for line in client.lines(command)
            if not line.endswith(" .") and not line.endswith(" ..")
        ]
        folder, file = lines
        assert re.fullmatch(
            r"d[rwx-]{9} +\d+ \S+ +\S+ +\d+ [A-Z][a-z]{2} \d\d  ?[\d:]{4,5} a", folder
        )
        assert re.fullmatch(
            r"-[rwx-]{9} +\d+ \S+ +\S+ +1234 [A-Z][a-z]{2} \d\d  ?[\d:]{4,5} b.bin", file
        )
    assert [line[-5:] for line in client.lines("LIST b.bin")] == ["b.bin"]
    assert client.lines("NLST") in (["a", "b.bin"], ["b.bin", "a"])


def test_when_it_was_written(client: Talk) -> None:
    client.put("STOR file", b"x")
    assert re.fullmatch(r"213 20\d{12}", client.say("MDTM file"))


def test_small_talk(client: Talk) -> None:
    assert client.asks("NOOP") == 200
    assert client.asks("SYST") == 215
    assert client.asks("TYPE A") == 200
    assert client.asks("TYPE I") == 200
    assert client.asks("MODE S") == 200
    assert client.asks("STRU F") == 200
    assert client.asks("MODE B") == 504
    assert client.asks("STRU R") == 504
    assert client.asks("ALLO 5") == 202
    assert client.asks("ABOR") == 225
    assert client.asks("NONSENSE") == 500
    assert client.asks("noop") == 200


def test_features(client: Talk, at: At) -> None:
    features = {line.strip().split(" ")[0] for line in client.say("FEAT").split("\n")[1:-1]}
    assert {"EPRT", "EPSV", "MDTM", "REST", "SIZE", "TVFS"} <= features
    assert ({"AUTH", "PBSZ", "PROT"} <= features) == bool(at.tls)


def test_several_commands_at_once(client: Talk) -> None:
    client.line.write(b"NOOP\r\nPWD\r\nNO")
    client.line.write(b"OP\r\n")
    assert [client.code() for _ in range(3)] == [200, 257, 200]


@pytest.mark.parametrize("how", ["PASV", "PORT"])
def test_the_client_breaks_a_file_off(client: Talk, how: str) -> None:
    client.put("STOR file", HUGE)
    line = client.begin("RETR file", how)
    assert line.read()
    line.drop()
    assert client.code() == 426
    assert client.lines("NLST") == ["file"]


@pytest.mark.parametrize("at", OURS_AND_PYFTPDLIB, indirect=True, ids=name_of)
def test_the_client_takes_a_transfer_back(client: Talk) -> None:
    """vsftpd hears that when it is too late."""
    client.put("STOR file", HUGE)
    line = client.begin("RETR file")
    assert line.read()
    client.write("ABOR")
    while line.read():
        pass
    line.close()
    assert [client.code(), client.code()] == [426, 226]
    assert client.lines("NLST") == ["file"]


def test_a_place_for_data_that_is_not_used(client: Talk) -> None:
    client.put("STOR file", b"x")
    client.passive()
    client.place.open(client.extended())
    client.place.open(client.passive()).close()
    assert client.fetch("RETR file") == (b"x", 226)
    client.place.open(client.passive())
    assert client.asks("QUIT") == 221


def test_nobody_listens_for_data(client: Talk) -> None:
    client.put("STOR file", b"x")
    port = client.place.deaf()
    code = client.asks(f"PORT 127,0,0,1,{port >> 8},{port & 255}")
    if code == 200:  # pyftpdlib connects at once
        client.write("RETR file")
        code = client.code()
    assert (client.code() if code == 150 else code) == 425


@pytest.fixture(params=["ours", "vsftpd"])
def strict(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """One that insists on TLS for everything."""
    if request.param == "ours":
        yield InProcess(FtpServer(FtpSettings(requires_tls=True), has_tls=True))
        return
    settings = {"force_anon_logins_ssl": "YES", "force_anon_data_ssl": "YES"}
    real = Vsftpd(tmp_path, "explicit", settings=settings)
    sockets = Sockets(real.port, client_context(str(real.ca_file)))
    yield sockets
    sockets.close()
    real.stop()


def test_tls_is_required(strict: Place) -> None:
    client = Talk(strict)
    assert client.asks("USER anonymous") == 530
    client = Talk(strict)  # vsftpd has closed
    client.secure()
    client.log_in()
    assert client.fetch("NLST") == (b"", 522)
    client.protect()
    assert client.fetch("NLST") == (b"", 226)


@pytest.fixture(params=["ours", "vsftpd"])
def resuming(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """One that wants the TLS session resumed on data connections."""
    if request.param == "ours":
        yield InProcess(FtpServer(FtpSettings(session_reuse=True), has_tls=True))
        return
    real = Vsftpd(tmp_path, "explicit", session_reuse=True)
    sockets = Sockets(real.port, client_context(str(real.ca_file)))
    yield sockets
    sockets.close()
    real.stop()


def test_a_session_that_is_not_resumed(resuming: Place) -> None:
    client = Talk(resuming)
    client.secure()
    client.log_in()
    assert client.put("STOR file", b"x") == 226
    client.protect()
    assert client.fetch("RETR file") == (b"", 522)


@pytest.mark.parametrize(
    "at",
    [("ours", "explicit"), ("ours", "implicit"), ("pyftpdlib", "explicit")],
    indirect=True,
    ids=name_of,
)
def test_no_tls_where_there_should_be(at: At) -> None:
    """A data connection whose client says nothing of TLS. vsftpd ends the session, with garbage."""
    client = at.log_in()
    client.is_private = False
    line = client.begin("STOR plain")
    line.write(b"this is no TLS at all, and long enough to be known as such")
    line.close()
    assert client.code() in (426, 522)
