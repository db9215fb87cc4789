"""Real FTP clients at our server, plain and over TLS: curl, lftp, and Python's ftplib."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.tls.authority import authority_pem, server_tls
from tests.peers.program import Program
from tests.peers.served import Served

BIG = bytes(range(256)) * 2000
FILES = {
    "/a.txt": FtpFile(text="one\ntwo\n"),
    "/fw/new.bin": FtpFile(base64=BIG),
    "/fw/old/fön.txt": FtpFile(text="älter"),
}
Tls = Literal["", "explicit", "implicit"]
TLS = pytest.mark.parametrize("tls", ["", "explicit", "implicit"])


class Ftp:
    """Our server behind sockets, at `host`:`port`."""

    def __init__(self, folder: Path, tls: Tls, settings: FtpSettings) -> None:
        self.tls = tls
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(authority_pem())
        self.server = FtpServer(
            settings,
            address="127.0.0.1",
            has_tls=bool(tls),
            first_port=20_000 + os.getpid() % 20 * 500,  # below those that a system gives out
        )
        own = server_tls() if tls else None
        self.sockets = Served(self.server, own, implicit=tls == "implicit")

    def curl(self, path: str, *options: str) -> Program:
        scheme = "ftps" if self.tls == "implicit" else "ftp"
        required = ("--ssl-reqd",) if self.tls else ()
        url = f"{scheme}://localhost:{self.sockets.port}{path}"
        common = ("-sS", "--cacert", str(self.ca_file), "--user", "meter:secret")
        return self.sockets.run("curl", *common, *required, *options, url)

    def lftp(self, script: str) -> Program:
        scheme = "ftps" if self.tls == "implicit" else "ftp"
        settings = [
            f"set ssl:ca-file {self.ca_file}",
            f"set ftp:ssl-allow {'yes' if self.tls else 'no'}",
            f"set ftp:ssl-force {'yes' if self.tls else 'no'}",
            "set ftp:ssl-protect-data yes",
            "set net:max-retries 1",
            "set cmd:fail-exit yes",
            f"open -u meter,secret {scheme}://localhost:{self.sockets.port}",
        ]
        return self.sockets.run("lftp", "--norc", "-c", "; ".join([*settings, script]))

    def python(self, script: str) -> Program:
        """`ftp` is a client that is logged in."""
        lines = [
            "import ftplib, io, ssl",
            f"tls = ssl.create_default_context(cafile={str(self.ca_file)!r})",
        ]
        if self.tls == "explicit":
            lines += ["ftp = ftplib.FTP_TLS(context=tls)"]
        else:
            lines += ["ftp = ftplib.FTP()"]
        lines += [f"ftp.connect('localhost', {self.sockets.port})", "ftp.login('meter', 'secret')"]
        lines += ["ftp.prot_p()"] if self.tls else []
        return self.sockets.run(sys.executable, "-c", "\n".join([*lines, script]))


Serve = Callable[..., Ftp]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    opened: list[Ftp] = []

    def start(tls: Tls = "", **settings: Any) -> Ftp:
        is_implicit = tls == "implicit"
        told = FtpSettings(users={"meter": "secret"}, files=FILES, implicit=is_implicit, **settings)
        opened.append(Ftp(tmp_path, tls, told))
        return opened[-1]

    yield start
    for each in opened:
        each.sockets.close()


def done(program: Program) -> bytes:
    """What it has said, all being well."""
    assert program.code == 0, program.said
    return program.said


@pytest.mark.parametrize(
    ("tls", "how"),
    [
        ("", ()),
        ("explicit", ()),
        ("implicit", ()),
        ("", ("--disable-epsv",)),
        ("explicit", ("--disable-epsv",)),
        # Called over TLS, curl 7.88 waits for ever, at vsftpd and at pyftpdlib too.
        ("", ("--ftp-port", "127.0.0.1")),
    ],
    ids=str,
)
def test_curl_fetches_and_puts(serve: Serve, tls: Tls, how: tuple[str, ...]) -> None:
    ftp = serve(tls)
    assert done(ftp.curl("/fw/new.bin", *how)) == BIG
    assert done(ftp.curl("/fw/new.bin", *how, "-r", "1000-")) == BIG[1000:]
    (ftp.folder / "up").write_bytes(BIG)
    up = str(ftp.folder / "up")
    done(ftp.curl("/new/folder/up.bin", *how, "--ftp-create-dirs", "-T", up))
    done(ftp.curl("/new/folder/up.bin", *how, "--append", "-T", up))
    assert ftp.server.files["/new/folder/up.bin"] == BIG + BIG


@TLS
def test_curl_lists(serve: Serve, tls: Tls) -> None:
    ftp = serve(tls)
    assert done(ftp.curl("/", "-l")).split() == [b"a.txt", b"fw"]
    assert b" 512000 " in done(ftp.curl("/fw/"))
    head = done(ftp.curl("/fw/new.bin", "-I"))
    assert b"Last-Modified: Mon, 01 Jun 2026 00:00:00 GMT\r\nContent-Length: 512000" in head


@pytest.mark.parametrize(
    ("path", "options", "code"),
    [
        ("/", ("--user", "meter:wrong"), 67),
        ("/no/file", (), 9),
        ("/nothing", (), 78),
        ("/no/file", ("-T", "/dev/null"), 9),
    ],
)
def test_curl_is_refused(serve: Serve, path: str, options: tuple[str, ...], code: int) -> None:
    program = serve().curl(path, *options)
    assert program.code == code, program.said


@TLS
def test_lftp_goes_around(serve: Serve, tls: Tls) -> None:
    ftp = serve(tls)
    (ftp.folder / "up").write_bytes(BIG)
    said = done(
        ftp.lftp(
            f"cd fw; cls -1; get new.bin -o {ftp.folder}/down; put {ftp.folder}/up -o up.bin; "
            "mv up.bin moved.bin; mkdir x; mkdir x/y; rm new.bin; rmdir x/y; cat old/fön.txt; "
            "echo; find /"
        )
    )
    lists = "new.bin old/ älter / /a.txt /fw/ /fw/moved.bin /fw/old/ /fw/old/fön.txt /fw/x/"
    assert said.decode().split() == lists.split()
    assert (ftp.folder / "down").read_bytes() == BIG
    assert ftp.server.files["/fw/moved.bin"] == BIG


@TLS
def test_lftp_mirrors(serve: Serve, tls: Tls) -> None:
    ftp = serve(tls)
    done(ftp.lftp(f"mirror / {ftp.folder}/copy"))
    copy = ftp.folder / "copy"
    assert {f"/{path.relative_to(copy)}": path.read_bytes() for path in copy.rglob("*.*")} == (
        ftp.server.files
    )


@pytest.mark.parametrize("tls", ["", "explicit"])
def test_ftplib(serve: Serve, tls: Tls) -> None:
    ftp = serve(tls)
    said = done(
        ftp.python(
            """
