"""`quecsim scenarios`: which there are and what each shows, or the file of one."""

import json
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click
import msgspec

from quecsim.cli import complete, screen
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.scenario.loader import find_scenario, load_scenario, scenario_names
from quecsim.scenario.payload import claim_bytes

if TYPE_CHECKING:
    from quecsim.scenario.schema import Scenario

_INDENT = "    "


@click.command(cls=Command)
@click.argument("name", metavar="[SCENARIO]", required=False, shell_complete=complete.shipped)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.option("--payload", metavar="FILE", type=click.Path(path_type=Path),
              help="Write what the scenario uploads to FILE.")  # fmt: skip
def scenarios(name: str | None, payload: Path | None, as_json: bool) -> None:
    """The scenarios that come with quecsim; with SCENARIO, the file of that one.

    `quecsim run SCENARIO` runs one; how, is told on standard error. A copy of such a file,
    changed, is a scenario of your own: `quecsim run ./mine.toml`.
    """
    if payload is not None:
        _write_payload(name, payload)
    elif name is not None:
        _show(name, as_json=as_json)
    elif as_json:
        click.echo(json.dumps([_as_dict(each) for each in scenario_names()], indent=2))
    else:
        click.echo("\n".join(_entry(load_scenario(each)) for each in scenario_names()))
        click.echo("\nRun one:  quecsim run SCENARIO     See its file:  quecsim scenarios SCENARIO")


def _show(name: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_dict(name), indent=2))
    else:
        scenario = load_scenario(name)  # says what is wrong with it, if anything is
        click.echo(find_scenario(name).read_text(encoding="utf-8"), nl=False)
        if scenario.claim is not None:
            click.echo(f"\nSee it:  quecsim scenarios {name} --payload payload.bin", err=True)
            click.echo(f"         {_command(scenario, Path('payload.bin'))}", err=True)
        if scenario.journey is not None:
            click.echo(f"\nSee it:  quecsim play {name}", err=True)


def _write_payload(name: str | None, place: Path) -> None:
    """The claim's payload, made for the scenario's device; a file that is there stays."""
    if name is None:
        raise QuecsimError(
            "--payload of which scenario?", hint="quecsim scenarios SCENARIO --payload FILE"
        )
    scenario = load_scenario(name)
    if scenario.claim is None:
        raise QuecsimError(f"{name} makes no claim", hint="it has no [claim], and so no payload")
    data = claim_bytes(scenario, scenario.claim)
    try:
        with create_private(place, is_new=True) as file:
            file.write(data)
    except OSError as error:
        hint = "name another file" if isinstance(error, FileExistsError) else ""
        raise QuecsimError(f"cannot write {place}: {error.strerror}", hint=hint) from None
    click.echo(f"{place}: {len(data)} bytes; now:", err=True)
    click.echo(_command(scenario, place))


def _command(scenario: "Scenario", payload: Path) -> str:
    from quecsim.testing.claims import claim_command

    assert scenario.claim is not None
    return claim_command(scenario, scenario.claim, str(payload))


def _entry(scenario: "Scenario") -> str:
    title = fill(f"{scenario.name:23} {scenario.title}", screen.width(), subsequent_indent=" " * 24)
    shows = fill(scenario.shows, screen.width(), initial_indent=_INDENT, subsequent_indent=_INDENT)
    return f"{click.style(title, bold=True)}\n{shows}"


def _as_dict(name: str) -> dict[str, Any]:
    scenario = load_scenario(name)
    claim = scenario.claim
    return {
        "name": scenario.name,
        "title": scenario.title,
        "shows": scenario.shows,
        "device": scenario.device,
        "file": str(find_scenario(name)),
        "claim": None if claim is None else msgspec.to_builtins(claim),
    }
