"""What of `quecsim run` is to be seen while it goes on: nothing, the live line, the full screen."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from quecsim.errors import QuecsimError
from quecsim.live.simulator import Simulator


class Face:
    """Here: nothing."""

    draws = False
    """On the terminal of standard error: what is said there goes through it (`screen.tell`)."""
    output: int | None = None
    """Where a host program writes to; None: where we do."""

    @property
    def has_left(self) -> bool:
        """The user has left it, and so wants the end."""
        return False

    def look_at(self, simulator: Simulator) -> None:
        """That is what is to be seen."""

    def tick(self, now_ns: int) -> None:
        """A turn is over. `now_ns` is the model's time."""

    @contextmanager
    def shown(self, _port: str, _socket: str, /) -> Iterator[Callable[[], float | None]]:
        """Within it it is there; yields how many real seconds may pass until the next `tick`.
        The port is what hosts open, the control socket's path empty where there is none.
        """
        yield lambda: None


def choose_face(*, tui: bool, has_program: bool, as_json: bool, is_trace_out: bool) -> Face:
    """What is asked for and can be. Raises QuecsimError where there can be no full screen."""
    is_written_to = is_trace_out and sys.stdout.isatty()
    if tui:
        from quecsim.cli.full_screen import ScreenFace

        if is_written_to:
            raise QuecsimError("--trace - and --tui would both write to this terminal",
                               hint="give the trace a file: --trace FILE")  # fmt: skip
        return ScreenFace()
    if has_program or as_json or is_written_to:  # somebody else has the terminal
        return Face()
    from quecsim.cli.live_line import open_live_line

    line = open_live_line()
    return Face() if line is None else line
