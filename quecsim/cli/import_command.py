"""`quecsim import`: a capture that somebody has already becomes a record.

Exit code 0: the record is written. 1: it is, and looks as if the capture was made at the wrong
rate. 2: no capture, or not clear of whom.
"""

import gzip
import json
import shlex
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from quecsim.cli import complete
from quecsim.cli.output_files import refuse_same
from quecsim.cli.report_files import write_whole
from quecsim.cli.values import rate
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.units import format_ns

if TYPE_CHECKING:
    from quecsim.captures.imported import Import

_USUAL_DEVICE = "ec200u"
_BATCH = 1000
_WRONG_RATE = (
    "This looks like the wrong baud rate: there is no AT command in it and no answer. Decode it"
    " with another rate."
)
_USAGE = "quecsim import [FORMAT] FILE -o TRACE.jsonl"


def _capture_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What the user knows better than the capture."""
    options = (
        click.option("--profile", metavar="DEVICE", shell_complete=complete.devices,
                     help="Whose commands are read: a device or a profile file.  [as the capture"
                     " says]"),
        click.option("--baud", type=rate(300, 10_000_000), default=0, metavar="RATE",
                     help="The line's rate, where the capture does not show it."),
        click.option("--sample-rate", type=rate(1000, 10**10), default=0, metavar="RATE",
                     help="Samples a second, where a capture counts samples only."),
        click.option("--swap", is_flag=True, help="What is taken for the host is the device."),
        click.option("--host-channel", metavar="NAME", default="",
                     help="The analyser's channel on which the host speaks."),
        click.option("--usb-device", metavar="BUS.DEVICE", default="",
                     help="The device of a USB capture, as 1.5."),
        click.option("--host-file", metavar="FILE", type=click.Path(path_type=Path),
                     help="A capture of the host's wire alone."),
        click.option("--device-file", metavar="FILE", type=click.Path(path_type=Path),
                     help="A capture of the device's wire alone, on the same clock."),
    )  # fmt: skip
    for each in reversed(options):
        command = each(command)
    return command


@click.command("import", cls=Command)
@click.argument("words", metavar="[FORMAT] FILE", nargs=-1, shell_complete=complete.files)
@click.option(
    "-o", "--output", "out", metavar="TRACE", type=click.Path(path_type=Path), help="The record."
)
@_capture_options
@click.option("--formats", "shows_formats", is_flag=True, help="List the formats.")
@click.option("--json", "as_json", is_flag=True, help="What was found, as JSON.")
def import_(
    words: tuple[str, ...],
    out: Path | None,
    *,
    shows_formats: bool,
    as_json: bool,
    **given: Any,
) -> int:
    """Make a record of a capture: of a logic analyser, a terminal's log, a bus.

    FORMAT is one of those that --formats lists, or auto; without it the file is looked at. TRACE is
    read by `quecsim report` and whatever else reads records. What the capture lacks is said there,
    and here.
    """
    if shows_formats:
        _list_formats(as_json=as_json)
        return 0
    if out is None:
        raise QuecsimError("missing -o TRACE", hint=_USAGE)
    if as_json and str(out) == "-":
        raise QuecsimError("--json and the record cannot both have standard output", hint=_USAGE)
    _refuse_same(words, out, given)
    capture = _opened(words, given)
    write_whole("-o", str(out), partial(_write, capture, out.suffix == ".gz"), "import")
    facts = _facts(capture, out)
    if as_json:
        click.echo(json.dumps(facts, indent=2))
    else:
        click.echo("\n".join(_lines(capture, facts)), err=str(out) == "-")
    return 1 if facts["looks_wrong"] else 0


def _refuse_same(words: tuple[str, ...], out: Path, given: dict[str, Any]) -> None:
    """The record may be none of the captures."""
    files = {f"--{each}-file": given[f"{each}_file"] for each in ("host", "device")}
    files["FILE"] = words[-1] if words else None
    for name, path in files.items():
        refuse_same({name: None if path is None else str(path), "-o": str(out)})


def _opened(words: tuple[str, ...], given: dict[str, Any]) -> "Import":
    from quecsim.captures.formats import AUTO, FORMATS
    from quecsim.captures.imported import open_import, open_import_of_two
    from quecsim.captures.opened import Options
    from quecsim.profiles.loader import load_profile

    named = given.pop("profile")
    profiles: dict[str, Any] = {
        "usual": load_profile(_USUAL_DEVICE),
        "profile": load_profile(named) if named is not None else None,
    }
    pair = {side: given.pop(f"{side}_file") for side in ("host", "device")}
    paths: dict[Any, Path] = {side: path for side, path in pair.items() if path is not None}
    options = Options(**given)
    if paths:
        if len(words) > 1 or (words and words[0] not in (*FORMATS, AUTO)):
            raise QuecsimError("FILE goes without --host-file and --device-file", hint=_USAGE)
        return open_import_of_two(paths, words[0] if words else AUTO, options, **profiles)
    if not 1 <= len(words) <= 2:
        raise QuecsimError("which capture?" if not words else "too many words", hint=_USAGE)
    form = words[0] if len(words) == 2 else AUTO
    return open_import(words[-1], form, options, **profiles)


def _write(capture: "Import", is_packed: bool, file: BinaryIO) -> None:
    from quecsim.trace.jsonl import TraceWriter

    packed = gzip.GzipFile("", "wb", 6, file, 0) if is_packed else None
    with packed or nullcontext():
        writer = TraceWriter(cast("BinaryIO", packed or file))
        record = capture.record()
        while events := list(islice(record, _BATCH)):
            writer.write(events)


def _facts(capture: "Import", out: Path) -> dict[str, Any]:
    """All that is told, as data."""
    from quecsim.captures.words import CLAIMS

    found, tally, source = capture.found, capture.tally, capture.source
    return {
        "format": capture.format.name,
        "source": source.words,
        "record": str(out),
        "host_bytes": found.voices["host"].bytes,
        "device_bytes": found.voices["device"].bytes,
        "first_ns": max(found.first_ns, 0),
        "last_ns": max(found.last_ns, 0),
        "baud": source.baud or None,
        "frame": source.frame or None,
        "profile": capture.profile.name,
        "profile_known": capture.is_known,
        "model": capture.model or None,
        "lacks": [{"lack": lack, "missing": CLAIMS[lack][0], "unsaid": CLAIMS[lack][1]}
                  for lack in source.lacks],
        "bad_lines": tally.bad_lines,
        "first_bad": tally.first_bad or None,
        "torn": tally.torn,
        "framing_errors": tally.framing_errors,
        "parity_errors": tally.parity_errors,
        "times_back": tally.backward,
        "notes": [*capture.notes, *tally.notes],
        "looks_wrong": capture.looks_wrong(),
    }  # fmt: skip


def _lines(capture: "Import", facts: dict[str, Any]) -> list[str]:
    """The same in words."""
    lacks = [each["lack"] for each in facts["lacks"]]
    line = f"{facts['baud']} {facts['frame'] or ''}".strip() if facts["baud"] else "not known"
    span = "no times" if "times" in lacks else format_ns(facts["last_ns"] - facts["first_ns"])
    lines = [
        f"{facts['source']}: {capture.format.title}",
        f"  host    {facts['host_bytes']} bytes",
        f"  device  {facts['device_bytes']} bytes",
        f"  time    {span}",
        f"  line    {line}",
        f"  module  {_module(facts)}",
        *(f"  {note}" for note in facts["notes"]),
        *(f"  {told}" for told in _troubles(facts)),
    ]
    if lacks:
        lines.append("What it lacks, and what can therefore not be said:")
        lines += [f"  {each['missing']}: {each['unsaid']}" for each in facts["lacks"]]
    if facts["looks_wrong"]:
        lines.append(_WRONG_RATE)
    if facts["record"] != "-":
        lines.append(f"Next: quecsim report {shlex.quote(facts['record'])}")
    return lines


def _module(facts: dict[str, Any]) -> str:
    profile = facts["profile"]
    if facts["profile_known"]:
        return f"{profile}, as it says" if facts["model"] else str(profile)
    said = f"says it is {facts['model']}, which quecsim has not" if facts["model"] else "not known"
    return f"{said}: its commands are read as those of {profile} (--profile chooses)"


def _troubles(facts: dict[str, Any]) -> list[str]:
    """What was not as it should be."""
    told = {
        "bad_lines": f"could not be read, the first: {facts['first_bad']}",
        "framing_errors": "bytes without a stop bit",
        "parity_errors": "bytes with a wrong parity",
        "times_back": "times went back, and were set to the one before",
    }
    made = [f"{facts[name]} {what}" for name, what in told.items() if facts[name]]
    return [*made, "the last line is cut, and was left out"] if facts["torn"] else made


def _list_formats(*, as_json: bool) -> None:
    from quecsim.captures.formats import FORMATS

    if as_json:
        click.echo(json.dumps([
            {"name": each.name, "title": each.title, "lacks": each.lacks}
            for each in FORMATS.values()], indent=2))  # fmt: skip
        return
    for each in FORMATS.values():
        click.echo(f"{each.name:12} {each.title}")
        if each.lacks:
            click.echo(f"{'':12} lacks: {', '.join(each.lacks)}")
