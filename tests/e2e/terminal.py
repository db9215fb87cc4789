"""A command of quecsim in a real terminal: a pseudo terminal whose screen `pyte` plays."""

import copy
import os
import select
import signal
import sys
import termios
import time
from collections.abc import Callable

import ptyprocess
import pyte
import serial

from tests.e2e.simulator import READ_TIMEOUT_S

_OTHER_PAGE = 1049  # pyte knows none itself


class TwoPages(pyte.Screen):
    """A screen with the other page that programs draw on which fill it."""

    _first: object = None

    def set_mode(self, *modes: int, **how: bool) -> None:
        super().set_mode(*modes, **how)
        if how.get("private") and _OTHER_PAGE in modes:
            self._first = copy.deepcopy((self.buffer, self.cursor.x, self.cursor.y))
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **how: bool) -> None:
        super().reset_mode(*modes, **how)
        if how.get("private") and _OTHER_PAGE in modes and self._first is not None:
            self.buffer, self.cursor.x, self.cursor.y = self._first  # type: ignore[misc]
            self._first = None

    @property
    def is_other_page(self) -> bool:
        """A program has filled it."""
        return self._first is not None


class Terminal:
    """`quecsim ARGUMENTS` in a terminal; `screen` is what one sees."""

    def __init__(self, *arguments: str, columns: int = 80, rows: int = 24, code: str = "") -> None:
        """`code` runs in place of `quecsim`, with its arguments."""
        begun = ["-c", code] if code else ["-m", "quecsim"]
        self.process = ptyprocess.PtyProcess.spawn(
            [sys.executable, *begun, *arguments],
            dimensions=(rows, columns),
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        self.modes = termios.tcgetattr(self.process.fd)
        self.screen = TwoPages(columns, rows)
        self.output = b""
        self._stream = pyte.ByteStream(self.screen)

    @property
    def lines(self) -> list[str]:
        """The lines with something on them."""
        return [line.rstrip() for line in self.screen.display if line.strip()]

    def until(self, is_so: Callable[[str], bool], what: str = "it") -> str:
        """Look until the text on the screen is so; returns it."""
        end_s = time.monotonic() + READ_TIMEOUT_S
        while not is_so(text := "\n".join(self.lines)):
            assert time.monotonic() < end_s, f"{what} never came:\n{text}"
            self._read()
        return text

    def until_shown(self, text: str) -> str:
        """Look until it says so."""
        return self.until(lambda shown: text in shown, text)

    def until_end(self) -> int:
        """Look until it has ended; returns its exit code, negative for a signal."""
        while self._read():
            pass
        self.process.wait()
        code, number = self.process.exitstatus, self.process.signalstatus
        return int(code) if code is not None else -int(number)

    def until_stopped(self) -> None:
        """Look until it stands still, as its shell would."""
        number, status = os.waitpid(self.process.pid, os.WUNTRACED)
        assert number == self.process.pid
        assert os.WIFSTOPPED(status)

    def keys(self, text: bytes) -> None:
        """Type."""
        self.process.write(text)

    @property
    def is_clean(self) -> bool:
        """The terminal is as it was before: its modes, its page, its cursor."""
        is_same = termios.tcgetattr(self.process.fd) == self.modes
        return is_same and not self.screen.is_other_page and not self.screen.cursor.hidden

    def resize(self, columns: int, rows: int) -> None:
        """The user pulls at the window's corner."""
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def signal(self, number: int) -> None:
        """Send one."""
        self.process.kill(number)

    def open_port(self) -> serial.Serial:
        """The port that the first line names, as a host opens it."""
        text = self.until(lambda _shown: b"/dev/" in self.output and b"\n" in self.output)
        return serial.Serial(text.partition("\n")[0], 115_200, timeout=READ_TIMEOUT_S)

    def close(self) -> None:
        """Whatever became of it."""
        self.process.terminate(force=True)
        self.process.close()

    def _read(self) -> bool:
        """What has come; False at the end."""
        if not select.select([self.process.fd], [], [], READ_TIMEOUT_S)[0]:
            raise AssertionError("nothing came any more:\n" + "\n".join(self.lines))
        try:
            data = self.process.read(1 << 16)
        except EOFError:
            return False
        self.output += data
        self._stream.feed(data)
        return True

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_details: object) -> None:
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
        self.close()
