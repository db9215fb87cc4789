"""FTP on the M95: sessions, and every number of the note's table from what causes it."""

import pytest

from quecsim.faults import Fault
from quecsim.faults.kinds.connect_refused import ConnectRefused
from quecsim.faults.kinds.connect_silence import ConnectSilence
from quecsim.faults.kinds.dns_failure import DnsFailure
from quecsim.peers.ftp_settings import FtpFile, FtpTrouble
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.trace.event import ClientAsked, ClientResult
from tests.commands.ftp_bench import CONTENT, FtpBench, changed, lines

CLOSED = "\r\n+QFTPSTAT: CLOSED\r\n\r\nOK\r\n"


def said(command: str, value: int | str) -> str:
    """OK, and the result behind it."""
    return f"\r\nOK\r\n\r\n+{command}: {value}\r\n"


def test_a_session_and_its_states() -> None:
    bench = FtpBench()
    assert bench.ask("AT+QFTPSTAT") == "\r\n+QFTPSTAT: IDLE\r\n\r\nOK\r\n"
    bench.up()
    assert bench.ask('AT+QFTPOPEN="ftp.example","21"', 0) == ""
    assert bench.run_for(300) == "\r\nOK\r\n"
    assert lines(bench.ask("AT+QFTPSTAT", 0) + bench.run_for(100)) == ["+QFTPSTAT: OPENING", "OK"]
    assert bench.rest() == "\r\n+QFTPOPEN: 0\r\n"
    assert lines(bench.ask("AT+QFTPSTAT")) == ["+QFTPSTAT: OPENED", "OK"]
    assert bench.ask('AT+QFTPPATH="/"', 0) + bench.run_for(100) == "\r\nOK\r\n"
    assert lines(bench.ask("AT+QFTPSTAT", 0) + bench.run_for(100)) == ["+QFTPSTAT: WORKING", "OK"]
    assert bench.rest() == "\r\n+QFTPPATH: 0\r\n"
    bench.ask('AT+QFTPCFG=4,"/RAM/"')
    assert bench.ask('AT+QFTPGET="file.bin"', 0) + bench.run_for(100) == "\r\nOK\r\n"
    assert lines(bench.ask("AT+QFTPSTAT", 0) + bench.run_for(100)) == ["+QFTPSTAT: TRANSFER", "OK"]
    assert bench.rest() == "\r\n+QFTPGET: 10240\r\n"
    assert bench.ask("AT+QFTPCLOSE", 0) + bench.run_for(100) == "\r\nOK\r\n"
    assert lines(bench.ask("AT+QFTPSTAT", 0) + bench.run_for(100)) == ["+QFTPSTAT: CLOSING", "OK"]
    assert bench.rest() == "\r\n+QFTPCLOSE: 0\r\n"
    assert bench.ask("AT+QFTPSTAT") == CLOSED


def test_again_after_closing() -> None:
    bench = FtpBench().opened()
    for _ in range(3):
        assert bench.ask("AT+QFTPCLOSE") == said("QFTPCLOSE", 0)
        assert bench.ask('AT+QFTPOPEN="ftp.example",21') == said("QFTPOPEN", 0)


def test_folders_and_files() -> None:
    bench = FtpBench().opened()
    for line, command, value in (
        ('QFTPMKDIR="d"', "QFTPMKDIR", 0),
        ('QFTPRENAME="file.bin","d/x.bin"', "QFTPRENAME", 0),
        ('QFTPPATH="/d"', "QFTPPATH", 0),
        ('QFTPSIZE="x.bin"', "QFTPSIZE", 10240),
        ('QFTPDELETE="x.bin"', "QFTPDELETE", 0),
        ('QFTPPATH="/"', "QFTPPATH", 0),
        ('QFTPRMDIR="d"', "QFTPRMDIR", 0),
        ('QFTPRMDIR="d"', "QFTPRMDIR", -550),
    ):
        assert bench.ask(f"AT+{line}") == said(command, value), line
    assert bench.server.files == {}


def test_a_path_that_was_set_before_holds_for_the_session() -> None:
    bench = FtpBench(files={"/fw/a.bin": FtpFile(text="a")}).up()
    assert bench.ask('AT+QFTPPATH="/fw"') == said("QFTPPATH", 0)
    assert bench.ask('AT+QFTPOPEN="ftp.example",21') == said("QFTPOPEN", 0)
    assert bench.ask('AT+QFTPSIZE="a.bin"') == said("QFTPSIZE", 1)
    bench.ask("AT+QFTPCLOSE")
    bench.ask('AT+QFTPPATH="/none"')
    assert bench.ask('AT+QFTPOPEN="ftp.example",21') == said("QFTPOPEN", -550)
    assert bench.ask("AT+QFTPSTAT") == CLOSED


