"""As many jobs run in the background as there can be: what wants one more is refused in its own
words, leaves nothing behind, and works once there is room.
"""

import pytest

from quecsim.device import jobs
from tests.commands.ftp_bench import FtpBench
from tests.commands.socket_bench import BOTH, ERROR, LTE, OK, WLAN, SocketBench, urc
from tests.commands.web import FAMILIES, Web
from tests.device.bench import cme


def fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is undone."""
    monkeypatch.setattr(jobs, "MOST_BACKGROUND", 0)


@pytest.mark.parametrize("family", FAMILIES)
def test_http(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web(family)
    web.set_url("/a")
    fill(monkeypatch)
    assert web.ask("AT+QHTTPGET=60").endswith(cme(web.number(729, 723)))
    monkeypatch.undo()
    assert b"+QHTTPGET: 0,200,5" in web.get("/a")


def test_http_with_files(monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web(contents={"a": b"one"})
    web.get("/a")
    fill(monkeypatch)
    assert web.ask('AT+QHTTPREADFILE="b"') == cme(729)
    web.set_url("/echo")
    assert web.ask('AT+QHTTPPOSTFILE="a"') == cme(729)
    assert web.ask('AT+QFDEL="b"') == OK.encode(), "it is closed"
    monkeypatch.undo()
    assert b"+QHTTPPOSTFILE: 0,200,3" in web.ask('AT+QHTTPPOSTFILE="a"')
    assert b"+QHTTPREADFILE: 0" in web.ask('AT+QHTTPREADFILE="b"')


@pytest.mark.parametrize("mode", [0, 1, 2])
@pytest.mark.parametrize("device", BOTH)
def test_sockets(device: str, mode: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = SocketBench(device)
    fill(monkeypatch)
    refused = bench.open(0, "TCP", "echo.example", 7, 0, mode)
    assert refused == ERROR if mode == 2 else refused.startswith(OK + "\r\n+QIOPEN: 0,5")
    assert bench.state() == ""
    monkeypatch.undo()
    bench.opened(mode=mode)


def test_back_on_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection stays: the host has it, and may try again."""
    bench = SocketBench(LTE).opened(mode=2)
    bench.send("+++")
    fill(monkeypatch)
    assert bench.ask("ATO") == ERROR
    monkeypatch.undo()
    bench.ask("ATO")
    assert bench.send("again") == "again"


@pytest.mark.parametrize("line", ['QPING={}"echo.example"', 'QIDNSGIP={}"echo.example"'])
@pytest.mark.parametrize("device", [LTE, WLAN])
def test_questions(device: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = SocketBench(device)
    line = f"AT+{line.format('1,' if device == LTE else '')}"
    fill(monkeypatch)
    assert bench.ask(line) == ERROR
    monkeypatch.undo()
    assert bench.ask(line).startswith(OK)


@pytest.mark.parametrize("line", ['GET="file.bin","RAM:f"', 'SIZE="file.bin"', "CLOSE"])
def test_ftp(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = FtpBench("ec200u")
    bench.ask('AT+QFTPCFG="account","me","secret"')
    assert bench.ask('AT+QFTPOPEN="ftp.example"') == OK + urc("+QFTPOPEN: 0,0")
    fill(monkeypatch)
    assert bench.ask(f"AT+QFTP{line}") == "\r\n+CME ERROR: 603\r\n"
    monkeypatch.undo()
    assert ": 0," in bench.ask(f"AT+QFTP{line}")


def test_ftp_of_the_m95(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = FtpBench("m95").opened()
    fill(monkeypatch)
    assert bench.ask('AT+QFTPSIZE="file.bin"').startswith(OK + "\r\n+QFTPSIZE: -3")
    monkeypatch.undo()
    assert bench.ask('AT+QFTPSIZE="file.bin"') == OK + urc("+QFTPSIZE: 10240")
