"""Files and listings by FTP on the LTE modules."""

import pytest

from quecsim.peers.ftp_settings import FtpFile, FtpTrouble
from quecsim.trace.event import ClientResult, DataEnd
from tests.commands.ftp_bench import CONTENT, FtpBench
from tests.commands.test_ftp_lte import cme, opened, said, state

CONNECT = "\r\nCONNECT\r\n"


def test_a_file_of_the_host() -> None:
    """As a log of an EG800K has it: so many bytes, OK, and the result."""
    bench = opened()
    assert bench.ask('AT+QFTPPUT="up.bin","COM:",0,20,1', 5) == CONNECT
    assert bench.give(b"exactly twenty bytes", 5) == said("QFTPPUT", "0,20")
    assert bench.server.files["/up.bin"] == b"exactly twenty bytes"
    assert bench.ask("AT+QFTPLEN") == said("QFTPLEN", "0,20")
    assert bench.ask('AT+QFTPSIZE="up.bin"') == said("QFTPSIZE", "0,20")


def test_a_file_of_the_host_up_to_the_escape_sequence() -> None:
    bench = opened()
    assert bench.ask('AT+QFTPPUT="up.bin","COM:",0', 5) == CONNECT
    assert bench.give(b"some bytes", 2) == ""
    assert bench.give(b"+++", 5) == said("QFTPPUT", "0,10")
    assert bench.server.files["/up.bin"] == b"some bytes"


def test_a_file_of_the_host_up_to_a_long_silence() -> None:
    bench = opened()
    bench.ask('AT+QFTPCFG="rsptimeout",20')
    assert bench.ask('AT+QFTPPUT="up.bin","COM:"', 5) == CONNECT
    assert bench.give(b"some bytes", 19) == ""
    assert bench.rest(5) == said("QFTPPUT", "0,10")
    assert bench.found(DataEnd)[-1].why == "idle"


def test_a_file_in_two_goes() -> None:
    bench = opened()
    bench.ask('AT+QFTPPUT="up.bin","COM:",0,4,0', 5)
    assert bench.give(b"0123", 5) == said("QFTPPUT", "0,4")
    bench.ask('AT+QFTPPUT="up.bin","COM:",4,3,1', 5)
    assert bench.give(b"456", 5) == said("QFTPPUT", "0,3")
    assert bench.server.files["/up.bin"] == b"0123456"


def test_without_rest_it_begins_at_the_beginning() -> None:
    bench = opened()
    bench.ask('AT+QFTPCFG="restenable",0')
    bench.ask('AT+QFTPPUT="file.bin","COM:",4,3,1', 5)
    bench.give(b"456", 5)
    assert bench.server.files["/file.bin"] == b"456"


def test_the_server_does_not_want_it() -> None:
    bench = opened(trouble=(FtpTrouble(at="STOR", reply="553 no"),))
    assert bench.ask('AT+QFTPPUT="up.bin","COM:",0,4') == cme(630)
    assert bench.found(ClientResult)[-1].code == 630
    assert state(bench) == "1"


def test_the_server_breaks_it_off() -> None:
    trouble = FtpTrouble(at="STOR", after_bytes=2000, data="reset", reply="426 gone")
    bench = opened(trouble=(trouble,))
    bench.ask('AT+QFTPPUT="up.bin","COM:",0,9000', 5)
    assert bench.give(b"x" * 4000, 5) == said("QFTPPUT", "616,426")
    assert bench.give(b"x" * 5000, 5) == ""  # no command begins with x


def test_a_file_of_the_server() -> None:
    bench = opened()
    got = bench.raw('AT+QFTPGET="file.bin","COM:"')
    assert got == CONNECT.encode() + CONTENT + b"\r\nOK\r\n\r\n+QFTPGET: 0,10240\r\n"
    assert bench.raw('AT+QFTPGET="file.bin"') == got


@pytest.mark.parametrize(("start", "length"), [(0, 10), (5, 10), (10_000, 0), (10_000, 5000)])
def test_a_part_of_a_file_of_the_server(start: int, length: int) -> None:
    bench = opened()
    part = CONTENT[start:][: length or None]
    got = bench.raw(f'AT+QFTPGET="file.bin","COM:",{start},{length}')
    assert got == CONNECT.encode() + part + said("QFTPGET", f"0,{len(part)}").encode()
    assert state(bench) == "1"
    assert bench.ask('AT+QFTPSIZE="file.bin"') == said("QFTPSIZE", "0,10240")


def test_a_file_that_is_not_there() -> None:
    bench = opened()
    assert bench.ask('AT+QFTPGET="none","COM:"') == cme(627)
    assert bench.ask('AT+QFTPGET="none","RAM:x"') == said("QFTPGET", "627,550")
    assert bench.ask('AT+QFLST="RAM:*"') == "\r\nOK\r\n"


