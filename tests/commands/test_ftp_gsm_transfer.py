"""Files by FTP on the M95: from and to the host, from and to its storages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.timing import FlashMode
from quecsim.peers.ftp_settings import FtpFile, FtpTrouble
from quecsim.trace.event import DataEnd, FlashBusy, Lost, TransferAsked, TransferEnd
from quecsim.units import S
from tests.commands.ftp_bench import CONTENT, FtpBench, changed, lines

CONNECT = "\r\nOK\r\n\r\nCONNECT\r\n"
DATA = bytes(range(256)) * 12


def put(bench: FtpBench, data: bytes, size: int | None = None, timeout_s: int = 5) -> str:
    """AT+QFTPPUT of /up.bin; what comes behind the data."""
    size = len(data) if size is None else size
    assert bench.ask(f'AT+QFTPPUT="up.bin",{size},{timeout_s}', 4) == CONNECT
    return bench.give(data)


# from the host


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 3000, 20_000])
def test_a_file_of_the_host_arrives_exactly(size: int) -> None:
    data = (DATA * 7)[:size]
    bench = FtpBench().opened()
    bench.ask("AT+IFC=2,2")
    assert put(bench, data) == f"\r\n+QFTPPUT: {size}\r\n"
    assert bench.server.files["/up.bin"] == data
    assert lines(bench.ask("AT+QFTPLEN"))[0] == f"+QFTPLEN: {size}"


def test_what_looks_like_control_is_data() -> None:
    data = b"+++\x11\x13\x1a\x1b\r\nAT\r\nOK\r\n"
    bench = FtpBench().opened()
    assert put(bench, data) == f"\r\n+QFTPPUT: {len(data)}\r\n"
    assert bench.server.files["/up.bin"] == data


def test_silence_ends_it_with_what_there_is() -> None:
    bench = FtpBench().opened()
    assert put(bench, b"short", 100) == "\r\n+QFTPPUT: 5\r\n"
    assert bench.server.files["/up.bin"] == b"short"
    [end] = bench.found(DataEnd)
    assert (end.why, end.summary) == ("idle", "+QFTPPUT: 5")


def test_the_escape_sequence_ends_it() -> None:
    bench = FtpBench().opened()
    assert bench.ask('AT+QFTPPUT="up.bin",100,100', 4) == CONNECT
    bench.give(b"short", 2)
    assert bench.give(b"+++", 10) == "\r\n+QFTPPUT: 5\r\n"
    assert bench.server.files["/up.bin"] == b"short"


def test_non_transparent_the_escape_sequence_is_data() -> None:
    bench = FtpBench().opened()
    bench.ask("AT+QFTPCFG=5,1")
    assert bench.ask('AT+QFTPPUT="up.bin",8,100', 4) == CONNECT
    bench.give(b"short", 2)
    assert bench.give(b"+++", 10) == "\r\n+QFTPPUT: 8\r\n"
    assert bench.server.files["/up.bin"] == b"short+++"


def test_more_than_was_said_is_commands() -> None:
    bench = FtpBench().opened()
    assert put(bench, b"0123456789AT\r", 10) == "\r\n+QFTPPUT: 10\r\n\r\nOK\r\n"
    assert bench.server.files["/up.bin"] == b"0123456789"


def test_the_resume_point_goes_on_in_the_servers_file() -> None:
    bench = FtpBench(files={"/up.bin": FtpFile(text="0123456789")}).opened()
    bench.ask("AT+QFTPCFG=3,4")
    assert put(bench, b"abc") == "\r\n+QFTPPUT: 3\r\n"
    assert bench.server.files["/up.bin"][:7] == b"0123abc"


@pytest.mark.parametrize("code", [452, 552])
def test_the_server_is_full(code: int) -> None:
    bench = FtpBench(quota_bytes=2000, files={}, full_code=code).opened()
    bench.ask("AT+IFC=2,2")
    said = put(bench, DATA * 30)
    assert f"\r\n+QFTPPUT: -{code}\r\n" in said
    assert bench.rest(60) == ""
    assert lines(bench.ask("AT+QFTPSTAT"))[0] == "+QFTPSTAT: OPENED"


@pytest.mark.parametrize(("reply", "code"), [("550 no", -550), ("553 no", -553)])
def test_the_server_does_not_want_it(reply: str, code: int) -> None:
    bench = FtpBench(trouble=(FtpTrouble(at="STOR", reply=reply),)).opened()
    assert bench.ask('AT+QFTPPUT="x",10,5') == f"\r\nOK\r\n\r\n+QFTPPUT: {code}\r\n"
    assert not bench.found(DataEnd)


def test_the_transfer_is_on_record() -> None:
    bench = FtpBench().opened()
    put(bench, b"12345")
    [asked], [end] = bench.found(TransferAsked), bench.found(TransferEnd)
    assert (asked.command, asked.way, asked.name, asked.size) == ("+QFTPPUT", "in", "up.bin", 5)
    assert end.result == "OK"


def test_a_slow_server_holds_the_host_back() -> None:
    bench = FtpBench(bytes_per_s=1000, host_flow="rtscts").opened()
    bench.ask("AT+IFC=2,2")
    data = DATA * 40
    assert bench.ask(f'AT+QFTPPUT="up.bin",{len(data)},200', 4) == CONNECT
    bench.send(data)
    assert bench.rest(40) == ""
    assert bench.rest(200) == f"\r\n+QFTPPUT: {len(data)}\r\n"
    assert bench.server.files["/up.bin"] == data
    assert not bench.found(Lost)


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=1, max_size=3000), st.lists(st.integers(1, 900), max_size=8))
def test_whatever_pieces_it_comes_in(data: bytes, pieces: list[int]) -> None:
    bench = FtpBench().opened()
    assert bench.ask(f'AT+QFTPPUT="up.bin",{len(data)},60', 4) == CONNECT
    rest = data
    for count in pieces:
        bench.give(rest[:count], 1)
        rest = rest[count:]
    bench.give(rest, 20)
    assert bench.server.files["/up.bin"] == data


# to the host


@pytest.mark.parametrize("size", [0, 1, 1024, 1025, 100_000])
def test_a_file_of_the_server_comes_exactly(size: int) -> None:
    content = (CONTENT * 10)[:size]
    bench = FtpBench(files={"/x": FtpFile(base64=content)}).opened()
    whole = f"\r\n+QFTPGET: {size}\r\n\r\nOK\r\n".encode()
    assert bench.raw('AT+QFTPGET="x"', 100) == CONNECT.encode() + content + whole


def test_no_final_ok_where_the_device_has_none() -> None:
    bench = FtpBench(changed("m95", ftp={"get_ok": False})).opened()
    assert bench.raw('AT+QFTPGET="file.bin"').endswith(b"\r\n+QFTPGET: 10240\r\n")


def test_it_comes_from_the_resume_point_on() -> None:
    bench = FtpBench().opened()
    bench.ask("AT+QFTPCFG=3,10000")
    assert bench.raw('AT+QFTPGET="file.bin"') == (
        CONNECT.encode() + CONTENT[10_000:] + b"\r\n+QFTPGET: 240\r\n\r\nOK\r\n"
    )


def test_the_line_is_slower_than_the_network() -> None:
    """What the line cannot take waits at the server: no byte is lost, and none is kept."""
    fast = changed("m95", link={"down_bytes_per_s": 1_000_000, "latency_ms": 10})
    content = CONTENT * 30
    bench = FtpBench(fast, ipr=9600, files={"/x": FtpFile(base64=content)}).opened()
    begin_ns = bench.now_ns
    bench.send(b'AT+QFTPGET="x"\r')
    whole = b""
    while not whole.endswith(b"\r\nOK\r\n") or len(whole) < len(content):
        whole += bench.rest(1).encode("latin-1")
        held = sum(
            link.received_bytes - len(whole)
            for link in bench.rig.device.links.values()
            if link.port not in (0, 21)
        )
        assert held < 80_000
        assert bench.now_ns - begin_ns < 400 * S
    assert content in whole
    assert bench.now_ns - begin_ns > len(content) * S // 960


def test_the_escape_sequence_stops_it_and_the_session_goes_on() -> None:
    bench = FtpBench(bytes_per_s=500).opened()
    assert bench.ask('AT+QFTPGET="file.bin"', 5).startswith(CONNECT)
    said = bench.give(b"+++", 10)
    head, _, tail = said.rpartition("\r\n+QFTPGET: ")
    count = int(tail.partition("\r\n")[0])
    assert tail.endswith("\r\n\r\nOK\r\n")
    assert 0 < count < 10_240
    assert len(head) < count
    assert lines(bench.ask("AT+QFTPSTAT"))[0] == "+QFTPSTAT: OPENED"
    assert lines(bench.ask('AT+QFTPSIZE="file.bin"'))[-1] == "+QFTPSIZE: 10240"


def test_what_is_said_meanwhile_waits() -> None:
    bench = FtpBench(bytes_per_s=5000).opened()
    bench.send(b'AT+QFTPGET="file.bin"\r')
    bench.rest(2)
    bench.rig.lose_bearer(bench.now_ns, 2)
    assert bench.rest().endswith("+QFTPGET: 10240\r\n\r\nOK\r\n")


def test_the_bearer_goes_in_the_middle() -> None:
    bench = FtpBench(bytes_per_s=1000).opened()
    bench.send(b'AT+QFTPGET="file.bin"\r')
    bench.rest(5)
    bench.rig.lose_bearer(bench.now_ns)
    assert bench.rest().endswith("\r\n+QFTPGET: -8\r\n\r\n+PDP DEACT\r\n")


# storages


@pytest.mark.parametrize("place", ["RAM", "UFS"])
@pytest.mark.parametrize("named", [True, False])
def test_into_a_storage_and_back(place: str, *, named: bool) -> None:
    bench = FtpBench().opened()
    bench.ask(f'AT+QFTPCFG=4,"/{place}/{"own.bin" if named else ""}"')
    name = "own.bin" if named else "file.bin"
    assert bench.ask('AT+QFTPGET="file.bin"') == "\r\nOK\r\n\r\n+QFTPGET: 10240\r\n"
    assert bench.file(f"{place}:{name}") == CONTENT
    bench.ask('AT+QFTPDELETE="file.bin"')
    assert bench.ask('AT+QFTPPUT="file.bin"') == "\r\nOK\r\n\r\n+QFTPPUT: 10240\r\n"
    assert bench.server.files["/file.bin"] == CONTENT


def test_a_file_that_is_there_is_replaced_or_gone_on_with() -> None:
    bench = FtpBench(files={"/x": FtpFile(text="0123456789")}).opened()
    bench.ask('AT+QFTPCFG=4,"/UFS/own.bin"')
    bench.ask('AT+QFUPL="own.bin",20', 1)
    bench.give(b"x" * 20)
    bench.ask('AT+QFTPGET="x"')
    assert bench.file("own.bin") == b"0123456789"
    bench.ask("AT+QFTPCFG=3,4")
    assert bench.ask('AT+QFTPGET="x"').endswith("+QFTPGET: 6\r\n")
    assert bench.file("own.bin") == b"0123456789"
    bench.ask("AT+QFTPCFG=3,11")
    assert bench.ask('AT+QFTPGET="x"').endswith(("+QFTPGET: -10\r\n", "+QFTPGET: -501\r\n"))
    assert bench.file("own.bin") == b"0123456789"


def test_a_file_goes_from_the_resume_point_on() -> None:
    bench = FtpBench(files={"/x": FtpFile(text="0123")}).opened()
    bench.ask('AT+QFUPL="RAM:own.bin",10', 1)
    bench.give(b"abcdefghij")
    bench.ask('AT+QFTPCFG=4,"/RAM/own.bin"')
    bench.ask("AT+QFTPCFG=3,4")
    assert bench.ask('AT+QFTPPUT="x"').endswith("+QFTPPUT: 6\r\n")
    assert bench.server.files["/x"] == b"0123efghij"
    bench.ask("AT+QFTPCFG=3,11")
    assert bench.ask('AT+QFTPPUT="x"').endswith("+QFTPPUT: -10\r\n")


def test_a_download_into_the_flash_loses_the_hosts_bytes() -> None:
    """The flash is busy with it, nothing drains the ring, and the host's line has no flow control:
    the upload that runs meanwhile loses bytes.
    """
    fast = changed("m95", link={"down_bytes_per_s": 1_000_000, "latency_ms": 10})
    files = {"/x": FtpFile(drawn_bytes=60_000)}
    bench = FtpBench(fast, flash=FlashMode.WORST, files=files).opened()
    bench.ask('AT+QFTPCFG=4,"/UFS/x"')
    bench.ask('AT+QFTPGET="x"', 0)
    bench.run_for(500)
    bench.ask('AT+QFUPL="RAM:up.bin",40000,5', 0)
    bench.run_for(1500)
    bench.give(b"U" * 40_000)
    assert bench.found(Lost)
    assert any("stored x from the FTP server" in it.why for it in bench.found(FlashBusy))


# the ways of data connections


@pytest.mark.parametrize("mode", [0, 1])
def test_active_and_passive(mode: int) -> None:
    bench = FtpBench().opened()
    bench.ask(f"AT+QFTPCFG=1,{mode}")
    assert CONTENT in bench.raw('AT+QFTPGET="file.bin"')
    assert put(bench, DATA) == f"\r\n+QFTPPUT: {len(DATA)}\r\n"
    assert bench.server.files["/up.bin"] == DATA


@pytest.mark.parametrize(("ignores", "works"), [(0, False), (1, True)])
def test_a_passive_address_that_leads_nowhere(ignores: int, *, works: bool) -> None:
    bench = FtpBench(pasv_address="10.9.9.9").opened()
    bench.ask(f"AT+QFTPCFG=6,{ignores}")
    got = bench.raw('AT+QFTPGET="file.bin"')
    assert (CONTENT in got) is works
    assert got.endswith(b"+QFTPGET: 10240\r\n\r\nOK\r\n" if works else b"+QFTPGET: -5\r\n")


@pytest.mark.parametrize(("kind", "expected"), [(0, b"a\nb"), (1, b"a\r\nb")])
def test_the_transfer_type_is_the_servers_business(kind: int, expected: bytes) -> None:
    bench = FtpBench(files={"/x": FtpFile(text="a\nb")}, ascii=True).opened()
    bench.ask(f"AT+QFTPCFG=2,{kind}")
    assert b"CONNECT\r\n" + expected + b"\r\n+QFTPGET" in bench.raw('AT+QFTPGET="x"')
