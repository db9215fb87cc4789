"""A tap between two pseudo terminals, in this process: the test is the module, and the host."""

import contextlib
import os
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from quecsim.observed.heard import Happened, Heard
from quecsim.tap.host_pty import HostPty
from quecsim.tap.loop import TapLoop
from quecsim.tap.tty_port import TtyPort


class Module:
    """The far end of a serial port: `path` is what a tap opens, and `says` and `hears` are ours."""

    def __init__(self) -> None:
        self.master, self.terminal = os.openpty()
        tty.setraw(self.terminal)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(self.terminal)
        self.is_gone = False

    def say(self, data: bytes) -> int:
        """Returns how much of it there was room for."""
        with contextlib.suppress(BlockingIOError):
            return os.write(self.master, data)
        return 0

    def heard(self, most: int = 65_536) -> bytes:
        """What has come, and was not read before."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self.master, most)
        return b""

    def vanish(self) -> None:
        """Unplug it."""
        if not self.is_gone:
            self.is_gone = True
            os.close(self.terminal)
            os.close(self.master)


class Host:
    """A host program's end."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    def say(self, data: bytes) -> int:
        """Returns how much of it there was room for."""
        with contextlib.suppress(BlockingIOError):
            return os.write(self.descriptor, data)
        return 0

    def heard(self, most: int = 65_536) -> bytes:
        """What has come, and was not read before."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self.descriptor, most)
        return b""

    def set(self, *, baud: int = termios.B115200, cflag: int = 0, iflag: int = 0) -> None:
        """Raw, at that rate, with these flags besides."""
        tty.setraw(self.descriptor, termios.TCSANOW)
        attributes = termios.tcgetattr(self.descriptor)
        attributes[0] |= iflag
        attributes[2] = attributes[2] & ~(termios.CRTSCTS | termios.CSTOPB) | cflag
        attributes[4] = attributes[5] = baud
        termios.tcsetattr(self.descriptor, termios.TCSANOW, attributes)

    def close(self) -> None:
        """Hang up."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class Bench:
    """All of it. `record` is what the tap has heard, and `told` what it said to people."""

    def __init__(self, undo: ExitStack) -> None:
        self.record: list[Heard | Happened] = []
        self.told: list[str] = []
        self.module = Module()
        undo.callback(self.module.vanish)
        self.port = TtyPort(self.module.path)
        undo.callback(self.port.close)
        self.pty = HostPty(self.port.found)
        undo.callback(self.pty.close)
        self.loop = TapLoop(self.port, self.pty, self.record.extend, self.told.append)
        undo.callback(self.loop.close)
        self._undo = undo

    def host(self) -> Host:
        """A host opens the port."""
        made = Host(self.pty.path)
        self._undo.callback(made.close)
        return made

    def until(self, is_so: Callable[[], bool]) -> None:
        """Pass on until it is so."""
        turns, has_come = iter(range(3000)), False

        def must_stop() -> bool:
            nonlocal has_come
            has_come = is_so()
            return has_come or next(turns, None) is None

        self.loop.serve(must_stop)
        self.loop.finish()
        assert has_come or self.loop.gone is not None, "it never came to that"

    def said(self, side: str) -> bytes:
        """What that side said, by the record."""
        return b"".join(
            each.data for each in self.record if isinstance(each, Heard) and each.side == side
        )

    def happened(self, kind: type) -> list[Heard | Happened]:
        """What else is on record, of a kind."""
        return [each for each in self.record if isinstance(each, kind)]


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """A bench, and its end."""
    with ExitStack() as undo:
        yield Bench(undo)
