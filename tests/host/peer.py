"""A serial port in memory with a tiny device at its end: what the devices of the tests share.

Its time passes only while the host reads nothing or sleeps, so the tests are exact and quick. The
devices know just enough to be right to a right host; what goes wrong is set by their attributes.
"""

import serial

from quecsim.host.port import POLL_S

PLAIN = ("AT", "ATE0", "AT+CMEE=1", "AT+IFC=2,2", "ATQ0V1")


class Peer:
    """Has the face of a pyserial port; a device says what it obeys and what it stores."""

    def __init__(self) -> None:
        self.timeout: float | None = POLL_S
        self.baudrate = 115200
        self.closed = False
        # what goes wrong
        self.lost: set[int] = set()  # offsets in data mode that never arrive
        self.answers: dict[str, str] = {}  # command prefix -> final result; "" for silence
        self.silent_when_idle = False  # data mode lasts until +++
        self.deaf_to_escape = False
        self.write_fails_after = 1 << 30  # bytes; then SerialTimeoutException
        self.goes_away_after = 1 << 30  # bytes; then SerialException
        self.interrupt_after = 1 << 30  # bytes; then KeyboardInterrupt, once
        # what happened
        self.writes: list[bytes] = []
        self.commands: list[str] = []
        self.forgotten_output = 0
        # the device's state
        self.now_s = 0.0
        self.last_byte_s = -10.0
        self.outbox = bytearray()
        self.line = bytearray()
        self.mode = "command"  # or data, or what else a device knows
        self.idle_s = 5.0
        self.offset = 0  # in the stream of data mode, lost bytes included
        self.later: list[tuple[float, str]] = []  # (time in seconds, what is said then)

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

    def pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        due = [text for at_s, text in self.later if at_s <= self.now_s]
        self.later = [(at_s, text) for at_s, text in self.later if at_s > self.now_s]
        for text in due:
            self.say(text)
        quiet_s = self.now_s - self.last_byte_s
        if self.mode == "data" and quiet_s >= self.idle_s and not self.silent_when_idle:
            self.time_out()

    def take(self, data: bytes) -> None:
        if data == b"+++" and self.mode == "data" and self.now_s - self.last_byte_s >= 1.0:
            if not self.deaf_to_escape:
                self.end_data_mode()
            return
        for byte in data:
            if self.mode == "data":
                at, self.offset = self.offset, self.offset + 1
                if at not in self.lost:
                    self.store(byte)
            elif self.mode != "command":
                self.take_otherwise(byte)
            elif byte == 0x0D:
                line, self.line = self.line.decode("latin-1"), bytearray()
                self.hear(line)
            else:
                self.line.append(byte)

    def hear(self, line: str) -> None:
        _, at, rest = line.partition("AT")
        if not at:
            return
        command = at + rest
        self.commands.append(command)
        for prefix, final in self.answers.items():
            if command.startswith(prefix):
                self.say(final)
                return
        self.obey(command)

    def say(self, text: str) -> None:
        self.outbox += f"\r\n{text}\r\n".encode() if text else b""

    def say_in(self, seconds: float, text: str) -> None:
        self.later.append((self.now_s + seconds, text))

    # what makes a device

    def obey(self, command: str) -> None:
        self.say("OK" if command in PLAIN else "ERROR")

    def store(self, byte: int) -> None:
        raise NotImplementedError

    def end_data_mode(self) -> None:
        raise NotImplementedError

    def time_out(self) -> None:
        self.end_data_mode()

    def take_otherwise(self, byte: int) -> None:
        """A byte in a mode of the device's own; lost."""
