"""Hosts that upload a certificate and then publish by MQTT: a right one, and one that believes."""

import time
from collections.abc import Callable
from typing import Any

from tests.fuzz.uploaders import right

ATTEMPTS = 6
PAUSE_S = 15  # a network may be away for a while
OPEN_S, ANSWER_S = 160, 80  # longer than the module's own time-outs


class TroubleError(Exception):
    """It did not work, this time."""


class Talk:
    """Lines to and from a module; `news` are those that answer no command."""

    def __init__(self, port: Any) -> None:
        self.port = port
        self.port.timeout = 0.1
        self.input = b""

    def wait(self, wanted: Callable[[str], bool], wait_s: float) -> str:
        """The first line that is wanted, within that time; news of the end are trouble."""
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            line, newline, rest = self.input.partition(b"\n")
            if not newline:
                self.input += self.port.read(self.port.in_waiting or 1)
                continue
            self.input = rest
            text = line.strip().decode("latin-1")
            if wanted(text):
                return text
            if text.startswith("+QMTSTAT"):
                raise TroubleError(text)
        raise TroubleError("no answer in time")

    def ask(self, line: str, wait_s: float = 20) -> str:
        """A command's final result."""
        self.port.write(line.encode() + b"\r")
        return self.wait(lambda text: text == "OK" or "ERROR" in text, wait_s)

    def lines(self, line: str) -> list[str]:
        """What a command says before its OK."""
        said: list[str] = []
        self.port.write(line.encode() + b"\r")
        while (text := self.wait(bool, 20)) != "OK":
            if "ERROR" in text:
                raise TroubleError(text)
            said.append(text)
        return said

    def later(self, line: str, name: str, wait_s: float) -> str:
        """What a command says behind its OK, without its name."""
        if self.ask(line, wait_s) != "OK":
            raise TroubleError(line)
        said = self.wait(lambda text: text.startswith(f"{name}: "), wait_s)
        return said.partition(": ")[2]

    def result(self, line: str, name: str, wait_s: float) -> str:
        """What becomes of a command that answers later: its values."""
        if self.ask(line) != "OK":
            raise TroubleError(line)
        return self.wait(lambda text: text.startswith(f"{name}: 0,"), wait_s).partition(",")[2]


def publish(talk: Talk) -> None:
    """From nothing to a message that the broker has."""
    if talk.result('AT+QMTOPEN=0,"broker.example",1883', "+QMTOPEN", OPEN_S) != "0":
        raise TroubleError("not opened")
    if talk.result('AT+QMTCONN=0,"meter"', "+QMTCONN", ANSWER_S) != "0,0":
        raise TroubleError("not let in")
    if talk.result('AT+QMTPUB=0,1,1,0,"m","42"', "+QMTPUB", ANSWER_S) != "1,0":
        raise TroubleError("not published")


def persists(port: Any, name: str, data: bytes) -> bool:
    """Tries again from the beginning, and says how it went."""
    right(port, name, data)
    talk = Talk(port)
    for _ in range(ATTEMPTS):
        try:
            publish(talk)
        except TroubleError:
            time.sleep(PAUSE_S)
            clean_up(talk)
        else:
            return True
    return False


def clean_up(talk: Talk) -> None:
    """Whatever is left of an attempt goes."""
    for line in ("AT", "AT+QMTCLOSE=0", "AT+QIDEACT=1"):
        try:
            talk.ask(line)
        except TroubleError:
            continue


def believes(port: Any, name: str, data: bytes) -> bool:
    """Takes any answer of the broker's for a good one."""
    right(port, name, data)
    talk = Talk(port)
    try:
        talk.result('AT+QMTOPEN=0,"broker.example",1883', "+QMTOPEN", OPEN_S)
        talk.result('AT+QMTCONN=0,"meter"', "+QMTCONN", ANSWER_S)
    except TroubleError:
        return False
    return True
