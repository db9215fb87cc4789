"""What the device says, in the form that ATV, ATQ and the S-registers ask for.

Framing (V.250 clause 5.7, captures of a BG770A): information text is CR LF text CR LF, lines in a
row share the CR LF between them; result codes are CR LF code CR LF, or digit CR under ATV0.
"""

from collections import Counter
from typing import Protocol

from quecsim.at.results import AtError, OtherWordsError, ResultCode, error_number, error_text
from quecsim.at.settings import Settings
from quecsim.faults.places.replies import ReplyFaults
from quecsim.profiles.schema import Errors
from quecsim.trace.event import Sent
from quecsim.trace.recorder import Recorder
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender

_ECHO_FLUSH_BYTES = 256


class HasSettings(Protocol):
    """Whoever owns the live settings; a restart replaces them."""

    @property
    def settings(self) -> Settings:
        """As they are now."""


class Responder:
    """Formats replies and puts them into the transmitter."""

    def __init__(
        self,
        shared: HasSettings,
        tx: Sender,
        record: Recorder,
        errors: Errors,
        *,
        faults: ReplyFaults | None = None,
    ) -> None:
        self._shared = shared
        self._errors = errors
        self._tx = tx
        self._record = record
        self._faults = faults or ReplyFaults(Counter())
        self._in_block = False
        self._echoed = bytearray()
        self._echoed_ns = 0
        self._offset = 0

    def info(self, now_ns: int, text: str) -> None:
        """A line of information text."""
        crlf = self._crlf()
        opening = b"" if self._in_block or not self._shared.settings.verbose else crlf
        self._in_block = True
        self._put(now_ns, opening + text.encode("latin-1") + crlf)

    def end_block(self) -> None:
        """The next line of information text belongs to another command."""
        self._in_block = False

    def connect(self, now_ns: int, suffix: str) -> None:
        """The intermediate result CONNECT."""
        words = f"CONNECT {suffix}" if suffix else "CONNECT"
        self._code(now_ns, words, ResultCode.CONNECT)

    def prompt(self, now_ns: int, *, has_blank: bool) -> None:
        """`> `, or `>`: data is asked for (27.005, 3.5.1)."""
        self._in_block = False
        self._put(now_ns, self._crlf() + (b"> " if has_blank else b">"))

    def final(self, now_ns: int, error: AtError | None) -> str:
        """The final result code; returns its words."""
        if error is None:
            return self._code(now_ns, "OK", ResultCode.OK)
        if isinstance(error, OtherWordsError):
            return self._words(now_ns, error.text)
        numbered = error_text(error, self._shared.settings.cmee, self._errors)
        if numbered is None:
            return self._code(now_ns, error.code.verbose, error.code)
        return self._words(now_ns, numbered)

    def _words(self, now_ns: int, words: str) -> str:
        """A final result that has no digit under ATV0."""
        self._in_block = False
        if not self._shared.settings.quiet:
            opening = self._crlf() if self._shared.settings.verbose else b""
            self._put(now_ns, opening + words.encode() + self._crlf())
        return words

    def number(self, error: AtError | None) -> int | None:
        """The number of an error as this device has it; None for OK and for a plain ERROR."""
        return None if error is None else error_number(error, self._errors)

    def urc(self, now_ns: int, text: str) -> None:
        """An unsolicited result code."""
        crlf = self._crlf()
        opening = crlf if self._shared.settings.verbose else b""
        self._put(now_ns, opening + text.encode("latin-1") + crlf)

    def raw(self, now_ns: int, data: bytes) -> None:
        """Bytes of a file, as they are."""
        self._in_block = False
        self._queue(now_ns, data, None)

    def ack(self, now_ns: int) -> None:
        """The bare `A` of an upload."""
        self._in_block = False
        self._put(now_ns, b"A")

    def echo(self, now_ns: int, byte: int) -> None:
        """One typed character back; recorded by `flush_echo`."""
        if not self._echoed:
            self._echoed_ns = now_ns
        self._echoed.append(byte)
        self._tx.put(now_ns, bytes((byte,)), self._offset)
        self._offset += 1

    def echo_run(self, run: ByteRun, taken_ns: int | None) -> None:
        """Several, each at `taken_ns`, or as it has arrived. No more than `echo_room`."""
        if not self._echoed:
            self._echoed_ns = run.edge_ns(0) if taken_ns is None else taken_ns
        self._echoed += run.data
        self._tx.put_echo(run, taken_ns, self._offset)
        self._offset += len(run.data)

    @property
    def echo_room(self) -> int:
        """How many more characters until `has_long_echo`."""
        return _ECHO_FLUSH_BYTES - len(self._echoed)

    @property
    def has_long_echo(self) -> bool:
        """There is enough echo to put it on record before the line is done."""
        return len(self._echoed) >= _ECHO_FLUSH_BYTES

    def flush_echo(self) -> None:
        """Put the echo so far on record."""
        if self._echoed:
            self._record.add(Sent(self._echoed_ns, bytes(self._echoed)))
            self._echoed.clear()

    def _code(self, now_ns: int, words: str, code: ResultCode) -> str:
        self._in_block = False
        settings = self._shared.settings
        if settings.quiet:
            return words
        if settings.verbose:
            crlf = self._crlf()
            self._put(now_ns, crlf + words.encode() + crlf)
        else:
            self._put(now_ns, b"%d%c" % (code.numeric, settings.s3))
        return words

    def _crlf(self) -> bytes:
        settings = self._shared.settings
        return bytes((settings.s3, settings.s4))

    def _put(self, now_ns: int, data: bytes) -> None:
        self._queue(now_ns, data, self._faults.pieces(now_ns, data))

    def _queue(self, now_ns: int, data: bytes, pieces: tuple[int, int] | None) -> None:
        self.flush_echo()
        if pieces is None:
            self._tx.put(now_ns, data, self._offset)
        else:
            self._tx.put_pieces(now_ns, data, self._offset, *pieces)
        self._offset += len(data)
        self._record.add(Sent(now_ns, data))
