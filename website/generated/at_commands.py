"""The AT commands of each device, as `quecsim commands` tells them."""

from collections.abc import Iterator

from quecsim.at.reference import Entry
from quecsim.cli.commands import form_lines, reference_of
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from website.generated.markdown import prose, table
from website.generated.settings import toctree


def at_overview() -> str:
    """How many commands each device has, and the pages of all."""
    names = profile_names()
    profiles = [load_profile(name) for name in names]
    rows = [
        (f"[{name}](at-{name}.md)", profile.title, str(len(reference_of(profile))))
        for name, profile in zip(names, profiles, strict=True)
    ]
    return table(("device", "is", "commands"), rows) + toctree([f"at-{name}" for name in names])


def at_pages() -> Iterator[tuple[str, str]]:
    """A page for each device."""
    for name in profile_names():
        yield f"reference/at-{name}.md", _page(load_profile(name))


def _page(profile: Profile) -> str:
    entries = "\n".join(map(_entry, reference_of(profile)))
    return (
        f"# AT commands: {profile.title}\n\n"
        f"All that the simulated device has, as `quecsim commands {profile.name}` tells it. "
        f"Its values, their sources and its traps: [{profile.name}](../devices/{profile.name}.md)."
        f"\n\n{entries}"
    )


def _entry(entry: Entry) -> str:
    """One command. Its forms stand as in the terminal: a table for each would make long pages."""
    lines = [f"## `{_typed(entry.name)}`", "", f"{prose(entry.title)}.", "", "```text"]
    for form in entry.forms:
        lines += form_lines(form)
    lines += [f"=? says {line}" for line in entry.test_reply]
    return "\n".join([*lines, "```", "", f"Source: {prose(entry.source)}", ""])


def _typed(name: str) -> str:
    return name if name == "+++" else f"AT{name}"
