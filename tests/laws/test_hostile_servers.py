"""Servers that are no servers of the kind, or bad ones, and far too much at once: the device says
what is wrong in its own words, holds little, and goes on.
"""

import pytest

from quecsim.device.shared import Phase
from quecsim.peers.caller import Visitor
from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.served import Offer
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.run.replay import replay
from quecsim.trace.event import LinkIncoming, LinkOpened, LinkRefused
from quecsim.units import ms, s
from tests.laws.test_hostile_network import BEFORE, Host, Stage, World

PORT = 70
_OK = "HTTP/1.1 200 OK\r\n"


def _answers(text: str, times: int = 1) -> tuple[Step, ...]:
    return (Step(text=text, after_bytes=1),) * times


def _says(text: str, times: int = 1, after_ms: int = 0) -> tuple[Step, ...]:
    return (Step(text=text, after_ms=after_ms),) * times


BAD = {
    "a web server": _answers("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "a number of 5000 digits": _answers(f"{_OK}Content-Length: {'9' * 5000}\r\n\r\nx"),
    "less than nothing": _answers(f"{_OK}Content-Length: -1\r\n\r\nx"),
    "a head without an end": _answers(f"{_OK}A: {'b' * 60_000}"),
    "always only interim": _says("HTTP/1.1 100 Continue\r\n\r\n" * 500, 90, 100),
    "a status that is none": _answers("HTTP/1.1 000 X\r\n\r\n"),
    "an FTP server": (*_says("220 hi\r\n"), *_answers("500 no\r\n", 9)),
    "a reply without an end": _says("220-hi\r\n" + "x\r\n" * 3000),
    "more replies than anybody asked for": _says("220 hi\r\n" * 100),
    "preliminary for ever": _says("120 wait\r\n", 90, 1000),
    "numbers that are none": (
        *_says("220 a\r\n"),
        *_answers(f"227 (9{'9' * 1900},1,1,1,1,1)\r\n", 20),
    ),
    "TLS": (Step(base64=b"\x16\x03\x03\xff\xff" + bytes(60_000)),),
    "an MQTT broker": (Step(base64=b"\x20\x02\x00\x00", after_bytes=1),),
    "nothing but zeros": (Step(base64=bytes(60_000)),) * 20,
    "nothing but line ends": _says("\n" * 60_000, 20),
    "a reset": (Step(ends="reset", after_bytes=1),),
}
DIALOGUES = {
    "ec200u": {
        b"+QHTTPGET: ": [f"AT+QHTTPURL=12,5\rhttp://h:{PORT}/".encode(), b"AT+QHTTPGET=20\r"],
        b"+QFTP": [
            b'AT+QFTPCFG="account","me","secret"\r', b'AT+QFTPCFG="rsptimeout",20\r',
            f'AT+QFTPOPEN="h",{PORT}\r'.encode(), b'AT+QFTPSIZE="f"\r',
            b'AT+QFTPGET="f","COM:"\r', b'AT+QFTPGET="f","RAM:f"\r', b"AT+QFTPCLOSE\r",
        ],
        b"+QMT": [f'AT+QMTOPEN=0,"h",{PORT}\r'.encode(), b'AT+QMTCONN=0,"a"\r'],
    },
    "fcm242d": {
        b"+QHTTPGET: ": [
            f'AT+QHTTPCFG="url","http://h:{PORT}/"\r'.encode(), b"AT+QHTTPGET=20\r",
        ],
    },
    "m95": {
        b"+QFTPOPEN: ": [
            *BEFORE["m95"][:-1], f'AT+QFTPOPEN="h",{PORT}\r'.encode(), b'AT+QFTPSIZE="f"\r',
        ],
    },
}  # fmt: skip


def served(device: str, steps: tuple[Step, ...]) -> Stage:
    server = SimpleServer(SimpleSettings(steps=steps))
    return Stage(device, {("h", PORT): Offer(server, "192.0.2.1")})


def finish(stage: Stage) -> None:
    """It answers, nothing goes on any more, and the record tells it all again."""
    stage.recover()
    assert stage.rig.device._engine.work.jobs.in_background == []
    stage.rig.finish(stage.now_ns)
    again = replay(stage.events + stage.rig.take_events())
    assert again.is_same, (again.was, again.now)


@pytest.mark.parametrize("server", BAD)
@pytest.mark.parametrize("device", DIALOGUES)
def test_a_server_of_another_kind(device: str, server: str) -> None:
    for result, lines in DIALOGUES[device].items():
        stage = served(device, BAD[server])
        stage.run(s(8))
        said = b""
        for line in lines:
            stage.do(Host(line))
            said += stage.run(s(60 if line[-1:] == b"\r" else 5))
        assert result in said.replace(b"".join(lines), b""), (lines, said)
        assert stage.rig.device.phase is Phase.COMMAND
        finish(stage)


@pytest.mark.parametrize("device", ["ec200u", "fcm242d"])
def test_everything_at_full_rate_while_the_host_does_not_listen(device: str) -> None:
    stage = served(device, (Step(text="x" * 30_000),) * 10)
    context = "1," if device == "ec200u" else ""
    stage.run(s(10))
    for number in range(11):
        stage.do(Host(f'AT+QIOPEN={context}{number},"TCP","h",{PORT},0,1\r'.encode()))
        stage.run(ms(40))
    for line in DIALOGUES[device][b"+QHTTPGET: "]:
        stage.do(Host(line.replace(b"12,5", b"14,5").replace(b"h:70/", b"h/large")))
        stage.run(s(4))
    stage.do(World("stop_reading"))
    stage.run(s(60))
    stage.do(World("read"))
    stage.run(s(400))
    for number in range(11):
        stage.do(Host(f"AT+QICLOSE={number}\r".encode()))
        stage.run(s(11))
    stage.do(Host(b"AT+QHTTPSTOP\r"))
    stage.run(s(5))
    assert not stage.rig.device.links
    finish(stage)


@pytest.mark.parametrize(("device", "end"), [("ec200u", b"AT+CFUN=0\r"), ("fcm242d", b"AT+QRST\r")])
def test_a_flood_of_calls(device: str, end: bytes) -> None:
    caller = Visitor(CallerSettings(times=1000, every_ms=1, steps=(Step(text="x" * 2000),)))
    stage = Stage(device, callers=(caller,))
    context = "1," if device == "ec200u" else ""
    stage.run(s(10))
    stage.do(Host(f'AT+QIOPEN={context}0,"TCP LISTENER","127.0.0.1",0,2020,1\r'.encode()))
    stage.run(s(20))
    counts = [
        sum(isinstance(event, kind) for event in stage.events)
        for kind in (LinkIncoming, LinkRefused, LinkOpened)
    ]
    assert counts[0] - counts[1] == 11, "the sockets that are left"
    assert counts[2] == 12
    stage.do(Host(end))
    stage.run(s(30))
    assert not stage.rig.device.links
    finish(stage)
