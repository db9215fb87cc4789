"""A tiny device that knows QSECWRITE, QSECREAD and QSECDEL, for the tests of the host."""

import re

from quecsim.checksum import checksum
from tests.host.peer import Peer

WRITE = re.compile(r'AT\+QSECWRITE="([^"]*)",(\d+),(\d+)$')
NAMED = re.compile(r'AT\+(QSECREAD|QSECDEL)="([^"]*)"$')


class QsecwritePeer(Peer):
    """`stored` is what the device stores, by name."""

    def __init__(self) -> None:
        super().__init__()
        # what goes wrong
        self.stored_checksum_xor = 0
        self.good = 1
        # what happened
        self.stored: dict[str, bytes] = {}
        # the device's state
        self.name, self.size = "", 0

    def obey(self, command: str) -> None:
        if upload := WRITE.match(command):
            self.begin(upload[1], int(upload[2]), float(upload[3]))
        elif named := NAMED.match(command):
            self.manage(named[1], named[2])
        else:
            super().obey(command)

    def begin(self, name: str, size: int, idle_s: float) -> None:
        if name in self.stored:
            self.say("+CME ERROR: 4012")
            return
        self.name, self.size, self.idle_s, self.mode = name, size, idle_s, "data"
        self.stored[name] = b""
        self.say("CONNECT")

    def store(self, byte: int) -> None:
        self.stored[self.name] += bytes([byte])
        if len(self.stored[self.name]) == self.size:
            self.end_data_mode()

    def end_data_mode(self) -> None:
        data = self.stored[self.name]
        self.mode = "command"
        self.say(f"+QSECWRITE: {len(data)},{checksum(data):x}")
        self.say("OK")

    def manage(self, verb: str, name: str) -> None:
        if name not in self.stored:
            self.say("+CME ERROR: 4010")
            return
        if verb == "QSECDEL":
            del self.stored[name]
        else:
            value = checksum(self.stored[name]) ^ self.stored_checksum_xor
            self.say(f"+QSECREAD: {self.good},{value:x}")
        self.say("OK")
