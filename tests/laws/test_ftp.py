"""Laws of FTP: whatever a host asks and a server does, each command has its result, and what has
ended is gone.
"""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.peers.ftp_settings import FtpFile, FtpTrouble
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.trace.event import ClientAsked, ClientResult
from tests.commands.ftp_bench import CONTENT, FtpBench, lines

_M95 = (
    'OPEN="ftp.example",21', "CLOSE", "STAT", 'PATH="/"', 'PATH="/none"', 'SIZE="file.bin"',
    'DELETE="none"', 'RENAME="file.bin","x"', 'MKDIR="d"', 'RMDIR="d"', "LEN", 'GET="file.bin"',
    'GET="none"', 'PUT="up.bin",5,1', 'CFG=4,"/RAM/"', 'CFG=4,"/COM/"', 'CFG=1,0', "CFG=1,1",
    "CFG=3,7", "CFG=3,0",
)  # fmt: skip
_LTE = (
    'OPEN="ftp.example",21', "CLOSE", "STAT", 'CWD="/"', 'CWD="/none"', "PWD", 'SIZE="file.bin"',
    'DEL="none"', 'RENAME="file.bin","x"', 'MKDIR="d"', 'RMDIR="d"', "LEN", 'GET="file.bin","COM:"',
    'GET="none"', 'GET="file.bin","RAM:x"', 'PUT="up.bin","COM:",0,5', 'PUT="y","RAM:x"',
    'LIST="/"', 'MLSD="/","RAM:l"', 'CFG="transmode",0', 'CFG="transmode",1',
)  # fmt: skip
_VERBS = ("USER", "CWD", "SIZE", "PASV", "PORT", "RETR", "STOR", "REST", "TYPE", "QUIT", "LIST")


def troubles() -> st.SearchStrategy[FtpTrouble]:
    """One thing that the server does instead of what is right, once or always."""
    how: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        (
            {"reply": "550 no"},
            {"reply": "421 no more", "ends": "fin"},
            {"reply": "200 of course"},
            {"reply": "what?"},
            {"base64": b"\x00\xff\r\n"},
            {"silent": True},
            {"ends": "fin"},
            {"ends": "reset"},
            {"delay_ms": 3000},
        )
    )
    return st.builds(
        lambda at, spare, times, told: FtpTrouble(at=at, spare=spare, times=times, **told),
        st.sampled_from(_VERBS),
        st.integers(0, 2),
        st.sampled_from((1, None)),
        how,
    )


def new_bench(device: str, trouble: tuple[FtpTrouble, ...] = ()) -> FtpBench:
    bench = FtpBench(device, trouble=trouble)
    if device == "m95":
        return bench.up()
    for setting in ('"account","me","secret"', '"transmode",1', '"rsptimeout",20'):
        bench.ask(f"AT+QFTPCFG={setting}", 1)
    return bench


@pytest.mark.parametrize(("device", "commands"), [("m95", _M95), ("ec200u", _LTE)])
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_command_has_its_result(device: str, commands: tuple[str, ...], data: Any) -> None:
    bench = new_bench(device, tuple(data.draw(st.lists(troubles(), max_size=2))))
    asked = data.draw(st.lists(st.sampled_from(commands), min_size=1, max_size=8))
    for command in (commands[0], *asked):
        said = bench.ask(f"AT+QFTP{command}", data.draw(st.sampled_from((1, 30, 120))))
        if said.endswith("CONNECT\r\n") and command.startswith("PUT"):
            bench.give(b"12345", 1)
    bench.rest(400)
    accepted = [it.command for it in bench.found(ClientAsked) if it.is_accepted]
    results = [it.command for it in bench.found(ClientResult)]
    for command in set(accepted):
        assert results.count(command) >= accepted.count(command), command
    bench.ask("ATE0")
    state = re.search(r"\+QFTPSTAT: (\S+)", bench.ask("AT+QFTPSTAT"))
    assert state is not None
    assert state[1] in ("OPENED", "CLOSED", "IDLE", "0,1", "0,4")
    is_open = state[1] in ("OPENED", "0,1")
    assert len(bench.rig.device.links) == int(is_open)


@settings(max_examples=20, deadline=None)
@given(
    st.binary(max_size=20_000),
    st.sampled_from((0, 1)),
    st.sampled_from(("m95", "ec200u")),
    st.sampled_from((None, 700, 20_000)),
)
def test_a_file_comes_as_it_is(
    content: bytes, mode: int, device: str, bytes_per_s: int | None
) -> None:
    bench = FtpBench(device, files={"/x": FtpFile(base64=content)}, bytes_per_s=bytes_per_s)
    if device == "m95":
        bench.opened().ask(f"AT+QFTPCFG=1,{mode}")
        got = bench.raw('AT+QFTPGET="x"', 100)
        end = f"\r\n+QFTPGET: {len(content)}\r\n\r\nOK\r\n"
        assert got == b"\r\nOK\r\n\r\nCONNECT\r\n" + content + end.encode()
        return
    for setting in ('"account","me","secret"', f'"transmode",{mode}'):
        bench.ask(f"AT+QFTPCFG={setting}", 1)
    bench.ask('AT+QFTPOPEN="ftp.example",21')
    got = bench.raw('AT+QFTPGET="x","COM:"', 100)
    end = f"\r\nOK\r\n\r\n+QFTPGET: 0,{len(content)}\r\n"
    assert got == b"\r\nCONNECT\r\n" + content + end.encode()


@pytest.mark.parametrize("place", [0, 1, 5000, 10_239, 10_240])
@pytest.mark.parametrize("data", ["fin", "reset"])
def test_a_download_that_is_cut_gives_what_came_and_says_so(place: int, data: Any) -> None:
    trouble = FtpTrouble(at="RETR", after_bytes=place, data=data, reply="426 cut")
    bench = FtpBench(trouble=(trouble,)).opened()
    got = bench.raw('AT+QFTPGET="file.bin"')
    head, _, result = got.rpartition(b"\r\n+QFTPGET: ")
    assert head == b"\r\nOK\r\n\r\nCONNECT\r\n" + CONTENT[:place]
    assert result == b"-426\r\n"
    assert lines(bench.ask("AT+QFTPSTAT"))[0] == "+QFTPSTAT: OPENED"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=6), st.sampled_from((None, "fin", "reset")))
def test_a_server_that_talks_nonsense(pieces: list[bytes], ends: Any) -> None:
    """Also such that begins as FTP does."""
    steps = [Step(base64=piece, after_ms=10) for piece in pieces]
    server = SimpleServer(SimpleSettings(steps=(*steps, Step(ends=ends))))
    bench = FtpBench(services={("other.example", 21): server}).up()
    said = bench.ask('AT+QFTPOPEN="other.example",21', 400)
    assert re.fullmatch(r"\r\nOK\r\n\r\n\+QFTPOPEN: -\d+\r\n", said), said
    assert not bench.rig.device.links
