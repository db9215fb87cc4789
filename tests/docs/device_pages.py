"""The tables of docs/devices/*.md: what a profile and its commands say, as Markdown.

The pages are written by hand, but for what stands between `<!-- table: NAME -->` and
`<!-- end -->`. `python -m tests.docs.device_pages` writes those tables anew.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import to_builtins

from quecsim.cli.commands import reference_of
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.scenario.loader import load_scenario, scenario_names
from tests.docs.markdown import ROOT

PAGES = ROOT / "docs/devices"
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _values(profile: Profile, how: str) -> Iterator[str]:
    yield "| value | is | source |"
    yield "| --- | --- | --- |"
    values = to_builtins(profile)
    for key, known in profile.provenance.items():
        part, name = key.split(".")
        if known.how == how and part != "commands":
            note = f" ({known.note})" if known.note else ""
            shown = json.dumps(values[part][name], ensure_ascii=False)
            yield f"| `{key}` | `{shown}` | {_cell(known.source + note)} |"


def _commands(profile: Profile) -> Iterator[str]:
    yield "| command | what it does | source |"
    yield "| --- | --- | --- |"
    for command in reference_of(profile):
        yield f"| `AT{command.name}` | {_cell(command.title)} | {_cell(command.source)} |"


def _waiting(profile: Profile) -> Iterator[str]:
    yield "| needs | commands |"
    yield "| --- | --- |"
    for waiting in profile.commands.waiting:
        names = " ".join(f"`{_typed(name)}`" for name in waiting.names)
        yield f"| {_cell(waiting.needs)} | {names} |"


def _journeys(profile: Profile) -> Iterator[str]:
    """The dialogues of the device's scenarios, as they stand there."""
    made = [load_scenario(name) for name in scenario_names()]
    for scenario in made:
        journey = scenario.journey
        if scenario.device == profile.name and journey is not None and journey.ends == "well":
            yield f"{scenario.title}: `quecsim play {scenario.name}`"
            yield ""
            yield "```text"
            yield from journey.dialogue.strip().splitlines()
            yield "```"
            yield ""


def _typed(name: str) -> str:
    """As a host types it; `+++` is no command line."""
    return name if name == "+++" else f"AT{name}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


TABLES: dict[str, Callable[[Profile], Iterator[str]]] = {
    "journeys": _journeys,
    "documented": lambda profile: _values(profile, "documented"),
    "measured": lambda profile: _values(profile, "measured"),
    "assumed": lambda profile: _values(profile, "assumed"),
    "commands": _commands,
    "waiting": _waiting,
}


def page(name: str) -> Path:
    """The page of a device."""
    return PAGES / f"{name}.md"


def tables_of(text: str) -> list[str]:
    """The names of the tables that a page has."""
    return [match[2] for match in _TABLE.finditer(text)]


def renewed(name: str, text: str) -> str:
    """The page's text with its tables as they should be."""
    profile = load_profile(name)

    def table(match: re.Match[str]) -> str:
        lines = "\n".join(TABLES[match[2]](profile))
        return f"{match[1]}{lines}\n{match[3]}"

    return _TABLE.sub(table, text)


if __name__ == "__main__":
    for device in profile_names():
        page(device).write_text(renewed(device, page(device).read_text()))
