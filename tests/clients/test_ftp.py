"""The FTP client's dialogue, with servers that do as they are told."""

from typing import Any

import pytest

from quecsim.at.network import Trouble
from quecsim.border import Why
from quecsim.clients.ftp import FtpClient, FtpError, FtpSettings, FtpWhy
from quecsim.clients.stream import Steps
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.units import s
from tests.clients.wired import Wired, sent_lines

HELLO = Step(text="220 ready\r\n")
USER = Step(after_bytes=len("USER me\r\n"), text="331 and?\r\n")
PASS = Step(after_bytes=len("PASS secret\r\n"), text="230 in\r\n")
LOGGED_IN = (HELLO, USER, PASS)
PASSIVE = "227 Entering Passive Mode (192,0,2,10,7,208).\r\n"  # port 2000


def answer(line: str, text: str, **more: Any) -> Step:
    """What the server says to a line."""
    return Step(after_bytes=len(line) + 2, text=text, **more)


class World:
    """A server at ftp.example:21 that takes these steps, and one of data at port 2000."""

    def __init__(self, *steps: Step, data: tuple[Step, ...] = ()) -> None:
        control = SimpleServer(SimpleSettings(steps=steps))
        self.data = SimpleServer(SimpleSettings(steps=data))
        offers = {
            ("ftp.example", 21): Offer(control, "192.0.2.10"),
            ("ftp.example", 2000): Offer(self.data, "192.0.2.10"),
        }
        self.wired = Wired(Served(offers))
        self.lost: list[FtpError] = []
        self.client = FtpClient("FTP", self.wired, self.lost.append)

    def do(self, steps: Steps[Any]) -> Any:
        with self.client.use():
            return self.wired.run(steps)

    def open(self, host: str = "ftp.example", **settings: Any) -> "World":
        self.do(self.client.open(host, 21, FtpSettings(**settings)))
        return self

    def logged_in(self) -> "World":
        self.open()
        self.do(self.client.log_in("me", "secret"))
        return self

    def fails(self, steps: Steps[Any]) -> FtpError:
        with pytest.raises(FtpError) as caught:
            self.do(steps)
        return caught.value

    def read(self) -> Steps[bytes]:
        """All of a transfer that has begun."""
        whole = b""
        while data := (yield from self.client.read(100)):
            whole += data
        yield from self.client.finish()
        return whole


def test_a_session() -> None:
    world = World(
        *LOGGED_IN,
        answer("TYPE I", "200 binary\r\n"),
        answer("CWD /a", "250 there\r\n"),
        answer("PWD", '257 "/a ""b""" is where\r\n'),
        answer("MKD n", "257 made\r\n"),
        answer("SIZE x", "213 1234\r\n"),
        answer("RNFR x", "350 to?\r\n"),
        answer("RNTO y", "250 done\r\n"),
        answer("DELE y", "250 gone\r\n"),
        answer("QUIT", "221 bye\r\n", ends="fin"),
    ).logged_in()
    client = world.client
    world.do(client.set_type(is_binary=True))
    world.do(client.command("CWD /a"))
    assert world.do(client.folder()) == '/a "b"'
    world.do(client.command("MKD n"))
    assert world.do(client.size("x")) == 1234
    world.do(client.rename("x", "y"))
    world.do(client.command("DELE y"))
    world.do(client.quit())
    assert not client.is_open
    assert not world.wired.open_links
    assert not world.lost
    assert sent_lines(world.wired)[:3] == ["USER me", "PASS secret", "TYPE I"]


def test_no_password_is_wanted() -> None:
    world = World(HELLO, answer("USER me", "230 in\r\n")).open()
    world.do(world.client.log_in("me", "secret"))
    assert sent_lines(world.wired) == ["USER me"]


def test_a_file_comes() -> None:
    content = bytes(range(256)) * 1000
    world = World(
        *LOGGED_IN,
        answer("PASV", PASSIVE),
        answer("RETR x", "150 here\r\n226 done\r\n"),
        data=(Step(base64=content, ends="fin"),),
    ).logged_in()
    world.do(world.client.begin("RETR", "x"))
    assert world.do(world.read()) == content
    assert list(world.wired.open_links) == [1]


def test_a_file_comes_from_the_middle() -> None:
    world = World(
        *LOGGED_IN,
        answer("PASV", PASSIVE),
        answer("REST 100", "350 from there\r\n"),
        answer("RETR x", "150 here\r\n226 done\r\n"),
        data=(Step(text="rest", ends="fin"),),
    ).logged_in()
    world.do(world.client.begin("RETR", "x", 100))
    assert world.do(world.read()) == b"rest"


