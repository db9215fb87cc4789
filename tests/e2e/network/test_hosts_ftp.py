"""What real hosts say to an FTP server, to the end and byte for byte, in virtual time."""

import time

import pytest

from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.scenario.network import Service, ServiceTls
from tests.e2e.network.host import Host
from tests.e2e.network.hosted import hosted

DATA = bytes(range(256)) * 5
SETTINGS = FtpSettings(
    users={"meter": "secret"}, files={"/in/old.txt": FtpFile(text="an old one")}
)  # fmt: skip
PLAIN = Service(host="files.example", port=21, kind="ftp", ftp=SETTINGS)
SAFE = Service(host="files.example", port=21, kind="ftp", ftp=SETTINGS, tls=ServiceTls())


def logs_in(host: Host, tls: int = 0) -> None:
    host.ask('AT+QFTPCFG="contextid",1')
    host.ask('AT+QFTPCFG="account","meter","secret"')
    host.ask('AT+QFTPCFG="filetype",0')
    host.ask('AT+QFTPCFG="transmode",1')
    host.ask('AT+QFTPCFG="rsptimeout",90')
    host.ask(f'AT+QFTPCFG="ssltype",{tls}')
    host.ask('AT+QFTPCFG="sslctxid",1')
    host.ask('AT+QFTPOPEN="files.example",21')
    host.hears("+QFTPOPEN: 0,0")


def puts(host: Host, name: str, data: bytes, *more: str) -> None:
    """Without a length: silence, and +++."""
    host.command(",".join((f'AT+QFTPPUT="{name}","COM:",0', *more)))
    host.reads(b"\r\nCONNECT\r\n")
    host.write(data)
    if not more:
        time.sleep(2)
        host.write("+++")
    host.reads(b"\r\nOK\r\n")
    host.hears(f"+QFTPPUT: 0,{len(data)}")


def gets(host: Host, name: str, data: bytes) -> None:
    host.command(f'AT+QFTPGET="{name}","COM:"')
    host.reads(b"\r\nCONNECT\r\n" + data + b"\r\nOK\r\n")
    host.hears(f"+QFTPGET: 0,{len(data)}")


def lists(host: Host, folder: str) -> list[bytes]:
    """The lines, each behind its size and date."""
    host.command(f'AT+QFTPLIST="{folder}","COM:"')
    host.reads(b"\r\nCONNECT\r\n")
    heard: bytes = host.port.read_until(b"\r\nOK\r\n").removesuffix(b"\r\nOK\r\n")
    host.hears(f"+QFTPLIST: 0,{len(heard)}")
    return heard.splitlines()


@pytest.mark.parametrize(("service", "tls"), [(PLAIN, 0), (SAFE, 2)])
def test_a_host_that_keeps_its_files_at_a_server(service: Service, tls: int) -> None:
    with hosted(service) as host:
        logs_in(host, tls)
        host.ask('AT+QFTPMKDIR="new"')
        host.hears("+QFTPMKDIR: 0,0")
        host.ask('AT+QFTPCWD="new"')
        host.hears("+QFTPCWD: 0,0")
        puts(host, "a.bin", DATA)
        puts(host, "b.bin", DATA[:600], "600", "1")
        assert [line.split()[-1] for line in lists(host, ".")] == [b"a.bin", b"b.bin"]
        host.ask('AT+QFTPSIZE="a.bin"')
        host.hears(f"+QFTPSIZE: 0,{len(DATA)}")
        gets(host, "a.bin", DATA)
        gets(host, "b.bin", DATA[:600])
        host.ask('AT+QFTPMLSD=".","RAM:list.txt"')
        host.reads(b"\r\n+QFTPMLSD: 0,")
        size = int(host.port.read_until(b"\r\n"))
        host.ask('AT+QFLST="RAM:list.txt"', f'+QFLST: "RAM:list.txt",{size}')
        host.ask('AT+QFTPDEL="a.bin"')
        host.hears("+QFTPDEL: 0,0")
        host.ask('AT+QFTPSIZE="a.bin"')
        host.hears("+QFTPSIZE: 627,550")
        host.ask("AT+QFTPCLOSE")
        host.hears("+QFTPCLOSE: 0,0")
        host.ask("AT+QFTPSTAT")
        host.hears("+QFTPSTAT: 0,4")


def test_a_host_that_is_not_let_in_and_then_is() -> None:
    with hosted(PLAIN) as host:
        host.ask('AT+QFTPCFG="account","meter","wrong"')
        host.ask('AT+QFTPOPEN="files.example",21')
        host.hears("+QFTPOPEN: 625,530")
        logs_in(host)
        gets(host, "/in/old.txt", b"an old one")
