"""`quecsim devices`: the devices, and of each value how it is known."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from msgspec import to_builtins

from quecsim.cli import complete
from quecsim.cli.command_diff import compare
from quecsim.cli.devices_new import write_start
from quecsim.cli.words import Group
from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import profile_names
from quecsim.profiles.schema import Profile


class _Devices(Group):
    """A group that knows what somebody wants who names a device right away."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand. Raises QuecsimError for the name of a device in its place."""
        name = args[0]
        if name.lower() in profile_names() or name.endswith(".toml"):
            hint = f"`quecsim devices show {name}` tells all about that device."
            raise QuecsimError(f'"{name}" is no subcommand of `quecsim devices`', hint=hint)
        return super().resolve_command(ctx, args)


@click.group(cls=_Devices, invoke_without_command=True)
@click.pass_context
def devices(ctx: click.Context, /) -> None:
    """List the devices; `show DEVICE` tells all about one, `diff DEVICE DEVICE` how two differ,
    and `new NAME --like DEVICE` begins one of your own.
    """
    if ctx.invoked_subcommand is not None:
        return
    for name in profile_names():
        profile = load_device(name)
        counts = ", ".join(f"{_count(profile, how)} {how}" for how in _HOWS)
        click.echo(f"{name:12} {profile.title}: {counts}")


_HOWS = ("documented", "measured", "assumed")


@devices.command()
@click.argument("name", metavar="DEVICE", shell_complete=complete.devices)
@click.option("--assumed", is_flag=True, help="Only what is neither documented nor measured.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def show(name: str, *, assumed: bool, as_json: bool) -> None:
    """Every value of DEVICE (or of a profile file), and where it comes from."""
    rows = _rows(load_device(name), only_assumed=assumed)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['key']} = {json.dumps(row['value'])}")
        note = f" ({row['note']})" if row["note"] else ""
        click.echo(f"    {row['how']}: {row['source']}{note}")


@devices.command()
@click.argument("first", metavar="DEVICE", shell_complete=complete.devices)
@click.argument("second", metavar="DEVICE", shell_complete=complete.devices)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def diff(first: str, second: str, *, as_json: bool) -> None:
    """Where two devices differ: values, and commands.

    Each is a name or a profile file.
    """
    pair = load_device(first), load_device(second)
    names = pair[0].name, pair[1].name
    labels = (first, second) if names[0] == names[1] else names
    rows, commands = _different(pair, labels), compare(*pair, labels)
    if as_json:
        lists = {"commands": commands.only, "unlike": commands.unlike, "waiting": commands.waiting}
        click.echo(json.dumps({"values": rows, **lists}, indent=2))
        return
    for row in rows:
        click.echo(row["key"])
        for label in labels:
            click.echo(f"    {label:12} {row[label]}")
    for line in commands.lines():
        click.echo(line)


@devices.command()
@click.argument("name", metavar="NAME")
@click.option("--like", metavar="DEVICE", required=True, shell_complete=complete.devices,
              help="The device, or profile file, that it is nearest to.")  # fmt: skip
@click.option("-o", "--output", "out", metavar="FILE", type=click.Path(path_type=Path),
              help="Where to write it; ./NAME.toml if left out.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def new(name: str, like: str, out: Path | None, *, force: bool) -> None:
    """Begin a profile of your own: NAME.toml, with every value of DEVICE commented out.

    Beside each value stands how to find out yours. What is left commented out is as DEVICE has it.
    """
    place = out if out is not None else Path(f"{name}.toml")
    for line in write_start(name, like, place, force=force):
        click.echo(line)


def _different(pair: tuple[Profile, Profile], labels: Sequence[str]) -> list[dict[str, str]]:
    """The values that are not the same; a part that one of them lacks counts as not there."""
    known = [{row["key"]: row for row in _rows(p, only_assumed=False)} for p in pair]
    keys = [key for key in {**known[0], **known[1]} if not key.startswith("commands.")]
    told = list(zip(labels, known, strict=True))
    return [
        {"key": key, **{label: _known(rows.get(key)) for label, rows in told}}
        for key in keys
        if _value(known[0].get(key)) != _value(known[1].get(key))
    ]


def _value(row: dict[str, Any] | None) -> object:
    return None if row is None else (row["value"],)


def _known(row: dict[str, Any] | None) -> str:
    return "not there" if row is None else f"{json.dumps(row['value'])} ({row['how']})"


def _rows(profile: Profile, *, only_assumed: bool) -> list[dict[str, Any]]:
    values = to_builtins(profile)
    return [
        {
            "key": key,
            "value": values[key.split(".")[0]][key.split(".")[1]],
            "how": origin.how,
            "source": origin.source,
            "note": origin.note,
        }
        for key, origin in profile.provenance.items()
        if not only_assumed or origin.how == "assumed"
    ]


def _count(profile: Profile, how: str) -> int:
    return sum(origin.how == how for origin in profile.provenance.values())