def test_the_escape_sequence_ends_a_download() -> None:
    """Measured on an EG800K: OK, and the transfer is given up, not held; no result follows."""
    bench = opened(bytes_per_s=500)
    assert bench.ask('AT+QFTPGET="file.bin","COM:"', 5).startswith(CONNECT)
    assert bench.give(b"+++", 20).endswith("\r\nOK\r\n")
    assert state(bench) == "1"
    assert bench.ask('AT+QFTPSIZE="file.bin"') == said("QFTPSIZE", "0,10240")


@pytest.mark.parametrize("command", ["LIST", "NLST", "MLSD"])
def test_listings(command: str) -> None:
    files = {"/d/a.txt": FtpFile(text="1"), "/d/b.txt": FtpFile(text="22")}
    bench = opened(files=files)
    got = bench.ask(f'AT+QFTP{command}="/d","COM:"')
    listing, _, end = got.removeprefix(CONNECT).partition("\r\nOK\r\n")
    assert "a.txt" in listing
    assert "b.txt" in listing
    assert end == f"\r\n+QFTP{command}: 0,{len(listing)}\r\n"
    assert bench.ask(f'AT+QFTP{command}="/d","RAM:list"') == said(
        f"QFTP{command}", f"0,{len(listing)}"
    )
    assert bench.file("RAM:list").decode() == listing


@pytest.mark.parametrize("place", ["UFS:own.bin", "RAM:own.bin", "own.bin"])
def test_storages(place: str) -> None:
    bench = opened()
    assert bench.ask(f'AT+QFTPGET="file.bin","{place}",0') == said("QFTPGET", "0,10240")
    assert bench.file(place) == CONTENT
    assert bench.ask(f'AT+QFTPPUT="copy.bin","{place}",0') == said("QFTPPUT", "0,10240")
    assert bench.server.files["/copy.bin"] == CONTENT


def test_a_download_goes_on_behind_what_is_there() -> None:
    bench = opened()
    bench.ask('AT+QFTPGET="file.bin","UFS:own.bin",0,4000')
    assert bench.file("own.bin") == CONTENT[:4000]
    assert bench.ask('AT+QFTPGET="file.bin","UFS:own.bin",4000') == said("QFTPGET", "0,6240")
    assert bench.file("own.bin") == CONTENT


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ('PUT="x","RAM:none"', "611,0"),
        ('PUT="x","RAM:short",9', "612,0"),
        ('PUT="x","RAM:open"', "613,0"),
        ('GET="file.bin","RAM:open"', "613,0"),
    ],
)
def test_files_of_the_device_that_do(line: str, result: str) -> None:
    bench = opened()
    bench.ask('AT+QFOPEN="RAM:open"')
    bench.ask('AT+QFUPL="RAM:short",5,5', 1)
    bench.give(b"12345")
    assert bench.ask(f"AT+QFTP{line}") == said(f"QFTP{line[:3]}", result)
    assert state(bench) == "1"


def test_a_name_that_no_file_can_have() -> None:
    assert opened().ask('AT+QFTPGET="file.bin","UFS:a?b"') == cme(610)


def test_ascii_is_the_servers_business() -> None:
    bench = opened(files={"/x": FtpFile(text="a\nb")}, ascii=True)
    bench.ask('AT+QFTPCFG="filetype",1')
    assert bench.ask('AT+QFTPGET="x","COM:"') == f"{CONNECT}a\r\nb{said('QFTPGET', '0,4')}"


@pytest.mark.parametrize(("choice", "works"), [(0, False), (1, True), (2, True)])
def test_the_address_of_a_passive_server(choice: int, *, works: bool) -> None:
    bench = opened(pasv_address="10.9.9.9")
    bench.ask(f'AT+QFTPCFG="data_address",{choice}')
    assert (CONTENT in bench.raw('AT+QFTPGET="file.bin","COM:"')) is works


def test_active_mode() -> None:
    bench = opened()
    bench.ask('AT+QFTPCFG="transmode",0')
    assert CONTENT in bench.raw('AT+QFTPGET="file.bin","COM:"')


def test_one_end_to_end_as_a_host_does_it() -> None:
    """hosts.md: QFTPPUT, data, two seconds of silence, `+++`; QFTPLIST; QFTPMLSD into RAM."""
    bench: FtpBench = opened(files={})
    for line in ('CWD="/"', 'MKDIR="logs"', 'CWD="logs"'):
        assert "0,0" in bench.ask(f"AT+QFTP{line}")
    bench.ask('AT+QFTPPUT="n.txt","COM:",0', 5)
    bench.give(b"hello", 2)
    assert bench.give(b"+++", 5) == said("QFTPPUT", "0,5")
    assert "n.txt" in bench.ask('AT+QFTPLIST="."')
    assert "0," in bench.ask('AT+QFTPMLSD=".","RAM:y"')
    assert bench.ask('AT+QFTPDEL="n.txt"') == said("QFTPDEL", "0,0")
    assert bench.ask("AT+QFTPCLOSE") == said("QFTPCLOSE", "0,0")
