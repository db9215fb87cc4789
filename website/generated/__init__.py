"""What the code knows by itself, as Markdown: made whenever the site is built, and never stale."""

from collections.abc import Callable, Iterator

from website.generated.at_commands import at_overview, at_pages
from website.generated.command_line import command_list, command_pages
from website.generated.events import events, inputs
from website.generated.judgement import conduct_rules, faults
from website.generated.python_api import (
    pytest_plugin_api,
    python_api,
    report_records,
    test_api,
)
from website.generated.settings import device_counts, profile_keys, scenario_keys

PIECES: dict[str, Callable[[], str]] = {
    "at_commands": at_overview,
    "commands": command_list,
    "conduct_rules": conduct_rules,
    "devices": device_counts,
    "events": events,
    "faults": faults,
    "inputs": inputs,
    "profile_keys": profile_keys,
    "pytest_plugin": pytest_plugin_api,
    "python_api": python_api,
    "report_records": report_records,
    "scenario_keys": scenario_keys,
    "test_api": test_api,
}
"""Name -> what stands in a document in the place of `<!-- generated: NAME -->`."""


def pages() -> Iterator[tuple[str, str]]:
    """The pages that are generated whole: (path in the site, text)."""
    yield from command_pages()
    yield from at_pages()
