"""`quecsim devices`: the devices, and of each value how it is known."""

import json
from typing import Any

import click
from msgspec import to_builtins

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile


@click.group(invoke_without_command=True)
@click.pass_context
def devices(ctx: click.Context, /) -> None:
    """List the devices; `show NAME` tells everything about one."""
    if ctx.invoked_subcommand is not None:
        return
    for name in profile_names():
        profile = load_profile(name)
        counts = ", ".join(f"{_count(profile, how)} {how}" for how in _HOWS)
        click.echo(f"{name:12} {profile.title}: {counts}")


_HOWS = ("documented", "measured", "assumed")


@devices.command()
@click.argument("name")
@click.option("--assumed", is_flag=True, help="Only what is neither documented nor measured.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def show(name: str, *, assumed: bool, as_json: bool) -> None:
    """Every value of NAME (or of a profile file), and where it comes from."""
    rows = _rows(load_profile(name), only_assumed=assumed)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['key']} = {json.dumps(row['value'])}")
        note = f" ({row['note']})" if row["note"] else ""
        click.echo(f"    {row['how']}: {row['source']}{note}")


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
