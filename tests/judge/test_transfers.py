"""A request of HTTP or a transfer of FTP that failed, and what the host says."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from quecsim.judge.judgement import Judgement
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.virtual.port import VirtualPort
from tests.testing.judged import Host, JudgedRun, ask, read_until

DATA = b"a certificate"
PAGES = {
    "/page": HttpFile(text="hello"),
    "/breaks": HttpFile(text="hello", says_bytes=9, ends="reset"),
    "/bare": HttpFile(text="hello", bare=True, ends="fin"),
    "/late": HttpFile(text="x", delay_ms=20_000),
}
WEB = Service(host="web.example", port=80, kind="http", http=HttpSettings(files=PAGES))
FILES = Service(
    host="files.example", port=21, kind="ftp", ftp=FtpSettings(files={"/a": FtpFile(text="hello")})
)
Step = Callable[[VirtualPort], object]


def told(command: str, urc: str, wait_s: float = 70) -> Step:
    def step(port: VirtualPort) -> None:
        ask(port, command)
        read_until(port, (f"{urc}:".encode(),), wait_s)
        read_until(port, (b"\r\n",))

    return step


def url(path: str, host: str = "web.example") -> Step:
    def step(port: VirtualPort) -> None:
        text = f"http://{host}{path}"
        ask(port, f"AT+QHTTPURL={len(text)},5")
        port.write(text.encode())
        read_until(port, (b"OK\r\n",))

    return step


GET = told("AT+QHTTPGET=60", "+QHTTPGET")
STORE = told('AT+QHTTPREADFILE="UFS:page",60', "+QHTTPREADFILE")
OPEN = told('AT+QFTPOPEN="files.example",21', "+QFTPOPEN")


def host(claim: bool, *steps: Step) -> Host:
    def run(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, f'AT+QFUPL="UFS:ca.pem",{len(DATA)},5')
        port.write(DATA)
        read_until(port, (b"OK\r\n",), 8)
        ask(port, "AT+QIACT=1")
        for step in steps:
            step(port)
        return claim

    return run


def judged(claim: bool, *steps: Step) -> Judgement:
    scenario = replace(make_scenario("ec200u"), services=(WEB, FILES))
    return JudgedRun(scenario, host(claim, *steps), after_s=1.0).judge(expected=DATA)


SIZE = told('AT+QFTPSIZE="none"', "+QFTPSIZE")
FETCH = told('AT+QFTPGET="a","UFS:a"', "+QFTPGET")
ASTRAY = told('AT+QFTPOPEN="files.example",22', "+QFTPOPEN")
CLOSE = told("AT+QFTPCLOSE", "+QFTPCLOSE")


def asks(port: VirtualPort) -> None:
    """It takes the OK for the result."""
    ask(port, "AT+QHTTPGET=60")


def stops(port: VirtualPort) -> None:
    ask(port, "AT+QHTTPSTOP")


FTP = (OPEN, SIZE, FETCH, CLOSE)
GOOD: list[tuple[Step, ...]] = [
    (url("/page"), GET, STORE),
    (url("/breaks"), GET, STORE, GET, url("/page"), GET),
    FTP,
    (url("/late"), asks, stops),
]
BAD: list[tuple[str, tuple[Step, ...]]] = [
    ("+QHTTPGET had said 716 to", (url("/page", "other.example"), asks)),
    ("+QHTTPGET had said ", (url("/bare"), GET)),
    ("+QHTTPREADFILE had said ", (url("/breaks"), GET, STORE)),
    ("no result yet for AT+QHTTPGET", (url("/late"), asks)),
    ("+QFTPGET had said 627 to", (OPEN, told('AT+QFTPGET="none","UFS:a"', "+QFTPGET"))),
    ("+QFTPOPEN had said ", (ASTRAY,)),
    ("+QFTPOPEN had said ", (*FTP, ASTRAY)),
]


@pytest.mark.parametrize("steps", GOOD)
def test_what_goes_well_may_be_called_so(steps: tuple[Step, ...]) -> None:
    judgement = judged(True, *steps)
    assert (judgement.breaches, judgement.passed, judgement.connection) == ([], True, "")


@pytest.mark.parametrize(("text", "steps"), BAD)
def test_a_failure_that_is_taken_for_success(text: str, steps: tuple[Step, ...]) -> None:
    judgement = judged(True, *steps)
    (breach,) = judgement.breaches
    assert breach.rule == "ignored-connection"
    assert text in breach.text
    assert judgement.connection
    assert judgement.connection_failed


@pytest.mark.parametrize("steps", [steps for _, steps in BAD])
def test_a_host_that_reports_the_failure_is_right(steps: tuple[Step, ...]) -> None:
    judgement = judged(False, *steps)
    assert (judgement.breaches, judgement.passed) == ([], True)
