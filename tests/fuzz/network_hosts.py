"""Hosts that upload nothing: one fetches a page into a file, one publishes over a socket. Each has
a twin that looks at no result.
"""

import time
from typing import Any

from tests.fuzz.mqtt_hosts import ANSWER_S, OPEN_S, Talk, TroubleError

URL = "http://web.example/page"


def fetches(port: Any, _name: str, _data: bytes) -> bool:
    """A page goes into a file of the module, or it says that it does not."""
    talk = Talk(port)
    try:
        begin(talk)
        set_url(talk)
        if not talk.later("AT+QHTTPGET=60", "+QHTTPGET", ANSWER_S).startswith("0,200,"):
            raise TroubleError("no page")
        if talk.later('AT+QHTTPREADFILE="UFS:page",60', "+QHTTPREADFILE", ANSWER_S) != "0":
            raise TroubleError("not stored")
    except TroubleError:
        return False
    return True


def fetches_blindly(port: Any, _name: str, _data: bytes) -> bool:
    """It waits for the results, and looks at none."""
    talk = Talk(port)
    try:
        begin(talk)
        set_url(talk)
        talk.later("AT+QHTTPGET=60", "+QHTTPGET", ANSWER_S)
        talk.later('AT+QHTTPREADFILE="UFS:page",60', "+QHTTPREADFILE", ANSWER_S)
    except TroubleError:
        return True
    return True


def publishes(port: Any, _name: str, _data: bytes) -> bool:
    """A report goes over a socket, and what the server says of it is read."""
    talk = Talk(port)
    try:
        begin(talk)
        opened = talk.later('AT+QIOPEN=1,0,"TCP","echo.example",7', "+QIOPEN", OPEN_S)
        if opened != "0,0":
            raise TroubleError("not opened")
        send(talk)
        talk.wait(lambda text: text == '+QIURC: "recv",0', ANSWER_S)
        if talk.lines("AT+QIRD=0,1500") != ["+QIRD: 6", "report"]:
            raise TroubleError("not answered")
    except TroubleError:
        return False
    return True


def publishes_blindly(port: Any, _name: str, _data: bytes) -> bool:
    """It sends, whatever came of the opening."""
    talk = Talk(port)
    try:
        begin(talk)
        talk.later('AT+QIOPEN=1,0,"TCP","echo.example",7', "+QIOPEN", OPEN_S)
        send(talk)
    except TroubleError:
        return True
    return True


def begin(talk: Talk) -> None:
    """The module answers, echoes nothing, and has its context."""
    for line in ("ATE0", "AT+QISDE=0", "AT+QIACT=1"):
        if talk.ask(line, ANSWER_S + OPEN_S) != "OK":
            raise TroubleError(line)


def set_url(talk: Talk) -> None:
    """The address is data."""
    talk.port.write(f"AT+QHTTPURL={len(URL)},20\r".encode())
    if talk.wait(lambda text: text == "CONNECT" or "ERROR" in text, 20) != "CONNECT":
        raise TroubleError("no URL is wanted")
    talk.port.write(URL.encode())
    if talk.wait(lambda text: text == "OK" or "ERROR" in text, 40) != "OK":
        raise TroubleError("no URL")


def send(talk: Talk) -> None:
    """Six bytes, behind the prompt."""
    talk.port.write(b"AT+QISEND=0,6\r")
    end = time.monotonic() + 20
    while b"> " not in talk.input:
        if b"ERROR" in talk.input or time.monotonic() > end:
            raise TroubleError("no prompt")
        talk.input += talk.port.read(talk.port.in_waiting or 1)
    talk.input = talk.input.partition(b"> ")[2]
    talk.port.write(b"report")
    if (
        talk.wait(lambda text: text == "SEND OK" or "ERROR" in text or "FAIL" in text, 20)
        != "SEND OK"
    ):
        raise TroubleError("not sent")