def test_a_path_may_need_a_session() -> None:
    bench = FtpBench(changed("m95", ftp={"unopened_path": "refused"})).up()
    assert bench.ask('AT+QFTPPATH="/"') == "\r\nERROR\r\n"


@pytest.mark.parametrize(
    "line",
    [
        'QFTPOPEN=""', 'QFTPOPEN="h"', 'QFTPOPEN="h",0', 'QFTPOPEN="h",65536', 'QFTPOPEN="h","x"',
        'QFTPOPEN="h",""', "QFTPOPEN=h,21", 'QFTPPATH=""', "QFTPPATH=/", "QFTPCLOSE=1", "QFTPSTAT?",
        'QFTPPUT="x",0', 'QFTPPUT="",1', 'QFTPPUT="x",1,0', 'QFTPGET=""', "QFTPGET",
        'QFTPGET="x",0',
    ],
)  # fmt: skip
def test_what_makes_no_sense(line: str) -> None:
    assert FtpBench().opened().ask(f"AT+{line}") == "\r\nERROR\r\n"


@pytest.mark.parametrize(
    "line",
    [
        "QFTPCLOSE", 'QFTPPUT="x",1,10', 'QFTPGET="x"', 'QFTPSIZE="x"', 'QFTPDELETE="x"',
        'QFTPRENAME="x","y"', 'QFTPMKDIR="x"', 'QFTPRMDIR="x"',
    ],
)  # fmt: skip
def test_without_a_session_it_is_an_error(line: str) -> None:
    assert FtpBench().up().ask(f"AT+{line}") == "\r\nERROR\r\n"


# the numbers


def opens_with(steps: tuple[Step, ...]) -> FtpBench:
    """Another server, which does as it is told, at other.example:21."""
    server = SimpleServer(SimpleSettings(steps=steps))
    return FtpBench(services={("other.example", 21): server}).up()


OTHER = 'AT+QFTPOPEN="other.example",21'
HERE = 'AT+QFTPOPEN="ftp.example",21'


def test_minus_1_an_answer_without_a_number_of_its_own() -> None:
    assert opens_with((Step(text="hello\r\n"),)).ask(OTHER) == said("QFTPOPEN", -1)
    bench = FtpBench(trouble=(FtpTrouble(at="CWD", reply="451 what?"),)).opened()
    assert bench.ask('AT+QFTPPATH="/"') == said("QFTPPATH", -1)


def test_minus_3_something_else_goes_on() -> None:
    bench = FtpBench().opened()
    assert bench.ask(HERE) == said("QFTPOPEN", -3)
    assert bench.ask('AT+QFTPSIZE="file.bin"', 0) == ""
    assert bench.ask('AT+QFTPPATH="/"') == (
        "\r\nOK\r\n\r\nOK\r\n\r\n+QFTPPATH: -3\r\n\r\n+QFTPSIZE: 10240\r\n"
    )


def test_minus_4_the_name_does_not_resolve() -> None:
    assert FtpBench().up().ask('AT+QFTPOPEN="none.example",21') == said("QFTPOPEN", -4)


def test_minus_5_no_way_to_the_server() -> None:
    assert FtpBench().ask(HERE) == said("QFTPOPEN", -5)  # no packet context
    assert FtpBench().up().ask('AT+QFTPOPEN="ftp.example",22') == said("QFTPOPEN", -5)
    bench = FtpBench(trouble=(FtpTrouble(at="PASV", data="refused"),)).opened()
    assert bench.ask('AT+QFTPGET="file.bin"') == said("QFTPGET", -5)
    assert lines(bench.ask("AT+QFTPSTAT"))[0] == "+QFTPSTAT: OPENED"


def test_minus_6_the_server_closes_the_session() -> None:
    assert opens_with((Step(ends="fin"),)).ask(OTHER) == said("QFTPOPEN", -6)
    bench = FtpBench(trouble=(FtpTrouble(at="CWD", ends="reset"),)).opened()
    assert bench.ask('AT+QFTPPATH="/"') == said("QFTPPATH", -6)
    assert bench.ask("AT+QFTPSTAT") == CLOSED


