"""A serial port in memory with a tiny QFUPL device at its end, for the tests of the host.

Its time passes only while the host reads nothing or sleeps, so the tests are exact and quick. It
knows just enough to be right to a right host, and what goes wrong is set by its attributes.
"""

import re

import serial

from quecsim.checksum import checksum
from quecsim.host.port import POLL_S

QFUPL = re.compile(r'AT\+QFUPL="([^"]*)",(\d+),(\d+)(,1)?$')
NAMED = re.compile(r'AT\+(QFDEL|QFLST)="([^"]*)"$')
PLAIN = ("AT", "ATE0", "AT+CMEE=1", "AT+IFC=2,2", "ATQ0V1")


class QfuplPeer:
    """Has the face of a pyserial port; `files` is what the device stores, by bare name."""

    def __init__(self) -> None:
        self.timeout: float | None = POLL_S
        self.baudrate = 115200
        self.closed = False
        # what goes wrong
        self.lost: set[int] = set()  # offsets in data mode that never arrive
        self.answers: dict[str, str] = {}  # command prefix -> final result; "" for silence
        self.create_s = 0.0  # from QFUPL to CONNECT; what comes meanwhile is eaten
        self.ack_text = b"A"
        self.acks_until = 1 << 30  # no `A` from this block on
        self.acks_last_full_block = True
        self.summary_checksum_xor = 0
        self.silent_when_idle = False  # no 421: data mode lasts until +++
        self.deaf_to_escape = False
        self.write_fails_after = 1 << 30  # bytes; then SerialTimeoutException
        self.goes_away_after = 1 << 30  # bytes; then SerialException
        self.interrupt_after = 1 << 30  # bytes; then KeyboardInterrupt, once
        # what happened
        self.files: dict[str, bytes] = {}
        self.writes: list[bytes] = []
        self.commands: list[str] = []
        self.eaten = bytearray()
        self.acks_sent = 0
        self.forgotten_output = 0
        # the device's state
        self.now_s = 0.0
        self.last_byte_s = -10.0
        self.outbox = bytearray()
        self.line = bytearray()
        self.mode = "command"  # command, creating, data
        self.name, self.size, self.idle_s, self.ack = "", 0, 5.0, False
        self.offset = 0  # in the stream of data mode, lost bytes included

    # the port

    @property
    def in_waiting(self) -> int:
        return len(self.outbox)

    def read(self, size: int = 1, /) -> bytes:
        if not self.outbox:
            self.pass_time(POLL_S)
        taken = bytes(self.outbox[:size])
        del self.outbox[:size]
        return taken

    def write(self, data: bytes, /) -> int:
        total = sum(map(len, self.writes))
        if total >= self.goes_away_after:
            raise serial.SerialException("write failed: [Errno 5] Input/output error")
        if total >= self.write_fails_after:
            raise serial.SerialTimeoutException("Write timeout")
        if total >= self.interrupt_after:
            self.interrupt_after = 1 << 30
            raise KeyboardInterrupt
        self.writes.append(bytes(data))
        self.take(bytes(data))
        self.last_byte_s = self.now_s
        return len(data)

    def reset_output_buffer(self) -> None:
        self.forgotten_output += 1

    def close(self) -> None:
        self.closed = True

    def sleep(self, seconds: float) -> None:
        self.pass_time(seconds)

    # the device

    def stuck_in_data_mode(self, name: str, size: int) -> None:
        self.mode, self.name, self.size, self.idle_s = "data", name, size, 1e9
        self.files[name] = b""

    def pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        quiet_s = self.now_s - self.last_byte_s
        if self.mode == "creating" and quiet_s >= self.create_s:
            self.mode = "data"
            self.say("CONNECT")
        elif self.mode == "data" and quiet_s >= self.idle_s and not self.silent_when_idle:
            self.mode = "command"
            self.say("+CME ERROR: 421")

    def take(self, data: bytes) -> None:
        if data == b"+++" and self.mode == "data" and self.now_s - self.last_byte_s >= 1.0:
            if not self.deaf_to_escape:
                self.end_data_mode()
            return
        for byte in data:
            if self.mode == "data":
                self.store(byte)
            elif self.mode == "creating":
                self.eaten.append(byte)
            elif byte == 0x0D:
                line, self.line = self.line.decode("latin-1"), bytearray()
                self.obey(line)
            else:
                self.line.append(byte)

    def store(self, byte: int) -> None:
        at, self.offset = self.offset, self.offset + 1
        if at in self.lost:
            return
        stored = self.files[self.name] = self.files[self.name] + bytes([byte])
        full = len(stored) == self.size
        due = self.ack and len(stored) % 1024 == 0 and self.acks_sent < self.acks_until
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

    def obey(self, line: str) -> None:
        _, at, rest = line.partition("AT")
        if not at:
            return
        command = at + rest
        self.commands.append(command)
        for prefix, final in self.answers.items():
            if command.startswith(prefix):
                self.say(final)
                return
        if upload := QFUPL.match(command):
            self.open_upload(upload)
        elif named := NAMED.match(command):
            self.manage(named[1], named[2].removeprefix("UFS:"))
        else:
            self.say("OK" if command in PLAIN else "ERROR")

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

    def say(self, text: str) -> None:
        self.outbox += f"\r\n{text}\r\n".encode() if text else b""
