"""`--from`, `--to` and `--around-loss` of `quecsim report`: the part of the run that is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli.values import seconds
from quecsim.errors import QuecsimError
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.cli.report_files import Output
    from quecsim.render.recorded import Recorded
    from quecsim.render.timeline import Timeline

_TIME = seconds("0", "1000000")


@dataclass(frozen=True, slots=True)
class Window:
    """What was asked for: times in nanoseconds, and the number of a loss, from 1."""

    from_ns: int | None
    to_ns: int | None
    around_loss: int | None

    @property
    def is_whole(self) -> bool:
        """Nothing was asked for: the whole run."""
        return self.from_ns is None and self.to_ns is None and self.around_loss is None


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The three options."""
    told = (
        click.option("--from", type=_TIME, help="Files begin at this time of the run."),
        click.option("--to", type=_TIME, help="Files end at this time of the run."),
        click.option(
            "--around-loss", type=click.IntRange(min=1), metavar="N",
            help="Files show the N-th loss, and what led to it.",
        ),
    )  # fmt: skip
    for option in reversed(told):
        command = option(command)
    return command


def take_window(options: dict[str, Any], wanted: Sequence["tuple[Output, str]"]) -> Window:
    """What was asked for, taken out of `options`. Raises QuecsimError where it makes no sense."""
    window = Window(options.pop("from"), options.pop("to"), options.pop("around_loss"))
    if window.is_whole:
        return window
    if not any(output.has_window for output, _ in wanted):
        from quecsim.cli.report_files import OUTPUTS

        names = ", ".join(output.option for output in OUTPUTS if output.has_window)
        raise QuecsimError(
            "--from, --to and --around-loss are for files", hint=f"they need one of {names}"
        )
    if window.around_loss is not None and (window.from_ns is not None or window.to_ns is not None):
        raise QuecsimError(
            "--around-loss has its own beginning and end", hint="leave out --from and --to"
        )
    if window.to_ns is not None and window.to_ns <= (window.from_ns or 0):
        raise QuecsimError("--to must be behind --from", hint="both count from the run's start")
    return window


def within(recorded: "Recorded", window: Window) -> "Recorded":
    """The record with its window. Raises QuecsimError where the run has no such part."""
    if window.is_whole:
        return recorded
    from quecsim.render.timeline import timeline

    made = timeline(recorded)
    if window.around_loss is not None:
        return replace(recorded, window=_around(recorded, made, window.around_loss))
    begin_ns = made.begin_ns if window.from_ns is None else window.from_ns
    end_ns = made.end_ns if window.to_ns is None else min(window.to_ns, made.end_ns)
    if begin_ns >= end_ns:
        raise QuecsimError(
            f"nothing is left from {begin_ns / S:.3f} s on",
            hint=f"the run ends at {made.end_ns / S:.3f} s",
        )
    return replace(recorded, window=(begin_ns, end_ns))


def _around(recorded: "Recorded", made: "Timeline", number: int) -> tuple[int, int]:
    from quecsim.render.timeline.losses import around, losses

    found = losses(recorded.events)
    if number > len(found):
        there = "there is 1 loss" if len(found) == 1 else f"there are {len(found)} losses"
        raise QuecsimError(
            f"--around-loss {number}: {there if found else 'nothing was lost'}",
            hint="leave it out to see the whole run",
        )
    return around(made, found[number - 1])
