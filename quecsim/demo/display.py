"""Where the uploads of the demo are shown while they run: bars on a terminal, else a line each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from quecsim.demo.play import DemoOutcome
from quecsim.demo.ways import WAYS, Cargo, Way

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_WAITING = "waiting for an answer"


class Display(Protocol):
    """Told of each upload, in order."""

    def begin(self, way: Way, cargo: Cargo) -> None:
        """An upload begins."""

    def progress(self, sent: int, total: int) -> None:
        """So many bytes are sent."""

    def end(self, outcome: DemoOutcome) -> None:
        """It is over."""


@contextmanager
def display(stream: TextIO, *, is_quiet: bool) -> Iterator[Display]:
    """A display on `stream`; `is_quiet`: nothing is shown unless it is a terminal."""
    if not stream.isatty():
        yield Lines(None if is_quiet else stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=18),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[state]}"),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield Bars(progress)


class Lines:
    """A line for each upload that is over; nothing at all without a stream."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def begin(self, way: Way, cargo: Cargo) -> None:
        """Nothing to say yet."""

    def progress(self, sent: int, total: int) -> None:
        """Nothing to say yet."""

    def end(self, outcome: DemoOutcome) -> None:
        """One line."""
        if self._stream is not None:
            print(f"{_label(outcome.way, outcome.cargo)}: {_state(outcome)}", file=self._stream)
            self._stream.flush()


class Bars:
    """A bar for each upload."""

    def __init__(self, bars: "Progress") -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, way: Way, cargo: Cargo) -> None:
        """A new bar."""
        label = f"{_label(way, cargo):30}"
        self._task = self._bars.add_task(label, total=len(cargo.data()), state="")

    def progress(self, sent: int, total: int) -> None:
        """The bar grows."""
        assert self._task is not None
        state = _WAITING if sent == total else ""
        self._bars.update(self._task, completed=sent, total=total, state=state)

    def end(self, outcome: DemoOutcome) -> None:
        """What came of it."""
        assert self._task is not None
        style = "green" if outcome.is_intact else "bold red"
        self._bars.update(self._task, state=f"[{style}]{_state(outcome)}[/]")


def _label(way: Way, cargo: Cargo) -> str:
    return f"{WAYS.index(way) + 1} {way.title}, {cargo.title}"


def _state(outcome: DemoOutcome) -> str:
    if outcome.lost:
        return f"{outcome.lost} bytes lost"
    return "right" if outcome.is_intact else "; ".join(outcome.problems) or "not right"
