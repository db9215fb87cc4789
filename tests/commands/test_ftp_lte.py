"""FTP sessions of the LTE modules, and the numbers of their table."""

from typing import Any

import pytest

from quecsim.peers.ftp_settings import FtpFile, FtpTrouble
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles.schema import Profile
from quecsim.tls.authority import authority_pem
from quecsim.trace.event import ClientAsked, ClientResult, LinkSecured
from tests.commands.ftp_bench import CONTENT, FtpBench, changed, lines

DEVICES = ("ec200u", "ec200t", "ec200s", "eg912y", "uc200t", "ec25")
OPEN = 'AT+QFTPOPEN="ftp.example",21'


def said(command: str, value: str) -> str:
    """OK, and the result behind it."""
    return f"\r\nOK\r\n\r\n+{command}: {value}\r\n"


def cme(number: int) -> str:
    return f"\r\n+CME ERROR: {number}\r\n"


def ready(bench: FtpBench) -> FtpBench:
    """The account and passive mode are set."""
    assert bench.ask("AT+CMEE=1") == "\r\nOK\r\n"
    for setting in ('"account","me","secret"', '"transmode",1', '"contextid",1'):
        assert bench.ask(f"AT+QFTPCFG={setting}", 1) == "\r\nOK\r\n"
    return bench


def opened(device: str | Profile = "ec200u", **more: Any) -> FtpBench:
    bench = ready(FtpBench(device, **more))
    assert bench.ask(OPEN) == said("QFTPOPEN", "0,0")
    return bench


def state(bench: FtpBench) -> str:
    answer = bench.ask("AT+QFTPSTAT", 0) + bench.run_for(100)
    _, text, tail = answer.rpartition("+QFTPSTAT: 0,")
    assert text, answer
    return tail.strip()


@pytest.mark.parametrize("device", DEVICES)
def test_a_session(device: str) -> None:
    bench = opened(device)
    for line, result in (
        ("PWD", 'PWD: 0,"/"'),
        ('MKDIR="d"', "MKDIR: 0,0"),
        ('CWD="d"', "CWD: 0,0"),
        ("PWD", 'PWD: 0,"/d"'),
        ('CWD="/"', "CWD: 0,0"),
        ('SIZE="file.bin"', "SIZE: 0,10240"),
        ('RENAME="file.bin","d/x.bin"', "RENAME: 0,0"),
        ('SIZE="file.bin"', "SIZE: 627,550"),
        ('SIZE="d/x.bin"', "SIZE: 0,10240"),
        ('DEL="d/x.bin"', "DEL: 0,0"),
        ('RMDIR="d"', "RMDIR: 0,0"),
        ('RMDIR="d"', "RMDIR: 627,550"),
    ):
        assert bench.ask(f"AT+QFTP{line}") == f"\r\nOK\r\n\r\n+QFTP{result}\r\n", line
    assert bench.ask("AT+QFTPCLOSE") == said("QFTPCLOSE", "0,0")
    assert bench.ask("AT+QFTPSTAT") == said("QFTPSTAT", "0,4")


def test_when_a_file_was_changed() -> None:
    bench = opened(files={"/x": FtpFile(text="a", modified="2026-08-07T14:11:17Z")})
    assert bench.ask('AT+QFTPMDTM="x"') == said("QFTPMDTM", '0,"20260807141117"')


def test_states_and_what_they_allow() -> None:
    """Measured on an EG800K: until +QFTPCLOSE: 0,0 every other command gets 603."""
    trouble = tuple(FtpTrouble(at=at, delay_ms=5000) for at in ("USER", "SIZE", "QUIT"))
    bench = ready(FtpBench("ec200u", trouble=trouble))
    assert state(bench) == "4"
    assert bench.ask('AT+QFTPSIZE="file.bin"') == cme(603)
    assert bench.ask("AT+QFTPCLOSE") == cme(603)
    assert bench.ask(OPEN, 1) == "\r\nOK\r\n"
    assert state(bench) == "0"
    assert bench.ask(OPEN, 1) == cme(603)
    assert bench.rest() == "\r\n+QFTPOPEN: 0,0\r\n"
    assert state(bench) == "1"
    assert bench.ask(OPEN, 1) == cme(603)
    assert bench.ask('AT+QFTPSIZE="file.bin"', 1) == "\r\nOK\r\n"
    assert bench.ask("AT+QFTPPWD", 1) == cme(603)
    assert bench.rest() == "\r\n+QFTPSIZE: 0,10240\r\n"
    assert bench.ask("AT+QFTPCLOSE", 1) == "\r\nOK\r\n"
    assert state(bench) == "3"
    for line in (OPEN, 'AT+QFTPSIZE="file.bin"', "AT+QFTPCLOSE", 'AT+QFTPGET="x","COM:"'):
        assert bench.ask(line, 0) + bench.run_for(100) == cme(603), line
    assert bench.rest() == "\r\n+QFTPCLOSE: 0,0\r\n"
    assert state(bench) == "4"