def test_minus_7_the_server_breaks_the_data_connection_off() -> None:
    trouble = FtpTrouble(at="RETR", after_bytes=3000, data="reset", reply="226 fine")
    bench = FtpBench(trouble=(trouble,)).opened()
    got = bench.raw('AT+QFTPGET="file.bin"')
    assert got == b"\r\nOK\r\n\r\nCONNECT\r\n" + CONTENT[:3000] + b"\r\n+QFTPGET: -7\r\n"


def test_minus_8_the_context_is_deactivated() -> None:
    bench = FtpBench().opened()
    assert bench.ask("AT+QIDEACT") == "\r\nDEACT OK\r\n\r\n+QFTPERROR:-8\r\n"
    assert bench.ask("AT+QFTPSTAT") == CLOSED
    bench = FtpBench(trouble=(FtpTrouble(at="CWD", silent=True),)).opened()
    assert bench.ask('AT+QFTPPATH="/"', 1) == "\r\nOK\r\n"
    assert bench.ask("AT+QIDEACT") == "\r\nDEACT OK\r\n\r\n+QFTPPATH: -8\r\n"


def test_minus_8_the_network_ends_the_context() -> None:
    bench = FtpBench().opened()
    bench.rig.lose_bearer(bench.now_ns)
    assert bench.rest() == "\r\n+PDP DEACT\r\n\r\n+QFTPERROR:-8\r\n"


@pytest.mark.parametrize("at", ["PASV", "RETR", "TYPE"])
def test_minus_9_no_answer_in_time(at: str) -> None:
    bench = FtpBench(trouble=(FtpTrouble(at=at, silent=True),)).opened()
    assert bench.ask('AT+QFTPGET="file.bin"', 80) == "\r\nOK\r\n"
    assert bench.rest(20) == "\r\n+QFTPGET: -9\r\n"
    assert bench.ask("AT+QFTPSTAT") == CLOSED


def test_minus_9_data_that_stops() -> None:
    trouble = FtpTrouble(at="RETR", after_bytes=3000, silent=True)
    bench = FtpBench(trouble=(trouble,)).opened()
    got = bench.raw('AT+QFTPGET="file.bin"', 120)
    assert got == b"\r\nOK\r\n\r\nCONNECT\r\n" + CONTENT[:3000] + b"\r\n+QFTPGET: -9\r\n"


def test_minus_10_a_parameter_that_cannot_be() -> None:
    bench = FtpBench().up()
    bench.ask('AT+QSSLCFG="ftps",1')
    assert bench.ask(HERE) == said("QFTPOPEN", -10)  # and no TLS context was named
    bench = FtpBench().opened()
    bench.ask('AT+QFTPCFG=4,"/RAM/a:b"')
    assert bench.ask('AT+QFTPGET="file.bin"') == said("QFTPGET", -10)


def test_minus_11_no_such_file_on_the_device() -> None:
    bench = FtpBench().opened()
    bench.ask('AT+QFTPCFG=4,"/UFS/none.bin"')
    assert bench.ask('AT+QFTPPUT="x"') == said("QFTPPUT", -11)
    assert "/x" not in bench.server.files


def test_minus_12_a_file_that_cannot_be_used() -> None:
    bench = FtpBench().opened()
    bench.ask('AT+QFOPEN="RAM:x.bin"')
    bench.ask('AT+QFTPCFG=4,"/RAM/x.bin"')
    assert bench.ask('AT+QFTPPUT="x"') == said("QFTPPUT", -12)
    assert bench.ask('AT+QFTPGET="file.bin"') == said("QFTPGET", -12)
    bench.ask('AT+QFTPCFG=4,"/SD/x.bin"')
    assert bench.ask('AT+QFTPGET="file.bin"') == said("QFTPGET", -12)


def test_minus_13_no_room_on_the_device() -> None:
    bench = FtpBench(changed("m95", files={"ram_bytes": 9000})).opened()
    bench.ask('AT+QFTPCFG=4,"/RAM/"')
    assert bench.ask('AT+QFTPGET="file.bin"') == said("QFTPGET", -13)
    assert bench.ask('AT+QFTPGET="file.bin",9001') == said("QFTPGET", -13)
    assert bench.ask('AT+QFTPSIZE="file.bin"') == said("QFTPSIZE", 10240)


CODES = (425, 426, 450, 452, 500, 501, 502, 530, 532, 550, 551, 552, 553)


