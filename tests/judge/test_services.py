"""Hosts at sockets, HTTP and FTP: each rule of the network broken by one, and kept by its twin."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from quecsim.judge.conduct import ConductWatch
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.peers.simple import SimpleSettings, Step
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.virtual.port import VirtualPort
from quecsim.virtual.run import run_function
from tests.testing.judged import JudgedRun, ask, read_until

Does = Callable[[VirtualPort], object]
PAGES = HttpSettings(files={"/page": HttpFile(text="hello"), "/echo": HttpFile(takes="echo")})
FILES = FtpSettings(files={"/a": FtpFile(text="hello")})
SHORT = SimpleSettings(steps=(Step(after_bytes=1, ends="fin"),))
SERVICES = (
    Service(host="echo.example", port=7, kind="echo"),
    Service(host="echo.example", port=8, kind="echo", tls=ServiceTls()),
    Service(host="short.example", port=9, kind="tcp", tcp=SHORT),
    Service(host="web.example", port=80, kind="http", http=PAGES),
    Service(host="files.example", port=21, kind="ftp", ftp=FILES),
)


def scenario() -> Scenario:
    return replace(make_scenario("ec200u"), services=SERVICES)


def rules(*steps: Does, claim: bool = True) -> list[str]:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, "AT+QISDE=0")
        ask(port, "AT+QIACT=1")
        for step in steps:
            step(port)
        return claim

    return JudgedRun(scenario(), host, after_s=1.0).rules(expect="honest")


def asks(line: str, *ends: str, wait_s: float = 30) -> Does:
    """A command, and what it waits for; without that it takes the next final result."""

    def step(port: VirtualPort) -> None:
        port.write(line.encode() + b"\r")
        for end in ends:
            assert end.encode() in read_until(port, (end.encode(),), wait_s), (line, end)
        if not ends:
            read_until(port, (b"OK\r\n", b"ERROR", b"CONNECT\r\n"), wait_s)

    return step


def writes(text: str, *ends: str, wait_s: float = 30) -> Does:
    def step(port: VirtualPort) -> None:
        port.write(text.encode())
        for end in ends:
            assert end.encode() in read_until(port, (end.encode(),), wait_s), (text, end)

    return step


def rests(seconds: float = 2) -> Does:
    return lambda port: port.sleep(seconds)


def reads(*ends: str) -> Does:
    return writes("", *ends)


OPEN = 'AT+QIOPEN=1,0,"TCP","echo.example",7,0,0'
OPENED = asks(OPEN, "+QIOPEN: 0,0\r\n")
SHORT_OPEN = asks('AT+QIOPEN=1,0,"TCP","short.example",9,0,0', "+QIOPEN: 0,0\r\n")
TOLD = '+QIURC: "recv",0\r\n'
READ = asks("AT+QIRD=0,1500", "OK\r\n")
SENT = (asks("AT+QISEND=0,5", "> "), writes("hello", "SEND OK\r\n"))
ANSWERED = (*SENT, reads(TOLD), READ)
URL = (asks("AT+QHTTPURL=23,5", "CONNECT\r\n"), writes("http://web.example/page", "OK\r\n"))
ECHO_URL = (asks("AT+QHTTPURL=23,5", "CONNECT\r\n"), writes("http://web.example/echo", "OK\r\n"))
GOT = asks("AT+QHTTPGET=60", "+QHTTPGET: 0,200,5\r\n")
PAGE_READ = asks("AT+QHTTPREAD=60", "+QHTTPREAD: 0\r\n")
GOT_PAGE = (*URL, GOT, PAGE_READ)
LOGIN = 'AT+QFTPOPEN="files.example",21'
LOGGED_IN = asks(LOGIN, "+QFTPOPEN: 0,0\r\n")
FETCH = 'AT+QFTPGET="a","UFS:a"'
FETCHED = asks(FETCH, "+QFTPGET: 0,5\r\n")
PUT = 'AT+QFTPPUT="b","COM:",0,5,1'
PUT_OK = (asks(PUT, "CONNECT\r\n"), writes("hello", "+QFTPPUT: 0,5\r\n"))
POST = "AT+QHTTPPOST=5,10,10"
POSTED = (asks(POST, "CONNECT\r\n"), writes("hello", "+QHTTPPOST: 0,200,5\r\n"))
TLS = asks('AT+QSSLOPEN=1,1,1,"echo.example",8,0', "+QSSLOPEN: 1,0\r\n")

RIGHT = {
    "socket": (OPENED, *ANSWERED, READ, *ANSWERED, asks("AT+QICLOSE=0"), rests()),
    "TLS socket": (TLS, asks("AT+QSSLSEND=1,5", "> "), writes("hello", "SEND OK\r\n"),
                   reads('+QSSLURC: "recv",1\r\n'), asks("AT+QSSLRECV=1,1500"), rests()),
    "socket that is left": (SHORT_OPEN, *SENT, reads('"closed",0\r\n'), rests(),
                            asks("AT+QICLOSE=0"), OPENED, *ANSWERED),
    "HTTP": (*GOT_PAGE, *GOT_PAGE, *ECHO_URL, *POSTED, PAGE_READ),
    "HTTP, in a hurry": (*URL, asks("AT+QHTTPGET=60"), asks("AT+QHTTPSTOP")),
    "FTP": (LOGGED_IN, FETCHED, *PUT_OK, asks("AT+QFTPCLOSE", "+QFTPCLOSE: 0,0\r\n")),
}  # fmt: skip
EARLY, HURRIED, ASTRAY = "data-before-prompt", "no-wait-for-result", "no-connection"
TOO_MUCH, UNREAD = "more-than-asked", "unread-data"
NO_SOCKET = asks('AT+QIOPEN=1,0,"TCP","echo.example",70,0,0', "+QIOPEN: 0,566")
NO_LOGIN = asks('AT+QFTPOPEN="files.example",22', "+QFTPOPEN: ")
NO_PAGE = (
    asks("AT+QHTTPURL=21,5", "CONNECT\r\n"),
    writes("http://web.example:81", "OK\r\n"),
    asks("AT+QHTTPGET=60", "716"),
)
LEFT = (SHORT_OPEN, *SENT, reads('"closed",0\r\n'), rests())
SECRET = (asks("AT+QSSLSEND=1,5", "> "), writes("hello", "SEND OK\r\n"))
PUT_3 = asks('AT+QFTPPUT="b","COM:",0,3,1', "CONNECT\r\n")
POST_3 = asks("AT+QHTTPPOST=3,10,10", "CONNECT\r\n")
SEND_3 = asks("AT+QISEND=0,3", "> ")
LOUD = writes("hello", "SEND OK\r\n")
WRONG: dict[str, tuple[str, tuple[Does, ...]]] = {
    "sends with the command": (EARLY, (OPENED, writes("AT+QISEND=0,5\rhello"), rests())),
    "sends so by TLS": (EARLY, (TLS, writes("AT+QSSLSEND=1,5\rhello"), rests())),
    "sends where nobody is": (EARLY, (writes("AT+QISEND=0,5\rhello"), rests())),
    "posts with the command": (EARLY, (*ECHO_URL, writes(f"{POST}\rhello"), rests(20))),
    "gives the URL at once": (EARLY, (writes("AT+QHTTPURL=18,5\rhttp://web.example"), rests())),
    "puts with the command": (EARLY, (LOGGED_IN, writes(f"{PUT}\rhello"), rests(20))),
    "takes OK for a socket": (HURRIED, (asks(OPEN), asks("AT+QISEND=0,5"), rests())),
    "takes OK for a page": (HURRIED, (*URL, asks("AT+QHTTPGET=60"), asks("AT+QHTTPREAD=60"))),
    "takes OK for a login": (HURRIED, (asks(LOGIN), asks(FETCH), rests())),
    "takes OK for a file": (HURRIED, (LOGGED_IN, asks(FETCH), asks(PUT), rests(10))),
    "ignores closed": (ASTRAY, (*LEFT, asks("AT+QISEND=0,5"))),
    "ignores a failed open": (ASTRAY, (NO_SOCKET, rests(), asks("AT+QISEND=0,5"))),
    "ignores a failed login": (ASTRAY, (NO_LOGIN, rests(), asks(FETCH))),
    "reads what was not got": (ASTRAY, (*NO_PAGE, rests(), asks("AT+QHTTPREAD=60"))),
    "sends too much": (TOO_MUCH, (OPENED, SEND_3, LOUD, rests(), READ)),
    "posts too much": (TOO_MUCH, (*ECHO_URL, POST_3, writes("hello"), rests(20))),
    "puts too much": (TOO_MUCH, (LOGGED_IN, PUT_3, writes("hello"), rests(20))),
    "never reads": (UNREAD, (OPENED, *SENT, reads(TOLD), rests())),
    "never reads, by TLS": (UNREAD, (TLS, *SECRET, rests(9))),
    "reads the first alone": (UNREAD, (OPENED, *ANSWERED, READ, *SENT, reads(TOLD), rests(5))),
}


@pytest.mark.parametrize("who", RIGHT)
def test_a_host_that_does_it_right(who: str) -> None:
    assert rules(*RIGHT[who]) == []


@pytest.mark.parametrize("who", WRONG)
def test_a_host_that_breaks_a_rule(who: str) -> None:
    rule, steps = WRONG[who]
    assert set(rules(*steps, claim=rule == UNREAD)) == {rule}


def test_what_may_be_left_unread() -> None:
    """Who says that it failed; who has just been told; who has it pushed; who reads in the end."""
    told = (OPENED, *SENT, reads(TOLD))
    assert rules(*told, rests(), claim=False) == []
    assert rules(*told) == []
    assert rules(*told, asks("AT+QISWTMD=0,1"), rests()) == []
    assert rules(*told, rests(), READ, rests()) == []


def test_who_flushes_misses_what_is_said_once() -> None:
    """In virtual time it is known what a host throws away."""
    assert flushed(flushes=True) == ["flushed-result"]
    assert flushed(flushes=False) == []


def flushed(*, flushes: bool) -> list[str]:
    def host(port: Any, _name: str, _data: bytes) -> bool:
        port.timeout = 0.5
        for line in ("ATE0", "AT+QISDE=0", "AT+QIACT=1", OPEN):
            port.write(f"{line}\r".encode())
            port.read_until(b"OK\r\n")
        time.sleep(5)
        if flushes:
            port.reset_input_buffer()
        port.read(100)
        return False

    run = run_function(scenario(), host, "UFS:x", b"")
    watch = ConductWatch()
    watch.feed(run.events)
    return [each.rule for each in watch.breaches(run.now_ns)]
