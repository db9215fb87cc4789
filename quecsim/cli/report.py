"""`quecsim report`: what happened to the bytes, read from a recorded trace.

Exit code 0: every file arrived whole. 1: an upload fell short. 2: no readable trace.
"""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import screen
from quecsim.cli.again import Given, again_options
from quecsim.cli.report_dialogue import (
    dialogue_option,
    refuse_case,
    take_dialogue,
    tell_dialogue,
)
from quecsim.cli.report_files import (
    file_options,
    refuse_for_cases,
    take_given,
    take_wanted,
    write_files,
)
from quecsim.cli.report_two import tell_two
from quecsim.cli.report_window import take_window, window_options, within
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.units import S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quecsim.check.results import CheckRun
    from quecsim.profiles.schema import Profile
    from quecsim.render.recorded import Recorded
    from quecsim.report.model import Report, Upload
    from quecsim.trace.event import Event

_MOST_PICTURES = 5


@click.command(cls=Command)
@click.argument("trace", metavar="TRACE.jsonl|FOLDER", type=click.Path(path_type=Path))
@click.argument("after", metavar="[AFTER.jsonl]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What should have arrived: the device's size and checksum are compared with it.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.option("--picture", is_flag=True, help="Also draw how the ring filled, for each upload.")
@dialogue_option
@file_options
@window_options
@again_options()
def report(
    trace: Path,
    after: Path | None,
    file: Path | None,
    as_json: bool,
    picture: bool,
    **outputs: Any,
) -> int:
    """Explain a recorded trace: which bytes of which upload were lost, when and why.

    `quecsim run --trace TRACE.jsonl` records one. A trace that was cut short is read as far as it
    goes. FOLDER is what `quecsim check` has kept of a failure: its verdict comes first, and holds.
    With two traces, of before and after a change: what differs between them.
    """
    if after is not None:
        html, others = outputs.pop("html"), {"file": file, "picture": picture, **outputs}
        return tell_two(trace, after, as_json=as_json, html=html, others=others)
    from quecsim.check.kept import judged_run, trace_of
    from quecsim.report.builder import ReportBuilder
    from quecsim.run.heard import as_heard
    from quecsim.trace.jsonl import damage_told, read_trace

    if as_json and picture:
        raise QuecsimError("--picture has no place in JSON", hint="leave out one of the two")
    dialogue = take_dialogue(outputs, {"--json": as_json, "--picture": picture})
    wanted = take_wanted(outputs, trace)
    given = take_given(outputs, wanted)
    window = take_window(outputs, wanted)
    if cases := _cases(trace):
        refuse_for_cases(wanted, cases[0])
        if dialogue is not None:
            refuse_case(cases[0])
        return _tell_cases(cases, as_json=as_json)
    trace = trace_of(trace)
    header, events = read_trace(trace)
    if not events:
        raise QuecsimError(
            "nothing is on record", where=str(trace),
            hint="its run was killed before the first event was written: record it again",
        )  # fmt: skip
    if header.torn_bytes:
        screen.message(f"the last line of {trace} is torn, and was left out")
    if dialogue is not None:
        with damage_told(trace):
            tell_dialogue(events, dialogue)
    profile, run = _profile(events), judged_run(trace)
    with damage_told(trace):
        builder = ReportBuilder()
        builder.feed(events)
        made = as_heard(_judged(builder.report(profile=profile), run, file), events)
        text = made.to_json() if as_json else _text(made, run)
        drawn = "\n\n" + _pictures(made, events) if picture else ""
        is_taken = bool(wanted) and write_files(
            within(_recorded(trace, events, made, run, given), window), wanted
        )
    if not made.is_ended:
        screen.message("the trace ends before the run did")
    if not is_taken and dialogue is None:
        click.echo(text + drawn)
    return 1 if made.fell_short or (run is not None and not run.judgement.passed) else 0


def _recorded(
    trace: Path,
    events: "Sequence[Event]",
    made: "Report",
    run: "CheckRun | None",
    given: Given,
) -> "Recorded":
    """The record, ready to be drawn."""
    from quecsim.check.text import render_run
    from quecsim.run.recorded import recorded

    told = "" if run is None else render_run(made.origin.scenario or made.device, run, colour=False)
    passed = None if run is None else run.judgement.passed
    return recorded(
        events,
        report=made,
        name=trace.name,
        verdict=told,
        has_passed=passed,
        image=given.image,
        payloads=given.payloads,
    )


def _profile(events: "Sequence[Event]") -> "Profile | None":
    """The device's values in this run; None where this quecsim does not know them."""
    from quecsim.trace.event import Start

    start = events[0] if events else None
    if isinstance(start, Start) and start.profile is not None:
        return start.profile
    click.echo("quecsim: the values of the run are not known to this quecsim, and were left out",
               err=True)  # fmt: skip
    return None


def _judged(made: "Report", run: "CheckRun | None", file: Path | None) -> "Report":
    """The report with the verdict of whoever knows the file: a check, or the user."""
    if file is None and run is None:
        return made
    from quecsim.judge.file import as_judged, verdict_of

    if file is not None:
        try:
            data = file.read_bytes()
        except OSError as error:
            hint = "--file is what the host should have uploaded"
            raise QuecsimError(f"cannot read {file}: {error.strerror}", hint=hint) from None
        told = verdict_of(made, expected=data)
        return as_judged(made, told.name, told.verdict, told.sentence)
    assert run is not None
    found = run.judgement
    return as_judged(made, found.name, found.verdict, found.sentence)


def _verdict(made: "Report", run: "CheckRun") -> str:
    """What the check said."""
    from quecsim.check.text import render_run

    return render_run(
        made.origin.scenario or made.device, run, colour=screen.wants_colour(sys.stdout)
    )


def _cases(path: Path) -> list[Path]:
    """What `quecsim fuzz` has saved, in place of a trace."""
    if path.is_dir():
        return sorted(path.glob("*.toml"))
    return [path] if path.suffix == ".toml" else []


def _tell_cases(paths: list[Path], *, as_json: bool) -> int:
    """What was found, as the cases themselves say it."""
    from quecsim.fuzz.case import load_case

    if as_json:
        hint = f"`quecsim replay {shlex.quote(str(paths[0]))} --json` runs it again"
        raise QuecsimError("a case of `quecsim fuzz` has no report of its own", hint=hint)
    for path in paths:
        case = load_case(path).case
        assert case is not None
        advice = f" -> {case.advice}" if case.advice else ""
        click.echo(f"{case.cause or path.stem}: {case.found or 'nothing is noted'}{advice}")
        click.echo(f"  run it again with: quecsim replay {shlex.quote(str(path))}")
    return 1


def _text(made: "Report", run: "CheckRun | None") -> str:
    """The report, below what the check said, if there was one."""
    from quecsim.render.text import render_text

    text = f"{render_text(made, colour=screen.wants_colour(sys.stdout))}\n\n{_origin(made)}"
    return text if run is None else f"{_verdict(made, run)}\n\n{text}"


def _origin(made: "Report") -> str:
    """What was run, and by which quecsim."""
    told = made.origin
    scenario = told.scenario if told.scenario != made.device else ""
    what = [told.title, told.line, f"scenario {scenario}" if scenario else "", f"seed {made.seed}"]
    who = [f"quecsim {told.version}" if told.version else "", told.date, shlex.join(told.command)]
    lines = (", ".join(filter(None, words)) for words in (what, who))
    return "\n".join(filter(None, lines))


def _pictures(made: "Report", events: "Sequence[Event]") -> str:
    """The ring of each upload, around its first loss, or where the ring was fullest."""
    from quecsim.render.lanes import LEGEND

    drawn = [upload for upload in made.uploads if upload.ring_peak_bytes]
    if not drawn:
        return "No picture: the ring stayed empty in all uploads."
    blocks = [_picture(upload, events) for upload in drawn[:_MOST_PICTURES]]
    if len(drawn) > _MOST_PICTURES:
        blocks.append(f"({len(drawn) - _MOST_PICTURES} more uploads are not drawn)")
    return "\n\n".join([*blocks, "\n".join(LEGEND)])


def _picture(upload: "Upload", events: "Sequence[Event]") -> str:
    from quecsim.render.lanes import ring_picture, telling_window

    begin_ns, end_ns = telling_window(events, upload)
    return ring_picture(
        events,
        begin_ns,
        end_ns,
        _capacity(upload, events[0]),
        width=screen.width() - 2,
        title=f"{upload.name}: bytes in the ring, from {begin_ns / S:.3f} s",
        colour=screen.wants_colour(sys.stdout),
    )


def _capacity(upload: "Upload", start: "Event") -> int:
    """The ring's size in bytes; of a record that does not say it, as much as it had in it."""
    from quecsim.render.ring import ring_bytes
    from quecsim.trace.event import Start

    said = ring_bytes(start) if isinstance(start, Start) else 0
    return said or upload.ring_peak_bytes
