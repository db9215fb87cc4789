"""What goes over the device's network as it goes, in a file for packet analysers (`--pcapng`).

Each packet reaches the file at once, so that a killed run leaves a readable file, and a pipe into
an analyser shows what happens now. A disk that takes no more, or a reader who does not keep up,
ends it with one message; the run goes on. The file is its owner's alone: it holds secrets of TLS.
Times are the wall's.
"""

import contextlib
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import BinaryIO

from quecsim import __version__
from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.live.slow_reader import waiting_for_nobody
from quecsim.packets.inside import note
from quecsim.packets.pcapng import Packet, PcapngWriter
from quecsim.trace.jsonl import STANDARD

DESCRIPTIONS = (
    "the device's sockets, and its network: bytes and times are real, packets made up around them",
    "what TLS carried to servers in this process: as if it had been taken off",
    "what happened besides, in words",
)


class Capture:
    """Makes the file at `path`; `comment` stands in its head. Raises QuecsimError where that cannot
    be. Nothing is written before it begins.
    """

    def __init__(self, path: str | Path, comment: str = "") -> None:
        if str(path) == STANDARD:
            hint = "give a file; `--pcapng >(wireshark -k -i -)` shows it as it comes"
            raise QuecsimError("standard output is for the port's path", hint=hint)
        self._path = path
        self._comment = comment
        self.numbers = count(1)  # for connections: each has its own first sequence number
        self._tell: Callable[[str], None] = _tell_nobody
        self._writer: PcapngWriter | None = None
        try:
            self._out: BinaryIO | None = waiting_for_nobody(create_private(path))
        except OSError as error:
            raise QuecsimError(
                f"cannot write the packets to {path}: {error.strerror}",
                hint="choose a place for --pcapng where you may write",
            ) from None

    def begin(self, tell: Callable[[str], None]) -> None:
        """`tell` gets the message if it ends early."""
        self._tell = tell
        self._write(self._write_head)

    def _write_head(self, out: BinaryIO) -> None:
        self._writer = PcapngWriter(
            out,
            program=f"quecsim {__version__}",
            comment=self._comment,
            descriptions=DESCRIPTIONS,
        )

    @property
    def now_ns(self) -> int:
        """The wall's time, in nanoseconds since 1970."""
        return time.time_ns()

    def emit(self, packet: Packet) -> None:
        """A packet."""
        if (writer := self._writer) is not None:
            self._write(lambda _out: writer.write(packet))

    def add_secrets(self, line: bytes) -> None:
        """A line of an SSLKEYLOGFILE, before the packets that need it."""
        if (writer := self._writer) is not None:
            self._write(lambda _out: writer.write_secrets(line.rstrip(b"\n") + b"\n"))

    def note(self, text: str) -> None:
        """Something that is no packet."""
        self.emit(note(self.now_ns, text))

    def close(self) -> None:
        """It is complete."""
        try:
            self._let_go()
        except OSError as error:
            self._say(error)

    def _write(self, act: Callable[[BinaryIO], None]) -> None:
        if self._out is None:
            return
        try:
            act(self._out)
            self._out.flush()
        except OSError as error:
            with contextlib.suppress(OSError):  # what could not be written cannot be written now
                self._let_go()
            self._say(error)

    def _let_go(self) -> None:
        out, self._out = self._out, None
        if out is not None:
            out.close()

    def _say(self, error: OSError) -> None:
        self._tell(f"no more packets: cannot write {self._path}: {error.strerror}")


def _tell_nobody(_text: str) -> None:
    """Before it begins."""