print(ftp.nlst(), ftp.pwd(), ftp.size('/fw/new.bin'), list(ftp.mlsd('/fw/old')))
ftp.cwd('/fw')
whole = io.BytesIO()
ftp.retrbinary('RETR new.bin', whole.write, rest=12)
ftp.set_pasv(False)
ftp.storbinary('STOR up.bin', io.BytesIO(whole.getvalue()))
print(ftp.mkd('q"uote'), ftp.rename('up.bin', 'moved.bin'), ftp.sendcmd('MDTM moved.bin')[:7])
ftp.retrlines('LIST')
print(ftp.quit())
"""
        )
    )
    lines = said.decode().splitlines()
    facts = "{'type': 'file', 'size': '6', 'modify': '20260601000000'}"
    assert lines[0] == f"['a.txt', 'fw'] / 512000 [('fön.txt', {facts})]"
    assert lines[1].startswith('/fw/q"uote 250')
    assert [line.split()[-1] for line in lines[2:-1]] == ["moved.bin", "new.bin", "old", 'q"uote']
    assert lines[-1].startswith("221")
    assert ftp.server.files["/fw/moved.bin"] == BIG[12:]


@pytest.mark.parametrize("tls", ["", "explicit"])
def test_ftplib_breaks_off(serve: Serve, tls: Tls) -> None:
    """ABOR in the middle, with the bytes of Telnet before it; and the session goes on."""
    ftp = serve(tls, bytes_per_s=100_000)
    said = done(
        ftp.python(
            """
data = ftp.transfercmd('RETR /fw/new.bin')
print(len(data.recv(10)) > 0)
print(ftp.abort()[:3])
while data.recv(10000):
    pass
data.close()
print(ftp.voidresp()[:3])
print(ftp.nlst())
"""
        )
    )
    assert said.decode().split("\n")[:4] == ["True", "426", "226", "['a.txt', 'fw']"]
