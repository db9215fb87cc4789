"""A tiny device that knows files by handle, for the tests of the host: plain ERROR, no ATE0."""

import re

from tests.host.peer import Peer

OPEN = re.compile(r'AT\+QFOPEN="([^"]*)",([12])$')
WRITE = re.compile(r"AT\+QFWRITE=(\d+),(\d+),(\d+)$")
READ = re.compile(r"AT\+QFREAD=(\d+),(\d+)$")
CLOSE = re.compile(r"AT\+QFCLOSE=(\d+)$")
NAMED = re.compile(r'AT\+(QFDEL|QFLST)="([^"]*)"$')
MAX_WRITE_BYTES = 65_535


class QfwritePeer(Peer):
    """`files` is what the device stores; a write that times out ends with OK all the same."""

    def __init__(self) -> None:
        super().__init__()
        # what goes wrong
        self.flipped: set[int] = set()  # offsets in the file that read back wrong
        self.read_ends_at = 1 << 30
        self.read_end = "ERROR"  # or "CONNECT 0"
        self.breaks_off_reading = False
        # what happened
        self.files: dict[str, bytes] = {}
        # the device's state
        self.handle = 0
        self.open_name = ""
        self.position = 0
        self.wanted = 0
        self.written = 0

    def obey(self, command: str) -> None:
        for pattern, method in (
            (OPEN, self.open),
            (WRITE, self.begin_write),
            (READ, self.send),
            (CLOSE, self.close_file),
            (NAMED, self.manage),
        ):
            if match := pattern.match(command):
                method(*match.groups())
                return
        self.say("OK" if command in ("AT", "AT+QECHO=0") else "ERROR")

    def open(self, name: str, mode: str) -> None:
        if self.open_name or (mode == "2" and name not in self.files):
            self.say("ERROR")
            return
        if mode == "1":
            self.files[name] = b""
        self.handle, self.open_name, self.position = self.handle + 1, name, 0
        self.say(f"+QFOPEN: {self.handle}")
        self.say("OK")

    def is_open(self, handle: str) -> bool:
        return bool(self.open_name) and int(handle) == self.handle

    def begin_write(self, handle: str, length: str, timeout: str) -> None:
        if not self.is_open(handle) or not 1 <= int(length) <= MAX_WRITE_BYTES:
            self.say("ERROR")
            return
        self.wanted, self.idle_s, self.written, self.mode = int(length), float(timeout), 0, "data"
        self.say("CONNECT")

    def store(self, byte: int) -> None:
        self.files[self.open_name] += bytes([byte])
        self.written += 1
        if self.written == self.wanted:
            self.end_data_mode()

    def end_data_mode(self) -> None:
        self.mode = "command"
        self.say(f"+QFWRITE: {self.written},{len(self.files[self.open_name])}")
        self.say("OK")

    def send(self, handle: str, length: str) -> None:
        content = bytearray(self.files[self.open_name])
        for at in self.flipped:
            content[at] ^= 0xFF
        piece = content[self.position : min(self.position + int(length), self.read_ends_at)]
        self.position += len(piece)
        if not piece and self.read_end == "ERROR":
            self.say("ERROR")
            return
        self.say(f"CONNECT {len(piece)}")
        self.outbox += piece[:-1] if self.breaks_off_reading else piece
        if not self.breaks_off_reading:
            self.say("OK")

    def close_file(self, handle: str) -> None:
        self.say("OK" if self.is_open(handle) else "ERROR")
        self.open_name = ""

    def manage(self, verb: str, name: str) -> None:
        if name not in self.files:
            self.say("ERROR")
            return
        if verb == "QFDEL":
            del self.files[name]
        else:
            self.say(f'+QFLST: "{name}",{len(self.files[name])}')
        self.say("OK")
