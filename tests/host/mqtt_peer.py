"""A tiny LTE module with an MQTT client, for the tests of the host: it answers what it is told to.

`says` is what it says to a command, by the longest prefix: texts at once, (seconds, text) later.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

from tests.host.qfupl_peer import QfuplPeer

Says: TypeAlias = Sequence[str | tuple[float, str]]
PUBLISH = re.compile(r'AT\+(QMTPUB(?:EX)?)=0,(\d+),1,0,"([^"]*)",(\d+)$')

RIGHT: dict[str, Says] = {
    "AT+QMTOPEN=?": ("OK",),
    "AT+QIACT=?": ("OK",),
    "AT+QSSLCFG=?": ("OK",),
    "AT+CPIN?": ("+CPIN: READY", "OK"),
    "AT+CEREG?": ("+CEREG: 0,1", "OK"),
    "AT+QICSGP=1": ('+QICSGP: 1,"internet","","",0', "OK"),
    "AT+QICSGP=1,": ("OK",),
    "AT+QIACT?": ('+QIACT: 1,1,1,"10.0.0.2"', "OK"),
    "AT+QIACT=1": ("OK",),
    "AT+QIDEACT=1": ("OK",),
    "AT+QSSLCFG=": ("OK",),
    "AT+QMTCFG=": ("OK",),
    "AT+QMTOPEN?": ("OK",),
    "AT+QMTOPEN=0,": ("OK", (1, "+QMTOPEN: 0,0")),
    "AT+QMTCONN=0,": ("OK", (1, "+QMTCONN: 0,0,0")),
    "AT+QMTSUB=0,": ("OK", (1, "+QMTSUB: 0,1,0,1")),
    "AT+QMTPUBEX=?": ("OK",),
    "AT+QMTDISC=0": ("OK", (1, "+QMTDISC: 0,0")),
    "AT+QMTCLOSE=0": ("OK", (1, "+QMTCLOSE: 0,0")),
}


class MqttPeer(QfuplPeer):
    """What was published is in `published`; it comes back a second later, where `echoes`."""

    def __init__(self, says: dict[str, Says] | None = None) -> None:
        super().__init__()
        self.says = RIGHT | (says or {})
        self.prompt, self.prompt_s = "\r\n> ", 0.0
        self.acknowledged: Says = ("OK", (0.5, "+{command}: 0,2,0"))
        self.echoes = True
        self.published: list[tuple[str, bytes]] = []
        self._topic, self._payload, self._size, self._command = "", bytearray(), 0, ""

    def obey(self, command: str) -> None:
        prefixes = [prefix for prefix in self.says if command.startswith(prefix)]
        publication = PUBLISH.match(command)
        if prefixes:
            self._say_all(self.says[max(prefixes, key=len)])
        elif publication is not None:
            self._command, self._topic = publication[1], publication[3]
            self._size, self._payload = int(publication[4]), bytearray()
            self.mode = "payload"
            if self.prompt_s:
                self.say_in(self.prompt_s, self.prompt)
            else:
                self.outbox += self.prompt.encode()
        else:
            super().obey(command)

    def take_otherwise(self, byte: int) -> None:
        if self.mode != "payload":
            super().take_otherwise(byte)
            return
        self._payload.append(byte)
        if len(self._payload) == self._size:
            self.mode = "command"
            self.published.append((self._topic, bytes(self._payload)))
            self._say_all(self.acknowledged)
            if self.echoes:
                text = self._payload.decode("utf-8", "surrogateescape")
                head = f'+QMTRECV: 0,1,"{self._topic}",{self._size}'
                self.later.append((self.now_s + 1, f'{head},"{text}"'))

    def _say_all(self, texts: Says) -> None:
        for text in texts:
            if isinstance(text, str):
                self.say(text.format(command=self._command))
            else:
                seconds, later = text
                self.say_in(seconds, later.format(command=self._command))

    def say(self, text: str) -> None:
        self.outbox += f"\r\n{text}\r\n".encode("utf-8", "surrogateescape") if text else b""
