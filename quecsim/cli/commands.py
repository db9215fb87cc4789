"""`quecsim commands NAME`: which commands a device has, in which forms, and which it has not."""

import json

import click
from msgspec import to_builtins

from quecsim.at.reference import Entry, Parameter, Syntax, reference
from quecsim.commands.catalogue import catalogue, load_device
from quecsim.errors import QuecsimError
from quecsim.flash.timing import FlashMode
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig


@click.command()
@click.argument("name", metavar="DEVICE")
@click.argument("wanted", metavar="[COMMAND]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def commands(name: str, wanted: tuple[str, ...], *, as_json: bool) -> None:
    """The AT commands of DEVICE (a name or a profile file), or only the COMMANDs named.

    Forms, ranges, defaults and the source of each; at the end those that its documents have and
    quecsim has not.
    """
    profile = load_device(name)
    entries = _chosen(reference_of(profile), wanted, profile, name)
    if as_json:
        click.echo(json.dumps(_as_json(profile, entries), indent=2))
        return
    for entry in entries:
        click.echo("\n".join(_lines(entry)))
    if not wanted:
        _show_waiting(profile)


def reference_of(profile: Profile) -> list[Entry]:
    """All commands of a device."""
    rig = Rig(profile, RigConfig(flash_mode=FlashMode.INSTANT))
    return reference(catalogue(profile), rig.device.context)


def _chosen(
    entries: list[Entry], wanted: tuple[str, ...], profile: Profile, device: str
) -> list[Entry]:
    if not wanted:
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
    raise QuecsimError(
        f'{profile.name} has no command "{text}"',
        hint=f"`quecsim commands {device}` lists all.",
    )


def _lines(entry: Entry) -> list[str]:
    lines = [f"{entry.name}  {entry.title}"]
    for form in entry.forms:
        lines += [f"    {line}" for line in form_lines(form)]
    for reply in entry.test_reply:
        lines.append(f"    =? says {reply}")
    return [*lines, f"    source: {entry.source}", ""]


def form_lines(form: Syntax) -> list[str]:
    """One way to write a command, and a line for each parameter."""
    return [form.text, *(f"    {_described(parameter)}" for parameter in form.parameters)]


def _described(parameter: Parameter) -> str:
    text = f"<{parameter.name}> {parameter.values}"
    return f"{text}; {parameter.default} if left out" if parameter.default else text


def _show_waiting(profile: Profile) -> None:
    click.echo("Not supported (ERROR):")
    for waiting in profile.commands.waiting:
        click.echo(f"    needs {waiting.needs}: {' '.join(waiting.names)}")
    if not profile.commands.waiting:
        click.echo("    nothing that its documents have")


def _as_json(profile: Profile, entries: list[Entry]) -> dict[str, object]:
    return {
        "device": profile.name,
        "commands": to_builtins(entries),
        "waiting": to_builtins(profile.commands.waiting),
    }
