"""`quecsim commands NAME`: which commands a device has, in which forms, and which it has not."""

import json
import re
from collections.abc import Sequence
from difflib import get_close_matches

import click
from msgspec import to_builtins

from quecsim.at.reference import Entry, Parameter, Syntax, reference
from quecsim.cli import complete
from quecsim.cli.device_options import chosen
from quecsim.cli.words import Command
from quecsim.commands.catalogue import catalogue
from quecsim.errors import QuecsimError
from quecsim.flash.timing import FlashMode
from quecsim.profiles.canned import Reply
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.scenario.options import make_scenario


@click.command(cls=Command)
@click.argument("name", metavar="SCENARIO", shell_complete=complete.scenarios)
@click.argument("wanted", metavar="[COMMAND]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def commands(name: str, wanted: tuple[str, ...], *, as_json: bool) -> None:
    """The AT commands that the device of SCENARIO has, or only the COMMANDs named.

    SCENARIO is a device (a name or a profile file), or a scenario with canned replies. Forms,
    ranges, defaults and the source of each; at the end canned replies, and those that its documents
    have and quecsim has not.
    """
    profile = make_scenario(*chosen(None, name)).profile()
    canned = [reply for reply in profile.replies if not wanted or _is_named(reply, wanted)]
    modelled = [text for text in wanted if not any(_is_named(reply, (text,)) for reply in canned)]
    known = reference_of(profile) if modelled or not wanted else []
    entries = _chosen(known, modelled, profile, name)
    if as_json:
        click.echo(json.dumps(_as_json(profile, entries, canned), indent=2))
        return
    for entry in entries:
        needs = [one.needs for one in profile.commands.waiting if entry.name in one.names]
        click.echo("\n".join(_lines(entry, needs)))
    _show_canned(canned)
    if not wanted:
        _show_waiting(profile)


def reference_of(profile: Profile) -> list[Entry]:
    """All commands of a device."""
    rig = Rig(profile, RigConfig(flash_mode=FlashMode.INSTANT))
    return reference(catalogue(profile), rig.device.context)


def _is_named(reply: Reply, wanted: Sequence[str]) -> bool:
    """Whether one of `wanted` is the name that this reply begins with."""
    written = reply.command.upper().removeprefix("AT")
    names = {text.upper().removeprefix("AT").removeprefix("+") for text in wanted}
    return any(re.match(rf"\+?{re.escape(name)}(?![A-Z0-9])", written) for name in names)


def _chosen(
    entries: list[Entry], wanted: Sequence[str], profile: Profile, device: str
) -> list[Entry]:
    if entries and not wanted:
        return entries
    by_name = {entry.name: entry for entry in entries}
    return [_find(by_name, text, profile, device) for text in wanted]


def _find(by_name: dict[str, Entry], text: str, profile: Profile, device: str) -> Entry:
    """The command that the user names: `AT+QFUPL`, `+QFUPL` and `qfupl` are one."""
    bare = text.upper().removeprefix("AT")
    for name in (bare, f"+{bare}", text.upper()):
        if name in by_name:
            return by_name[name]
    for waiting in profile.commands.waiting:
        for name in (bare, f"+{bare}"):
            if name in waiting.names:
                typed = name if name == "+++" else f"AT{name}"
                raise QuecsimError(
                    f"{profile.name} has {typed}, quecsim has it not: it needs {waiting.needs}",
                    hint="The simulated device answers ERROR to it.",
                )
    near = get_close_matches(f"+{bare.removeprefix('+')}", by_name, n=1)
    meant = f'Did you mean "AT{near[0]}"? ' if near else ""
    raise QuecsimError(
        f'{profile.name} has no command "{text}"',
        hint=f"{meant}`quecsim commands {device}` lists all.",
    )


def _lines(entry: Entry, needs: Sequence[str]) -> list[str]:
    """`needs`: what the part of the command that is refused waits for."""
    lines = [f"{entry.name}  {entry.title}"]
    for form in entry.forms:
        lines += [f"    {line}" for line in form_lines(form)]
    for reply in entry.test_reply:
        lines.append(f"    =? says {reply}")
    lines += [f"    refused: it needs {need}" for need in needs]
    return [*lines, f"    source: {entry.source}", ""]


def form_lines(form: Syntax) -> list[str]:
    """One way to write a command, and a line for each parameter."""
    return [form.text, *(f"    {_described(parameter)}" for parameter in form.parameters)]


def _described(parameter: Parameter) -> str:
    text = f"<{parameter.name}> {parameter.values}"
    return f"{text}; {parameter.default} if left out" if parameter.default else text


def _show_canned(replies: Sequence[Reply]) -> None:
    for reply in replies:
        first, *more = [*reply.lines(), reply.result or "no result"]
        click.echo(f"{reply.command}  canned, {reply.times}: {' | '.join([first, *more])}")
        click.echo(f"    source: {reply.how}, {reply.source}\n")


def _show_waiting(profile: Profile) -> None:
    said = {"error": "ERROR", "ok": "OK", "silent": "no answer"}[profile.commands.unknown]
    canned = "" if said == "ERROR" else ", canned, as to any unknown command"
    click.echo(f"Not supported ({said}{canned}):")
    for waiting in profile.commands.waiting:
        click.echo(f"    needs {waiting.needs}: {' '.join(waiting.names)}")
    if not profile.commands.waiting:
        click.echo("    nothing that its documents have")


def _as_json(profile: Profile, entries: list[Entry], canned: list[Reply]) -> dict[str, object]:
    return {
        "device": profile.name,
        "commands": to_builtins(entries),
        "canned": to_builtins(canned),
        "unknown": profile.commands.unknown,
        "waiting": to_builtins(profile.commands.waiting),
    }