def test_a_file_goes() -> None:
    content = b"x" * 200_000
    world = World(
        *LOGGED_IN,
        answer("PASV", PASSIVE),
        answer("STOR x", "150 come on\r\n226 done\r\n"),
        data=(Step(after_bytes=len(content)),),
    ).logged_in()
    client = world.client
    world.do(client.begin("STOR", "x"))
    world.do(client.write(content))
    world.do(client.finish())
    assert client.is_open


OPENINGS: list[tuple[str, tuple[Step, ...], FtpWhy, int]] = [
    ("closes", (Step(ends="fin"),), FtpWhy.CONTROL, 0),
    ("resets", (Step(ends="reset"),), FtpWhy.CONTROL, 0),
    ("is silent", (), FtpWhy.TIMEOUT, 0),
    ("is busy", (Step(text="421 too many\r\n", ends="fin"),), FtpWhy.REPLY, 421),
    ("is none", (Step(text="SSH-2.0\r\n"),), FtpWhy.GARBAGE, 0),
    ("waits for ever", (Step(text="120 soon\r\n" * 9),), FtpWhy.GARBAGE, 0),
]


@pytest.mark.parametrize(("steps", "why", "code"), [row[1:] for row in OPENINGS])
def test_a_server_that_does_not_greet(steps: tuple[Step, ...], why: FtpWhy, code: int) -> None:
    world = World(*steps)
    error = world.fails(world.client.open("ftp.example", 21, FtpSettings()))
    assert (error.why, error.reply) == (why, code)
    assert not world.client.is_open
    assert not world.wired.open_links
    assert not world.lost


@pytest.mark.parametrize(
    ("host", "why", "trouble"),
    [
        ("other.example", FtpWhy.DNS, Why.NOT_ALLOWED),
        ("198.51.100.1", FtpWhy.NETWORK, Why.NOT_ALLOWED),
        ("ftp.example", FtpWhy.NETWORK, Why.REFUSED),
    ],
)
def test_nobody_is_there(host: str, why: FtpWhy, trouble: Why) -> None:
    world = World()
    error = world.fails(world.client.open(host, 22, FtpSettings()))
    assert (error.why, error.trouble.why) == (why, trouble)


def test_a_wrong_password_ends_the_session() -> None:
    world = World(HELLO, USER, answer("PASS secret", "530 no\r\n")).open()
    error = world.fails(world.client.log_in("me", "secret"))
    assert (error.why, error.reply, error.trouble.detail) == (
        FtpWhy.REPLY,
        530,
        "the server said 530 no",
    )
    assert not world.wired.open_links


@pytest.mark.parametrize(
    ("reply", "why", "code"),
    [
        ("550 no such file\r\n", FtpWhy.REPLY, 550),
        ("421 going down\r\n", FtpWhy.REPLY, 421),
        ("200 fine\r\n", FtpWhy.GARBAGE, 200),
        ("nonsense\r\n", FtpWhy.GARBAGE, 0),
        ("", FtpWhy.TIMEOUT, 0),
    ],
)
def test_a_transfer_that_does_not_begin(reply: str, why: FtpWhy, code: int) -> None:
    steps = (*LOGGED_IN, answer("PASV", PASSIVE), answer("RETR x", reply))
    world = World(*steps).logged_in()
    error = world.fails(world.client.begin("RETR", "x"))
    assert (error.why, error.reply) == (why, code)
    assert world.client.is_open is (code in (550, 200))
    assert len(world.wired.open_links) == int(world.client.is_open)


@pytest.mark.parametrize(
    "reply",
    [
        "227 (300,0,2,10,7,208)",
        "227 (192,0,2,10,300,208)",
        "227 (192,0,2,10,0,0)",
        "227 there",
        "228 (192,0,2,10,7,208)",
    ],
)
def test_a_passive_answer_that_lies(reply: str) -> None:
    world = World(*LOGGED_IN, answer("PASV", f"{reply}\r\n")).logged_in()
    assert world.fails(world.client.begin("RETR", "x")).why is FtpWhy.GARBAGE


def test_nobody_is_at_the_passive_port() -> None:
    world = World(*LOGGED_IN, answer("PASV", "227 (192,0,2,10,7,209)\r\n")).logged_in()
    assert world.fails(world.client.begin("RETR", "x")).why is FtpWhy.DATA_OPEN
    assert world.client.is_open


@pytest.mark.parametrize("ignores", [True, False])
def test_an_address_that_lies(*, ignores: bool) -> None:
    steps = (
        *LOGGED_IN,
        answer("PASV", "227 (10,0,0,1,7,208)\r\n"),
        answer("LIST", "150 here\r\n226 done\r\n"),
    )
    world = World(*steps, data=(Step(text="list", ends="fin"),)).open(ignores_address=ignores)
    world.do(world.client.log_in("me", "secret"))
    if ignores:
        world.do(world.client.begin("LIST"))
        assert world.do(world.read()) == b"list"
    else:
        assert world.fails(world.client.begin("LIST")).why is FtpWhy.DATA_OPEN


