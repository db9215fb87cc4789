"""What `quecsim report` writes for people and for other programs: one option, one file each.

A row of `OUTPUTS` is an option; its writer is loaded when it is asked for.
"""

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from quecsim.cli import complete, screen
from quecsim.cli.again import Given, read_given
from quecsim.errors import QuecsimError
from quecsim.files import create_whole, is_file
from quecsim.trace.jsonl import STANDARD

if TYPE_CHECKING:
    from quecsim.render.recorded import Recorded

_UNITS = ((1_000_000, "MB"), (1_000, "kB"), (1, "bytes"))

Writer = Callable[["Recorded", BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Output:
    """`--NAME FILE`: `place` is `module:function`, a `Writer`; `extra` is what has its packages.
    `has_window`: it can be of a part of the run. `notes_place` has what must be known before it is
    written, as lines of text.
    """

    name: str
    what: str
    place: str
    extra: str = ""
    has_window: bool = False
    notes_place: str = ""

    @property
    def option(self) -> str:
        """As it is given."""
        return f"--{self.name}"

    def writer(self) -> Writer:
        """Of one run. Raises QuecsimError where its packages are missing."""
        found: Writer = self.loaded()
        return found

    def notes(self, recorded: "Recorded") -> list[str]:
        """What must be known before it is written."""
        if not self.notes_place:
            return []
        from quecsim.run.writers import load_writer

        found: list[str] = load_writer(self.notes_place, self.option, self.extra)(recorded)
        return found

    def loaded(self) -> Callable[..., None]:
        """The function, whatever it takes before the file."""
        from quecsim.run.writers import load_writer

        return load_writer(self.place, self.option, self.extra)


_PICTURE = "quecsim.render.files.figure"
OUTPUTS: tuple[Output, ...] = (
    Output(
        "html", "A page to mail: verdict, losses, and a timeline to zoom into, offline.",
        "quecsim.render.page.write:write_page",
        extra="report", has_window=True,
    ),
    Output(
        "svg", "The ring, all losses and what went on, as a picture.", f"{_PICTURE}:write_svg",
        extra="report", has_window=True,
    ),
    Output(
        "png", "The same picture as PNG.", f"{_PICTURE}:write_png",
        extra="report", has_window=True,
    ),
    Output(
        "vcd", "The waveforms of the line and of what the device did, for GTKWave and PulseView.",
        "quecsim.render.files.vcd:write_vcd", extra="report", has_window=True,
        notes_place="quecsim.render.files.vcd:vcd_notes",
    ),
    Output(
        "perfetto", "What happened when, for ui.perfetto.dev and SQL.",
        "quecsim.render.files.perfetto:write_perfetto", extra="report", has_window=True,
    ),
    Output(
        "csv", "The events as a table, one line each.",
        "quecsim.render.files.events_csv:write_csv", has_window=True,
    ),
    Output(
        "pcapng", "What went over the device's network links, for a packet analyser.",
        "quecsim.render.files.pcapng:write_pcapng", extra="report",
    ),
)  # fmt: skip


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each output."""
    for output in reversed(OUTPUTS):
        command = click.option(
            output.option,
            metavar="FILE",
            shell_complete=complete.files,
            help=f"{output.what} - is standard output.",
        )(command)
    return command


def take_wanted(options: dict[str, Any], trace: Path) -> list[tuple[Output, str]]:
    """The outputs that were asked for, and where to; they are taken out of `options`. None may be
    another one's, or `trace`'s.
    """
    given = [(output, options.pop(output.name)) for output in OUTPUTS]
    wanted = [(output, path) for output, path in given if path is not None]
    for output, path in wanted:
        if path != STANDARD and is_file(trace) and Path(path).resolve() == trace.resolve():
            raise QuecsimError(
                f"{output.option} would write over the record {path}", hint="give another file"
            )
    for (output, path), (other, other_path) in combinations(wanted, 2):
        if path != STANDARD and Path(path).absolute() == Path(other_path).absolute():
            raise QuecsimError(
                f"{output.option} and {other.option} cannot both be {path}",
                hint="give each a file of its own",
            )
    to_standard = [output.option for output, path in wanted if path == STANDARD]
    if len(to_standard) > 1:
        raise QuecsimError(
            f"{' and '.join(to_standard)} cannot both have standard output",
            hint="give one of them a file",
        )
    for output, _ in wanted:
        output.loaded()  # what is missing is told before a long record is read
    return wanted


def take_given(options: dict[str, Any], wanted: Sequence[tuple[Output, str]]) -> Given:
    """What the record lacks to be run again, as its files want it; taken out of `options`."""
    image, payloads = options.pop("ufs"), options.pop("payload")
    if (image is not None or payloads) and not wanted:
        names = ", ".join(output.option for output in OUTPUTS)
        raise QuecsimError("--ufs and --payload are for files", hint=f"they need one of {names}")
    return read_given(image, payloads)


def refuse_for_cases(wanted: Sequence[tuple[Output, str]], case: Path) -> None:
    """Raises QuecsimError where files are wanted of what `quecsim fuzz` has saved."""
    for output, _ in wanted:
        raise QuecsimError(
            f"{output.option}: a case of `quecsim fuzz` holds no record",
            hint=f"`quecsim replay {shlex.quote(str(case))}` runs it again",
        )


def write_files(recorded: "Recorded", wanted: Sequence[tuple[Output, str]]) -> bool:
    """Write each; True where standard output is taken by one of them."""
    writers = [(output, path, output.writer()) for output, path in wanted]
    for output, path, write in writers:
        for note in output.notes(recorded):
            screen.message(f"{output.option}: {note}", "report")
        write_whole(output.option, path, partial(write, recorded))
    return any(path == STANDARD for _, path in wanted)


def write_whole(
    option: str, path: str, write: Callable[[BinaryIO], None], command: str = "report"
) -> None:
    """Let `write` fill the file that `option` asks for: all of it is there in the end, or none."""
    if path == STANDARD:
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    try:
        with create_whole(path) as file:
            write(file)
    except OSError as error:
        raise QuecsimError(
            f"cannot write {path}: {error.strerror}",
            hint=f"choose a place for {option} where you may write",
        ) from None
    screen.say(f"wrote {path}{_size(Path(path))}", command)


def _size(path: Path) -> str:
    """Its size in words; of a device nothing."""
    if not is_file(path):
        return ""
    size = path.stat().st_size
    unit, name = next((unit, name) for unit, name in _UNITS if size >= unit or unit == 1)
    return f", {size / unit:.1f} {name}" if unit > 1 else f", {size} {name}"
