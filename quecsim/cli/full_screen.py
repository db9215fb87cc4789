"""The full screen of `quecsim run --tui`: a process of its own, so that drawing is no matter to the
run. It looks at it as `quecsim ctl tui` does, through the control socket.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import termios
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

import quecsim
from quecsim.cli import screen
from quecsim.cli.face import Face
from quecsim.errors import QuecsimError
from quecsim.live.program import how_it_ended

_PATIENCE_S = 10.0  # it ends by itself, when the simulator has
_MOST_SAID = 100
_LEFT = (0, -signal.SIGINT, -signal.SIGTERM)  # by its own end, or by ours
# Whatever it was in the middle of; the other page of the terminal, no cursor, colours.
_LEAVE = "\x18\x1b[?1049l\x1b[?25h\x1b[0m"
_BEGIN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from quecsim.tui.__main__ import main; "


def need_terminal(what: str) -> None:
    """Raises QuecsimError where there is no terminal for `what`, or Textual is missing."""
    is_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    if not is_terminal or os.environ.get("TERM", "dumb") == "dumb":
        raise QuecsimError(
            f"{what} needs a terminal to read keys from and to draw on",
            hint="without one: quecsim run --log, or quecsim ctl events --follow",
        )
    if find_spec("textual") is None:
        raise QuecsimError(f"{what} needs Textual", hint="pip install 'quecsim[tui]'")


class ScreenFace(Face):
    """Raises QuecsimError where there can be none. What is said meanwhile, and what a host program
    writes, is told when it is over.
    """

    draws = True

    def __init__(self) -> None:
        need_terminal("--tui")
        self._process: subprocess.Popen[bytes] | None = None
        self._said: deque[str] = deque(maxlen=_MOST_SAID)
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `shown`
        self.output = self._spool.fileno()

    @property
    def has_left(self) -> bool:
        """The process has ended."""
        return self._process is not None and self._process.poll() is not None

    @contextmanager
    def shown(self, _port: str, socket: str, /) -> Iterator[Callable[[], float | None]]:
        """At the end it is waited for: by then the simulator must have gone."""
        if not socket:
            raise QuecsimError("--tui needs the control socket", hint="see the message above")
        modes = termios.tcgetattr(sys.stdin)
        with _held_back(signal.SIGINT):  # it begins so, until it can see to it (`quecsim.tui`)
            self._process = subprocess.Popen(_command(socket))
        try:
            with screen.drawing(self._said.append):
                yield lambda: None
        except BaseException:
            self._process.terminate()
            raise
        finally:
            code = self._end()
            _restore(modes, is_torn=code < 0)
            self._tell_all()
            if code not in _LEFT:
                screen.message(f"the full screen {how_it_ended(code)}")

    def _end(self) -> int:
        """Wait for it; its exit code."""
        process = self._process
        assert process is not None
        try:
            return process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _tell_all(self) -> None:
        self._spool.seek(0)
        written = self._spool.read()
        self._spool.close()
        if written:
            sys.stdout.flush()
            with contextlib.suppress(OSError):
                sys.stdout.buffer.write(written)
                sys.stdout.flush()
        for text in self._said:
            click.echo(text, err=True)


@contextmanager
def _held_back(number: signal.Signals) -> Iterator[None]:
    """Within it the signal waits, and for processes that are started from here."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _command(socket: str) -> list[str]:
    """With this quecsim, and with nothing of the user's folder in front of it."""
    root = str(Path(quecsim.__file__).parents[1])
    return [sys.executable, "-P", "-c", f"{_BEGIN}main()", root, socket]


def _restore(modes: list[Any], *, is_torn: bool) -> None:
    """The terminal as it was, also after a process that could not see to it."""
    if is_torn:
        click.echo(_LEAVE, nl=False, err=True)
    with contextlib.suppress(termios.error):
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)