@pytest.mark.parametrize(
    ("says", "ends", "why", "code"),
    [
        ("426 gone\r\n", "reset", FtpWhy.REPLY, 426),
        ("226 done\r\n", "reset", FtpWhy.DATA, 0),
        ("", "reset", FtpWhy.TIMEOUT, 0),
        ("451 what?\r\n", "fin", FtpWhy.REPLY, 451),
    ],
)
def test_a_file_that_breaks_off(says: str, ends: Any, why: FtpWhy, code: int) -> None:
    world = World(
        *LOGGED_IN,
        answer("PASV", PASSIVE),
        answer("RETR x", f"150 here\r\n{says}"),
        data=(Step(text="some", ends=ends),),
    ).logged_in()
    world.do(world.client.begin("RETR", "x"))
    error = world.fails(world.read())
    assert (error.why, error.reply) == (why, code)


def test_data_that_stops_coming() -> None:
    world = World(
        *LOGGED_IN,
        answer("PASV", PASSIVE),
        answer("RETR x", "150 here\r\n"),
        data=(Step(text="some"),),
    ).logged_in()
    world.do(world.client.begin("RETR", "x"))
    begin_ns = world.wired.now_ns
    assert world.fails(world.read()).why is FtpWhy.TIMEOUT
    assert world.wired.now_ns - begin_ns == s(90)
    assert not world.wired.open_links


def test_a_transfer_that_is_broken_off() -> None:
    world = World(
        *LOGGED_IN,
        answer("PASV", PASSIVE),
        answer("RETR x", "150 here\r\n"),
        Step(after_ms=10, text="426 so?\r\n"),
        answer("PWD", '257 "/"\r\n'),
        data=(Step(text="some"),),
    )
    world.logged_in()
    world.do(world.client.begin("RETR", "x"))
    world.do(world.client.read(10))
    world.do(world.client.break_off())
    assert world.do(world.client.folder()) == "/"
    assert list(world.wired.open_links) == [1]


@pytest.mark.parametrize(
    ("step", "why", "code"),
    [
        (Step(after_ms=1000, text="421 idle\r\n", ends="fin"), FtpWhy.REPLY, 421),
        (Step(after_ms=1000, ends="fin"), FtpWhy.CONTROL, 0),
        (Step(after_ms=1000, text="x\r\n", ends="reset"), FtpWhy.GARBAGE, 0),
    ],
)
def test_a_session_that_is_lost(step: Step, why: FtpWhy, code: int) -> None:
    world = World(*LOGGED_IN, step).logged_in()
    world.wired.settle(s(2))
    assert [(error.why, error.reply) for error in world.lost] == [(why, code)]
    assert not world.client.is_open
    assert world.fails(world.client.command("PWD")).why is FtpWhy.CONTROL


def test_an_end_behind_the_last_answer() -> None:
    world = World(*LOGGED_IN, answer("PWD", '257 "/"\r\n', ends="fin")).logged_in()
    assert world.do(world.client.folder()) == "/"
    assert [error.why for error in world.lost] == [FtpWhy.CONTROL]


def test_the_bearer_goes() -> None:
    world = World(*LOGGED_IN).logged_in()
    world.wired.cut(Trouble(Why.UNREACHABLE, "no packet context"))
    assert [error.why for error in world.lost] == [FtpWhy.BEARER]


@pytest.mark.parametrize("line", ["CWD a\nDELE b", "CWD a\r", "CWD \0"])
def test_one_line_is_one_command(line: str) -> None:
    world = World(*LOGGED_IN).logged_in()
    assert world.fails(world.client.command(line)).why is FtpWhy.PARAMETER
    assert world.client.is_open


@pytest.mark.parametrize("ends", ["fin", "reset"])
def test_an_end_at_every_byte_of_a_dialogue(ends: Any) -> None:
    """Whatever is missing, the client finds out, and leaves nothing open."""
    steps = [*LOGGED_IN, answer("PASV", PASSIVE), answer("RETR x", "150 here\r\n226 done\r\n")]
    for number, step in enumerate(steps):
        for length in range(len(step.text) + 1):
            last = Step(after_bytes=step.after_bytes, text=step.text[:length], ends=ends)
            world = World(*steps[:number], last, data=(Step(text="content", ends="fin"),))
            if number == len(steps) - 1 and length >= len(step.text) - 1:
                continue  # that is all of it
            error = None
            try:
                world.logged_in()
                world.do(world.client.begin("RETR", "x"))
                world.do(world.read())
            except FtpError as failure:
                error = failure
            assert error or world.lost, (number, length)
            assert not world.client.is_open
            assert not world.wired.open_links