def test_the_port_may_be_left_out() -> None:
    assert ready(FtpBench("ec200u")).ask('AT+QFTPOPEN="ftp.example"') == said("QFTPOPEN", "0,0")


@pytest.mark.parametrize(
    "line", ['OPEN=""', 'OPEN="h",0', 'OPEN="h",65536', "OPEN", "PWD?", "CLOSE=1", 'CWD="a","b"']
)
def test_what_makes_no_sense(line: str) -> None:
    assert opened().ask(f"AT+QFTP{line}") == "\r\nERROR\r\n"


@pytest.mark.parametrize("line", ['CWD=""', 'SIZE=""', 'RENAME="a",""', 'GET=""', 'PUT="","COM:"'])
def test_610_a_parameter_that_cannot_be(line: str) -> None:
    assert opened().ask(f"AT+QFTP{line}") == cme(610)


# the numbers: FOTA note V1.1, table 2


def test_604_the_name_does_not_resolve() -> None:
    bench = ready(FtpBench("ec200u"))
    assert bench.ask('AT+QFTPOPEN="none.example",21') == said("QFTPOPEN", "604,0")


def test_605_no_way_to_the_server() -> None:
    bench = ready(FtpBench("ec200u"))
    assert bench.ask('AT+QFTPOPEN="ftp.example",22') == said("QFTPOPEN", "605,0")
    bench = ready(FtpBench(changed("ec200u", tcpip={"implicit_activation": False})))
    assert bench.ask(OPEN) == said("QFTPOPEN", "605,0")
    bench.ask("AT+QIACT=1")
    assert bench.ask(OPEN) == said("QFTPOPEN", "0,0")


def test_605_the_context_goes() -> None:
    bench = opened(trouble=(FtpTrouble(at="CWD", silent=True),))
    assert bench.ask('AT+QFTPCWD="/"', 1) == "\r\nOK\r\n"
    assert bench.ask("AT+QIDEACT=1") == "\r\nOK\r\n\r\n+QFTPCWD: 605,0\r\n"
    assert state(bench) == "4"


def test_a_session_without_a_context_is_closed_in_silence() -> None:
    bench = opened()
    assert bench.ask("AT+QIDEACT=1") == "\r\nOK\r\n"
    assert state(bench) == "4"


def test_608_the_server_closes_the_session() -> None:
    server = SimpleServer(SimpleSettings(steps=(Step(ends="fin"),)))
    bench = ready(FtpBench("ec200u", services={("other.example", 21): server}))
    assert bench.ask('AT+QFTPOPEN="other.example",21') == said("QFTPOPEN", "608,0")
    bench = opened(trouble=(FtpTrouble(at="CWD", ends="fin"),))
    assert bench.ask('AT+QFTPCWD="/"') == said("QFTPCWD", "608,0")


def test_609_no_answer_in_time() -> None:
    bench = ready(FtpBench("ec200u", trouble=(FtpTrouble(at="CWD", silent=True),)))
    bench.ask('AT+QFTPCFG="rsptimeout",20')
    bench.ask(OPEN)
    assert bench.ask('AT+QFTPCWD="/"', 19) == "\r\nOK\r\n"
    assert bench.rest(5) == "\r\n+QFTPCWD: 609,0\r\n"
    assert state(bench) == "4"


def test_601_an_answer_that_is_none() -> None:
    bench = opened(trouble=(FtpTrouble(at="CWD", reply="what?"),))
    assert bench.ask('AT+QFTPCWD="/"') == said("QFTPCWD", "601,0")
    bench = opened(trouble=(FtpTrouble(at="CWD", reply="599 what?"),))
    assert bench.ask('AT+QFTPCWD="/"') == said("QFTPCWD", "601,599")


REPLIES = {
    421: 614, 425: 615, 426: 616, 450: 617, 451: 618, 452: 619, 500: 620, 501: 621, 502: 622,
    503: 623, 504: 624, 530: 625, 532: 626, 550: 627, 551: 628, 552: 629, 553: 630,
}  # fmt: skip


