"""The FTP server, command by command: what it says, what it keeps."""

import pytest

from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.peers.service import Caller, ManyPorts, Securable, Service, SlowReader
from tests.peers.ftp_talk import InProcess, Talk

FILES = {"/a.txt": FtpFile(text="one\ntwo\n"), "/fw/new.bin": FtpFile(drawn_bytes=5000)}


def server(**settings: object) -> FtpServer:
    return FtpServer(FtpSettings(**{"files": FILES, **settings}))  # type: ignore[arg-type]


def talk(one: FtpServer | None = None) -> Talk:
    return Talk(InProcess(one or server())).log_in()


def test_it_is_all_kinds_of_service() -> None:
    one = server()
    service: Service = one
    for kind in (SlowReader, ManyPorts, Securable, Caller):
        assert isinstance(service, kind)


@pytest.mark.parametrize("how", ["PASV", "EPSV", "PORT", "EPRT"])
def test_a_file_there_and_back(how: str) -> None:
    one = server()
    client = talk(one)
    assert client.put("STOR /up.bin", b"x" * 100_000, how) == 226
    assert client.fetch("RETR up.bin", how) == (b"x" * 100_000, 226)
    assert one.files["/up.bin"] == b"x" * 100_000
