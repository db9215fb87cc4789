"""A minimal AT client: one command out, lines in up to the final result, every wait bounded.

    AtClient(port)          speaks to a pyserial port that open_port() made
    Reply                   what came back: information lines and the final result
    PortError              the port held our bytes back for too long, or went away

It bears an echo, and it needs no list of URCs: a caller asks a Reply for the lines that begin with
its command's own prefix, so whatever else the device says in between is passed over.

Waits are counted twice, by the clock and by the silence read (each empty read is one read
time-out), and end at whichever comes first. So they are bounded in real time, and right on a port
whose time is virtual.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import serial

from quecsim.host.port import POLL_S, Port, Reopenable, line_seconds
from quecsim.profiles.meanings import error_meanings

COMMAND_S = 5.0
SYNC_S = 1.0
LEAVE_S = 2.0
GUARD_S = 1.1  # the longest guard time that the manuals ask for around +++ is 1 s
QUIET_S, SETTLE_S = 0.5, 5.0
REOPEN_POLL_S = 0.5
MAX_LINE_BYTES = 4096
MAX_REPLY_LINES = 1000
MOST_COMMANDS = 100
NUMBERED_ERRORS = ("+CME ERROR:", "+CMS ERROR:")


class PortError(Exception):
    """The port no longer takes or gives bytes; the message says which."""


class Patience:
    """How long a wait may last: `over` when the clock or the silence read has used it up."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._silence_left = seconds

    @property
    def over(self) -> bool:
        """Whether to stop waiting."""
        return self._silence_left <= 0 or time.monotonic() >= self._end

    def spend(self, seconds: float) -> None:
        """Count `seconds` of silence."""
        self._silence_left -= seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command brought: its lines, and the final result (`""` when none came in time)."""

    command: str
    lines: tuple[str, ...]
    final: str

    @property
    def ok(self) -> bool:
        """Whether the final result is OK."""
        return self.final == "OK"

    @property
    def connected(self) -> bool:
        """Whether the device went to data mode."""
        return is_connect(self.final)

    @property
    def explained(self) -> str:
        """The final result for people, with the meaning of a known error number."""
        return self.explain({})

    @property
    def cme(self) -> int | None:
        """The number of the error, if it has one."""
        number = self.final.partition("+CME ERROR:")[2].strip()
        return int(number) if number.isdecimal() else None

    def explain(self, special: Mapping[int, str]) -> str:
        """The final result with its meaning: `+CME ERROR: 407 (file already existed)`.

        `special` has the meanings that are to stand before the usual ones.
        """
        if self.cme is None:
            return self.final or "no answer"
        meaning = special.get(self.cme) or error_meanings().get(self.cme)
        return f"{self.final} ({meaning})" if meaning else self.final

    def info(self, prefix: str) -> list[str]:
        """What follows `prefix` in the lines that begin with it, blanks stripped."""
        return [line[len(prefix) :].strip() for line in self.lines if line.startswith(prefix)]


def is_final(line: str) -> bool:
    """Whether `line` ends a reply."""
    return line in ("OK", "ERROR") or is_connect(line) or line.startswith(NUMBERED_ERRORS)


def is_connect(line: str) -> bool:
    """Whether `line` says that data follows: `CONNECT`, or `CONNECT <count>`."""
    return line == "CONNECT" or line.startswith("CONNECT ")


class AtClient:
    """An AT conversation on `port`. `sleep` waits, in seconds, where silence must be kept."""

    def __init__(self, port: Port, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.port = port
        self.sleep = sleep
        self.received = bytearray()
        """What the device sent and nobody has read yet."""
        self.commands: deque[bytes] = deque(maxlen=MOST_COMMANDS)
        """What was sent to it, the last ones: each may have become part of a file."""

    def command(self, text: str, timeout_s: float = COMMAND_S) -> Reply:
        """Send `text` and CR; read up to the final result, for `timeout_s` seconds at most."""
        self.forget_input()
        self.write_command(text)
        return self.finish(text, timeout_s)

    def write_command(self, text: str) -> None:
        """Send `text` and CR, and wait for nothing."""
        line = text.encode() + b"\r"
        self.commands.append(line)
        self.write(line)

    def finish(self, text: str, timeout_s: float) -> Reply:
        """Read on to the final result of the command `text`, which has been sent already."""
        patience = Patience(timeout_s)
        lines: list[str] = []
        while len(lines) < MAX_REPLY_LINES and (line := self.read_line(patience)) is not None:
            if is_final(line):
                return Reply(text, tuple(lines), line)
            if line != text:  # the echo
                lines.append(line)
        return Reply(text, tuple(lines), "")

    def sync(self, attempts: int = 4) -> bool:
        """Send AT until it is answered with OK; whether that came about.

        Every other time it asks for words, not numbers, and for answers at all (ATQ0V1): another
        program may have left the device without either.
        """
        for attempt in range(attempts):
            if self.command("ATQ0V1" if attempt % 2 else "AT", SYNC_S).ok:
                if attempt:  # answers to the earlier ones may still be on their way
                    self.settle()
                return True
        return False

    def leave_data_mode(self, backlog_bytes: int = 0) -> Reply:
        """Send +++ between two silences; the reply is what the device says as it leaves.

        `backlog_bytes`: what we wrote just now and is perhaps not yet on the wire.
        """
        self.sleep(GUARD_S + line_seconds(backlog_bytes, self.port.baudrate))
        self.forget_input()
        self.commands.append(b"+++")
        self.write(b"+++")
        return self.finish("+++", GUARD_S + LEAVE_S)

    def read_line(self, patience: Patience) -> str | None:
        """The next line that is not empty, without its line end; None when patience is over."""
        while (line := self.next_line()) is None and not patience.over:
            self.receive(patience)
        return line

    def next_line(self) -> str | None:
        """The next line that is not empty and has come already; None when there is none."""
        while True:
            raw, newline, rest = self.received.partition(b"\n")
            if not newline and len(raw) <= MAX_LINE_BYTES:
                return None
            self.received = rest
            if line := raw.strip().decode("ascii", "replace"):
                return line

    def read_data(self, count: int, patience: Patience) -> bytes:
        """`count` bytes of data; fewer when patience is over."""
        while len(self.received) < count and not patience.over:
            self.receive(patience)
        data = bytes(self.received[:count])
        del self.received[:count]
        return data

    def receive(self, patience: Patience) -> None:
        """One read into `received`: returns with the first bytes, or after one read time-out."""
        with _port_errors():
            data = self.port.read(max(1, self.port.in_waiting))
        self.received += data
        if not data:
            patience.spend(POLL_S)

    def receive_waiting(self) -> None:
        """Take what has arrived already; never waits."""
        with _port_errors():
            if waiting := self.port.in_waiting:
                self.received += self.port.read(waiting)

    def forget_input(self) -> None:
        """Drop what the device said unasked, so that it is not taken for the next reply."""
        self.receive_waiting()
        self.received.clear()

    def settle(self) -> None:
        """Drop what the device still says, until it has been quiet for a while."""
        patience, quiet_s = Patience(SETTLE_S), 0.0
        while quiet_s < QUIET_S and not patience.over:
            self.received.clear()
            self.receive(patience)
            quiet_s = 0.0 if self.received else quiet_s + POLL_S
        self.received.clear()

    def forget_output(self) -> None:
        """Drop what is not yet on the wire, as far as the port can."""
        # A port that went away fails with termios.error, which not every system has.
        with suppress(Exception):
            self.port.reset_output_buffer()

    def reopen(self, seconds: float) -> bool:
        """Open a port again that went away, as one on USB does when its device restarts.

        Tries for `seconds`; whether it is there again.
        """
        patience = Patience(seconds)
        while isinstance(self.port, Reopenable) and not patience.over:
            with suppress(Exception):  # as in forget_output
                self.port.close()
                self.port.open()
                self.received.clear()
                return True
            self.sleep(REOPEN_POLL_S)
            patience.spend(REOPEN_POLL_S)
        return False

    def write(self, data: bytes) -> None:
        """Hand `data` to the port, all of it or PortError."""
        with _port_errors():
            self.port.write(data)


@contextmanager
def _port_errors() -> Iterator[None]:
    """pyserial's errors as PortError. All of them are OSErrors, and so is a failed ioctl."""
    try:
        yield
    except serial.SerialTimeoutException as error:
        raise PortError(
            "the port takes no more bytes: flow control holds them back, or nobody reads them"
        ) from error
    except OSError as error:
        raise PortError(f"the port went away: {error}") from error