@pytest.mark.parametrize("reply", REPLIES)
def test_the_answers_of_the_server(reply: int) -> None:
    bench = opened(trouble=(FtpTrouble(at="CWD", reply=f"{reply} no"),))
    assert bench.ask('AT+QFTPCWD="/"') == said("QFTPCWD", f"{REPLIES[reply]},{reply}")
    assert state(bench) == ("4" if reply == 421 else "1")


def test_625_a_wrong_password() -> None:
    bench = ready(FtpBench("ec200u"))
    bench.ask('AT+QFTPCFG="account","me","wrong"')
    assert bench.ask(OPEN) == said("QFTPOPEN", "625,530")
    assert state(bench) == "4"
    bench.ask('AT+QFTPCFG="account","me","secret"')
    assert bench.ask(OPEN) == said("QFTPOPEN", "0,0")


def test_615_and_nothing_goes_but_closing() -> None:
    """Measured on an EG800K."""
    trouble = FtpTrouble(at="PASV", data="refused", times=1)
    bench = opened(trouble=(trouble,))
    assert bench.ask('AT+QFTPGET="file.bin","COM:"') == cme(615)
    assert bench.ask('AT+QFTPSIZE="file.bin"') == cme(603)
    assert bench.ask("AT+QFTPCLOSE") == said("QFTPCLOSE", "0,0")
    assert bench.ask(OPEN) == said("QFTPOPEN", "0,0")
    assert bench.ask('AT+QFTPSIZE="file.bin"') == said("QFTPSIZE", "0,10240")


def test_a_device_that_goes_on_behind_615() -> None:
    device = changed("ec200u", ftp={"stuck_after_data_open": False})
    bench = opened(device, trouble=(FtpTrouble(at="PASV", data="refused", times=1),))
    assert bench.ask('AT+QFTPGET="file.bin","COM:"') == cme(615)
    assert bench.ask('AT+QFTPSIZE="file.bin"') == said("QFTPSIZE", "0,10240")


def test_the_record_knows() -> None:
    bench = opened()
    bench.ask('AT+QFTPSIZE="none"')
    asked = [(it.command, it.is_accepted, it.host, it.port) for it in bench.found(ClientAsked)]
    assert asked == [("+QFTPOPEN", True, "ftp.example", 21), ("+QFTPSIZE", True, "", 0)]
    results = [(it.command, it.code, it.why) for it in bench.found(ClientResult)]
    assert results == [("+QFTPOPEN", 0, ""), ("+QFTPSIZE", 627, "refused")]


@pytest.mark.parametrize(
    ("kind", "line", "connections"),
    [(1, 'AT+QFTPOPEN="ftps.example",990', 1), (2, OPEN, 2)],
)
def test_tls(kind: int, line: str, connections: int) -> None:
    bench = ready(FtpBench("ec200u"))
    pem = authority_pem()
    bench.ask(f'AT+QFUPL="ca.pem",{len(pem)},10', 1)
    bench.give(pem, 2)
    for setting in ('"cacert",2,"UFS:ca.pem"', '"seclevel",2,1', '"ignorelocaltime",2,1'):
        assert bench.ask(f"AT+QSSLCFG={setting}") == "\r\nOK\r\n"
    bench.ask('AT+QFTPCFG="sslctxid",2')
    bench.ask(f'AT+QFTPCFG="ssltype",{kind}')
    assert bench.ask(line) == said("QFTPOPEN", "0,0")
    assert CONTENT in bench.raw('AT+QFTPGET="file.bin","COM:"')
    assert len(bench.found(LinkSecured)) == connections


def test_tls_with_a_ca_that_lost_bytes() -> None:
    bench = ready(FtpBench("ec200u"))
    pem = authority_pem()
    bench.ask(f'AT+QFUPL="ca.pem",{len(pem) - 153},10', 1)
    bench.give(pem[:500] + pem[653:], 2)
    for setting in ('"cacert",0,"UFS:ca.pem"', '"seclevel",0,1'):
        bench.ask(f"AT+QSSLCFG={setting}")
    bench.ask('AT+QFTPCFG="ssltype",1')
    assert bench.ask('AT+QFTPOPEN="ftps.example",990') == said("QFTPOPEN", "605,0")
    assert bench.found(ClientResult)[-1].why == "tls:ca"


def test_a_server_that_goes_is_found_out_by_asking() -> None:
    bench = opened(idle_ms=60_000)
    assert bench.rest(100) == ""
    assert state(bench) == "4"
    assert lines(bench.ask(OPEN))[-1] == "+QFTPOPEN: 0,0"
