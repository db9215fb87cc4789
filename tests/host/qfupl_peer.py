"""A tiny device that knows QFUPL, for the tests of the host."""

import re

from quecsim.checksum import checksum
from tests.host.peer import Peer

QFUPL = re.compile(r'AT\+QFUPL="([^"]*)",(\d+),(\d+)(,1)?$')
NAMED = re.compile(r'AT\+(QFDEL|QFLST)="([^"]*)"$')


class QfuplPeer(Peer):
    """`files` is what the device stores, by bare name."""

    def __init__(self) -> None:
        super().__init__()
        # what goes wrong
        self.create_s = 0.0  # from QFUPL to CONNECT; what comes meanwhile is eaten
        self.ack_text = b"A"
        self.ack_block_bytes = 1024
        self.acks_until = 1 << 30  # no `A` from this block on
        self.acks_last_full_block = True
        self.summary_checksum_xor = 0
        # what happened
        self.files: dict[str, bytes] = {}
        self.eaten = bytearray()
        self.acks_sent = 0
        # the device's state
        self.name, self.size, self.ack = "", 0, False

    def stuck_in_data_mode(self, name: str, size: int) -> None:
        self.mode, self.name, self.size, self.idle_s = "data", name, size, 1e9
        self.files[name] = b""

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        if self.mode == "creating" and self.now_s - self.last_byte_s >= self.create_s:
            self.mode = "data"
            self.say("CONNECT")

    def time_out(self) -> None:
        self.mode = "command"
        self.say("+CME ERROR: 421")

    def take_otherwise(self, byte: int) -> None:
        self.eaten.append(byte)

    def store(self, byte: int) -> None:
        stored = self.files[self.name] = self.files[self.name] + bytes([byte])
        full = len(stored) == self.size
        due = (
            self.ack
            and len(stored) % self.ack_block_bytes == 0
            and self.acks_sent < self.acks_until
        )
        if due and (not full or self.acks_last_full_block):
            self.acks_sent += 1
            self.outbox += self.ack_text
        if full:
            self.end_data_mode()

    def end_data_mode(self) -> None:
        stored = self.files[self.name]
        self.mode = "command"
        self.say(f"+QFUPL: {len(stored)},{checksum(stored) ^ self.summary_checksum_xor:x}")
        self.say("OK")

    def obey(self, command: str) -> None:
        if upload := QFUPL.match(command):
            self.open_upload(upload)
        elif named := NAMED.match(command):
            self.manage(named[1], named[2].removeprefix("UFS:"))
        else:
            super().obey(command)

    def open_upload(self, upload: re.Match[str]) -> None:
        self.name = upload[1].removeprefix("UFS:")
        if self.name in self.files:
            self.say("+CME ERROR: 407")
            return
        self.size, self.idle_s, self.ack = int(upload[2]), float(upload[3]), bool(upload[4])
        self.files[self.name], self.offset = b"", 0
        self.mode = "creating" if self.create_s else "data"
        if not self.create_s:
            self.say("CONNECT")

    def manage(self, verb: str, name: str) -> None:
        if name not in self.files:
            self.say("+CME ERROR: 405")
            return
        if verb == "QFDEL":
            del self.files[name]
        else:
            self.say(f'+QFLST: "UFS:{name}",{len(self.files[name])}')
        self.say("OK")
