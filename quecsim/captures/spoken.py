"""Who speaks: what is said on a channel tells whether it is the host's or the device's."""

import re

_LINE_BYTES = 256
_SHOWN_BYTES = 24
_COMMAND = re.compile(
    rb"AT(?:[A-Z]\d*(?:&?[A-Z]\d+|&[A-Z])*(?:[=?;+\"].*)?|[+&$^#%*\\;].*|D.*)?\Z|A/\Z",
    re.IGNORECASE | re.DOTALL,
)
_RESULT = re.compile(
    rb"(?:OK|ERROR|CONNECT.*|NO CARRIER|RDY|APP RDY|RING|\+CM[ES] ERROR:.*|\+[A-Z0-9]+:.*"
    rb"|NORMAL POWER DOWN|POWERED DOWN|SEND OK|SEND FAIL)\Z"
)


class Voice:
    """What was said on one channel: `commands` are lines as a host says them, `results` as a device
    does. `bytes` and `text` count all of it, and what is text; `begin` is how it began.
    """

    def __init__(self) -> None:
        self.bytes = self.text = self.commands = self.results = 0
        self.begin = b""
        self.first_ns: int | None = None
        self._line = bytearray()

    def hear(self, at_ns: int, data: bytes) -> None:
        """More of it."""
        if self.first_ns is None:
            self.first_ns = at_ns
        self.bytes += len(data)
        if len(self.begin) < _SHOWN_BYTES:
            self.begin += data[:_SHOWN_BYTES]
        self.text += len(data) - len(data.translate(None, _TEXT))
        self._line += data
        if b"\r" in data or b"\n" in data:
            *lines, rest = re.split(rb"[\r\n]", self._line)
            self._line[:] = rest
            for line in lines:
                self._end_line(bytes(line))
        del self._line[_LINE_BYTES:]

    @property
    def is_host(self) -> bool:
        """It says commands, and nothing that only a device says."""
        return self.commands > 0 and self.results * 4 <= self.commands

    @property
    def is_device(self) -> bool:
        """It says what only a device says."""
        return self.results > 0 and not self.is_host

    @property
    def speaks_at(self) -> bool:
        """There is a line of AT commands, or of an answer, in it."""
        return self.commands + self.results > 0

    def shown(self) -> str:
        """How it began, for people."""
        return repr(self.begin[:_SHOWN_BYTES].decode("latin-1"))[1:-1]

    def _end_line(self, line: bytes) -> None:
        if _COMMAND.match(line):
            self.commands += 1
        elif _RESULT.match(line):
            self.results += 1


_TEXT = bytes(range(0x20, 0x7F)) + b"\r\n\t"


def is_command(line: bytes) -> bool:
    """A line, without its end, as a host says it: it begins with AT."""
    return _COMMAND.match(line) is not None


def is_result(line: bytes) -> bool:
    """A line, without its end, as only a device says it: a result code, or a URC."""
    return _RESULT.match(line) is not None