@pytest.mark.parametrize("code", CODES)
def test_the_numbers_of_the_server(code: int) -> None:
    bench = FtpBench(trouble=(FtpTrouble(at="CWD", reply=f"{code} no"),)).opened()
    assert bench.ask('AT+QFTPPATH="/"') == said("QFTPPATH", -code)
    assert lines(bench.ask("AT+QFTPSTAT"))[0] == "+QFTPSTAT: OPENED"


def test_minus_421_ends_the_session() -> None:
    bench = FtpBench(trouble=(FtpTrouble(at="CWD", reply="421 no more"),)).opened()
    assert bench.ask('AT+QFTPPATH="/"') == said("QFTPPATH", -421)
    assert bench.ask("AT+QFTPSTAT") == CLOSED


def test_a_wrong_password() -> None:
    bench = FtpBench().up()
    bench.ask('AT+QFTPPASS="wrong"')
    assert bench.ask(HERE) == said("QFTPOPEN", -530)
    assert bench.ask("AT+QFTPSTAT") == CLOSED
    assert not bench.rig.device.links


def test_a_server_that_ends_a_silent_session_is_told_by_itself() -> None:
    bench = FtpBench(idle_ms=60_000).opened()
    assert bench.rest(100) == "\r\n+QFTPERROR:-421\r\n"


def test_a_server_that_just_goes() -> None:
    login = (
        Step(text="220 hi\r\n"),
        Step(after_bytes=len("USER me\r\n"), text="230 in\r\n"),
        Step(after_ms=30_000, ends="reset"),
    )
    bench = opens_with(login)
    assert bench.ask(OTHER, 10) == said("QFTPOPEN", 0)
    assert bench.rest() == "\r\n+QFTPERROR:-6\r\n"


@pytest.mark.parametrize(
    ("fault", "code", "why"),
    [
        (DnsFailure(), -4, "dns"),
        (ConnectRefused(), -5, "refused"),
        (ConnectSilence(), -9, "timeout"),
    ],
)
def test_what_a_scenario_asks_for(fault: Fault, code: int, why: str) -> None:
    bench = FtpBench(faults=(fault,)).up()
    assert bench.ask(HERE, 120) == said("QFTPOPEN", code)
    assert bench.found(ClientResult)[-1].why == why
    assert bench.ask(HERE) == said("QFTPOPEN", 0)


def test_the_record_knows_that_there_was_no_context() -> None:
    bench = FtpBench()
    bench.ask(HERE)
    [result] = bench.found(ClientResult)
    assert (result.why, result.detail) == ("unreachable", "the packet context is not up")


def test_the_record_knows() -> None:
    bench = FtpBench().opened()
    bench.ask('AT+QFTPSIZE="none"')
    asked = [(it.command, it.is_accepted, it.host, it.port) for it in bench.found(ClientAsked)]
    assert asked == [("+QFTPOPEN", True, "ftp.example", 21), ("+QFTPSIZE", True, "", 0)]
    results = [(it.command, it.code, it.why) for it in bench.found(ClientResult)]
    assert results == [("+QFTPOPEN", 0, ""), ("+QFTPSIZE", -550, "refused")]


def test_without_the_blank_behind_the_colon() -> None:
    bench = FtpBench(changed("m95", ftp={"colon_blank": False})).up()
    assert bench.ask(HERE) == "\r\nOK\r\n\r\n+QFTPOPEN:0\r\n"
    assert lines(bench.ask("AT+QFTPSTAT")) == ["+QFTPSTAT:OPENED", "OK"]


@pytest.mark.parametrize("restart", ["AT+CFUN=1,1", "AT+CFUN=0"])
def test_a_session_ends_with_the_radio(restart: str) -> None:
    bench = FtpBench().opened()
    bench.ask(restart, 60)
    assert not bench.rig.device.links
    bench.ask("ATE0", 10)
    assert lines(bench.ask("AT+QFTPSTAT"))[0] in ("+QFTPSTAT: IDLE", "+QFTPSTAT: CLOSED")


@pytest.mark.parametrize("step", range(12))
def test_a_restart_at_any_moment_leaves_nothing(step: int) -> None:
    bench = FtpBench().opened()
    bench.ask('AT+QFTPCFG=4,"/UFS/x.bin"')
    bench.ask('AT+QFTPGET="file.bin"', 0)
    bench.run_for(step * 150)
    bench.ask("AT+CFUN=1,1", 60)
    bench.ask("ATE0", 10)
    assert lines(bench.ask("AT+QFTPSTAT"))[0] == "+QFTPSTAT: IDLE"
    bench.opened()
    assert bench.ask('AT+QFTPSIZE="file.bin"') == said("QFTPSIZE", 10240)
