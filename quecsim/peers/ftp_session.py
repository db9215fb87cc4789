"""One client of an FTP server: its control connection, command by command."""

import re
from collections import deque
from typing import Literal, NamedTuple

from quecsim.border import Why
from quecsim.peers import ftp_commands
from quecsim.peers.ftp_data import DataSide
from quecsim.peers.ftp_path import FtpError, Path
from quecsim.peers.ftp_premises import Premises
from quecsim.peers.ftp_settings import CONNECT, TRANSFERS, FtpTrouble
from quecsim.units import ms

_MOST_LINE_BYTES = 1024
_MOST_WAITING_BYTES = 1 << 16  # of lines that wait for a transfer to be over
_MOST_UNSENT_BYTES = 1 << 20  # of replies that the client does not take
_TELNET = re.compile(rb"\xff[\xf1-\xf9]")  # as some clients begin an ABOR
_NOT_WAITING = ("ABOR", "STAT")  # they are for the transfer that is under way


class _Command(NamedTuple):
    """What is to be done, and when."""

    word: str
    argument: str
    due_ns: int
    trouble: FtpTrouble | None


class Session:
    """What the client has said who it is, and where in the tree it stands.

    `unsent` waits to go out; `ends` is how the connection ends behind that, once it is over.
    """

    def __init__(self, premises: Premises, *, is_full: bool) -> None:
        self.premises = premises
        self.is_full = is_full  # there are too many
        self.data = DataSide(premises, self.say, self._transfer_is_over, self._struck)
        self.unsent = bytearray()
        self.ends: Why | None = None
        self.user = ""
        self.is_in = False
        self.is_secure = premises.settings.implicit
        self.awaits_tls = False
        self.cwd: Path = ()
        self.kind: Literal["A", "I"] = "A"
        self.restart = 0
        self.rename_from: Path | None = None
        self.is_extended_only = False  # EPSV ALL
        self.trouble: FtpTrouble | None = None  # of the command that is being done
        self._line = bytearray()
        self._is_too_long = False
        self._lines: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._doing: _Command | None = None
        self._is_silent = False
        self._is_going = False
        self._heard_ns = premises.now_ns
        self._begin(CONNECT, "")
        self._go_on()

    # what happens

    def receive(self, data: bytes) -> None:
        """Bytes from the client, in whatever pieces."""
        if self.ends or self._is_silent:
            return
        self._heard_ns = self.premises.now_ns
        if self.awaits_tls:
            self.end(Why.RESET)
            return
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._keep(line)
            self._line_ends()
        self._keep(rest)
        if self._waiting_bytes > _MOST_WAITING_BYTES:
            self.end(Why.RESET)
        self._go_on()

    def secured(self) -> None:
        """A handshake has gone well."""
        self.awaits_tls, self.is_secure = False, True

    def deadline_ns(self) -> int | None:
        """When something is due by itself."""
        if self.ends:
            return None
        times = [self.data.deadline_ns()]
        if self._doing is not None:
            times.append(self._doing.due_ns)
        elif self.data.transfer is None and not self._is_silent:
            times.append(self._heard_ns + ms(self.premises.settings.idle_ms))
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def advance(self) -> None:
        """Do what is due now."""
        if self.ends:
            return
        self.data.advance()
        self._go_on()
        idle_ns = ms(self.premises.settings.idle_ms)
        is_idle = self._doing is None and self.data.transfer is None and not self._is_silent
        if is_idle and self.premises.now_ns >= self._heard_ns + idle_ns:
            self.say(421, "Nothing was said for too long.")
            self.end()

    # what handlers of commands do

    def say(self, code: int, *lines: str) -> None:
        """A reply, of one line or several."""
        *above, last = lines
        text = "".join(f"{code}-{line}\r\n" for line in above)
        self.say_bytes(f"{text}{code} {last}\r\n".encode("utf-8", "surrogateescape"))

    def say_bytes(self, data: bytes) -> None:
        """Something that need not be a reply."""
        if self.ends or self._is_silent:
            return
        self.unsent += data
        if len(self.unsent) > _MOST_UNSENT_BYTES:
            self.unsent.clear()
            self.end(Why.RESET)

    def end(self, why: Why = Why.FIN) -> None:
        """Nothing more is said or heard."""
        if not self.ends:
            self.ends = why
            self.data.leave()

    @property
    def has_more(self) -> bool:
        """Something has come behind the command that is being done."""
        return bool(self._lines or self._line)

    # one after the other

    def _keep(self, data: bytes) -> None:
        """More of a line."""
        room = _MOST_LINE_BYTES - len(self._line)
        self._is_too_long = self._is_too_long or len(data) > room
        self._line += data[:room]

    def _line_ends(self) -> None:
        line = b"" if self._is_too_long else bytes(self._line)
        is_too_long, self._is_too_long = self._is_too_long, False
        self._line.clear()
        line = _TELNET.sub(b"", line).removesuffix(b"\r")
        if line or is_too_long:
            self._lines.append(line)
            self._waiting_bytes += len(line) + 1

    def _go_on(self) -> None:
        """Do what there is to do, one command after the other."""
        if self._is_going:  # one of them has come back here
            return
        self._is_going = True
        while not self.ends and (self._doing or self._next()):
            command = self._doing
            assert command is not None
            if command.due_ns > self.premises.now_ns:
                break
            self._doing = None
            self._do(command)
        self._is_going = False

    def _next(self) -> bool:
        """Begin with the next line, if it is its turn."""
        if not self._lines:
            return False
        line = self._lines[0].decode("utf-8", "surrogateescape")
        said, _, argument = line.partition(" ")
        word = said.upper()
        if self.data.transfer is not None and word not in _NOT_WAITING:
            return False
        self._waiting_bytes -= len(self._lines.popleft()) + 1
        self._begin(word if word != CONNECT else "", argument)  # that is nobody's to say
        return True

    def _begin(self, word: str, argument: str) -> None:
        trouble = self.premises.trouble_at(word)
        delay_ms = self.premises.settings.reply_ms + (trouble.delay_ms if trouble else 0)
        self._doing = _Command(word, argument, self.premises.now_ns + ms(delay_ms), trouble)

    def _do(self, command: _Command) -> None:
        self._heard_ns = self.premises.now_ns
        self.trouble = command.trouble
        if self.trouble and self.trouble.replaces:
            self._struck(self.trouble)
            return
        try:
            ftp_commands.do(self, command.word, command.argument)
        except FtpError as error:
            self.say(error.code, error.text)
            if command.word in TRANSFERS:
                self.data.close()

    def _struck(self, trouble: FtpTrouble) -> None:
        """What the trouble says is said, instead of an answer or behind one."""
        self.say_bytes(trouble.said)
        if trouble.silent:
            self._is_silent = True
            self._lines.clear()
        if trouble.ends:
            self.end(Why(trouble.ends))

    def _transfer_is_over(self) -> None:
        self._heard_ns = self.premises.now_ns
        self._go_on()
