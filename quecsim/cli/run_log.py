"""`quecsim run --log [FILE]`, and `-v`: the dialogue while it happens."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.dialogue_options import Chosen, columns, dialogue_options, take_chosen
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quecsim.live.live_log import LiveLog
    from quecsim.render.dialogue import DialogueText
    from quecsim.run.device_run import Watcher
    from quecsim.trace.event import Event

HERE = "-"
"""In place of a file: standard error."""

LOG_NAMES = ("log", "verbose", "only", "times")
"""The names of these options."""

_VERBOSE = ("at,lost,line,fault,power",)
Teller = Callable[[str], None]


class AboveLog:
    """On a terminal that somebody draws on, who does not wait for it either: above that."""

    def __init__(self, text: "DialogueText") -> None:
        self._text = text

    def write(self, events: "Iterable[Event]") -> None:
        """What has happened."""
        self._text.width = columns(sys.stderr)
        self._tell(self._text.feed(events))

    def close(self) -> None:
        """The run is over."""
        self._tell(self._text.end())

    def _tell(self, rows: list[str]) -> None:
        if rows:
            screen.tell("\n".join(rows))


@dataclass(slots=True)
class Logs:
    """The logs of a run. `has_all`: that on standard error shows all there is."""

    logs: "list[LiveLog | AboveLog]" = field(default_factory=list)
    has_all: bool = False

    @property
    def watchers(self) -> "list[Watcher]":
        """Who wants to see every event."""
        return [log.write for log in self.logs]

    def close(self) -> None:
        """The run is over; what is told from now on comes behind."""
        while self.logs:
            self.logs.pop().close()


def log_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--log`, `-v`, `--only` and `--times`; see `open_logs`."""
    log = click.option("--log", is_flag=False, flag_value=HERE, metavar="[FILE]",
                       shell_complete=complete.files,
                       help="Tell what is said and happens, as it happens, on standard error, or "
                       "into FILE.")  # fmt: skip
    verbose = click.option(
        "-v", "--verbose", is_flag=True,
        help=f"A narrower --log on standard error: {_VERBOSE[0].replace(',', ', ')}.",
    )  # fmt: skip
    return log(dialogue_options(verbose(command)))


def sort_out(options: dict[str, Any]) -> None:
    """`run --log ec200u` means the device, and no file of that name."""
    said = options["log"]
    if said in (None, HERE) or options["scenario"] is not None:
        return
    from quecsim.profiles.loader import profile_names
    from quecsim.scenario.loader import scenario_names

    if said.endswith(".toml") or said in (*scenario_names(), *profile_names()):
        options["scenario"], options["log"] = said, HERE


def open_logs(options: dict[str, Any], tell: Teller, *, is_above: bool = False) -> Logs:
    """The logs that are wanted; their options are taken out of `options`. `is_above`: somebody
    draws on standard error.
    """
    path, is_verbose = options.pop("log"), options.pop("verbose")
    chosen = take_chosen(options)
    if path is None and not is_verbose:
        if chosen.word:
            raise QuecsimError(f"{chosen.word} is about the log", hint="add --log")
        return Logs()
    logs = Logs()
    if path == HERE or is_verbose:
        narrow = chosen if path == HERE else Chosen(chosen.only or _VERBOSE, chosen.times)
        here = AboveLog(narrow.text(sys.stderr)) if is_above else _log(None, narrow, tell)
        logs.logs.append(here)
        logs.has_all = not narrow.only
    if path not in (None, HERE):
        logs.logs.append(_log(path, chosen, tell))
    return logs


def _log(path: str | None, chosen: Chosen, tell: Teller) -> "LiveLog":

    from quecsim.live.live_log import LiveLog

    stderr = sys.stderr
    if path is not None:
        return LiveLog(path, chosen.text(None), tell)
    return LiveLog(None, chosen.text(stderr), tell, lambda: columns(stderr))
