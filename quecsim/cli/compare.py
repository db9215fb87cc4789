"""`quecsim compare`: does a profile behave as a module?

Exit code 0: all replies agree. 1: some differ. 2: the user's mistake.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quecsim.cli import complete, screen
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quecsim.likeness.comparison import Comparison, Record
    from quecsim.profiles.schema import Profile
    from quecsim.trace.event import Event


@click.command(cls=Command)
@click.argument("trace", metavar="TRACE", shell_complete=complete.files)
@click.option(
    "--profile",
    "device",
    metavar="DEVICE",
    shell_complete=complete.devices,
    help="The device to compare with: a name, or a profile file.  [that of the record]",
)
@click.option("--json", "as_json", is_flag=True, help="The comparison as JSON.")
@screen.quiet_option
def compare(trace: str, device: str | None, *, as_json: bool) -> int:
    """Compare a module with a profile: what both say to the same host, and how fast.

    TRACE is the record of a module, tapped, imported or probed (a simulated one will do, too): what
    its host sent is said to the simulated device of the profile, in virtual time.
    """
    from quecsim.trace.jsonl import damage_told, read_trace

    header, events = read_trace(Path(trace))
    if header.torn_bytes:
        screen.message(f"the last line of {trace} is torn, and was left out")
    with damage_told(trace):
        return _compare(events, device, as_json=as_json)


def _compare(events: "Sequence[Event]", device: str | None, *, as_json: bool) -> int:
    from quecsim.likeness import words
    from quecsim.likeness.comparison import compare as compared
    from quecsim.likeness.comparison import record_of

    profile = _profile(events, device)
    record = record_of(events, profile)
    found = compared(record, profile)
    if as_json:
        click.echo(json.dumps(words.table(record, profile, found), indent=2))
    else:
        click.echo(_shown(record, profile, found))
    return 1 if found.differences else 0


def _shown(record: "Record", profile: "Profile", found: "Comparison") -> str:
    from quecsim.likeness import words

    if screen.is_quiet():
        return words.verdict(found)
    return words.text(record, profile, found)


def _profile(events: "Sequence[Event]", device: str | None) -> "Profile":
    """The one that was asked for, or that of the record."""
    from quecsim.commands.catalogue import load_device
    from quecsim.likeness.listened import start_of

    if device is not None:
        return load_device(device)
    start = start_of(events)
    if start.profile is None:
        raise QuecsimError(
            "the values of the record's device are not known to this quecsim",
            hint="say with which device to compare: --profile DEVICE",
        )
    return start.profile
