"""Several checks: by their names, all of a device, or from a suite file.

    file = "ca.pem"               # what is uploaded in each; may be left out

    [[check]]
    scenario = "thread-57329"

    [[check]]
    scenario = "./ours.toml"
    expect = "honest"
    repeat = 5

A suite says nothing of the program: that is named on the command line, and nowhere else.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, field

from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile
from quecsim.profiles.toml_check import Checker
from quecsim.profiles.toml_source import read_toml
from quecsim.scenario.loader import load_scenario, scenario_names
from quecsim.scenario.schema import Expect, ScenarioFile

_ANY_DEVICE = ScenarioFile(title="", shows="").device


class SuiteEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check: the options of `quecsim check` that differ from the others'."""

    scenario: str
    name: str | None = None
    expect: Expect | None = None
    allow: tuple[str, ...] = ()
    repeat: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    vary_seed: bool = False
    seed: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)] | None = None

    def words(self) -> list[str]:
        """As they stand on the command line, before those that are given there."""
        words = [f"--allow={rule}" for rule in self.allow]
        for key in ("name", "expect", "repeat", "seed"):
            if (value := getattr(self, key)) is not None:
                words.append(f"--{key}={value}")
        return [*words, *(["--vary-seed"] if self.vary_seed else [])]


class SuiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written. Paths are taken from its folder."""

    checks: tuple[SuiteEntry, ...] = field(name="check")
    title: str = ""
    file: str | None = None


def read_suite(path: Path) -> tuple[list[SuiteEntry], Path | None]:
    """(checks, the file to upload). Raises QuecsimError: everything that is wrong with it."""
    check = Checker(read_toml(path))
    suite = check.value((), check.source.table, SuiteFile)
    if isinstance(suite, SuiteFile) and not suite.checks:
        check.add(("check",), "there is nothing to check", "Write: [[check]] and scenario = NAME.")
    if isinstance(suite, SuiteFile):
        _check_words(check, suite)
    check.finish()
    assert isinstance(suite, SuiteFile)
    folder = path.parent
    entries = [
        msgspec.structs.replace(entry, scenario=_placed(entry.scenario, folder))
        for entry in suite.checks
    ]
    return entries, None if suite.file is None else folder / suite.file


def all_of(device: str | None) -> list[SuiteEntry]:
    """Every scenario with an upload that comes with quecsim for `device` (a name; without it, the
    EC200U), or for the device that a profile of one's own extends. Raises QuecsimError: there is no
    such device.
    """
    wanted = _shipped_base(device or _ANY_DEVICE)
    made = [load_scenario(name) for name in scenario_names()]
    names = [one.name for one in made if one.device == wanted and one.claim is not None]
    if not names:
        hint = "name scenarios of your own, or write them into a suite file (--suite)"
        raise QuecsimError(f"quecsim has no scenarios for {device}", hint=hint)
    return [SuiteEntry(name) for name in names]


def _check_words(check: Checker, suite: SuiteFile) -> None:
    """What stands in a suite becomes words of a command line, which cannot hold everything."""
    texts: list[tuple[tuple[str | int, ...], str]] = [(("file",), suite.file or "")]
    for number, entry in enumerate(suite.checks):
        at = ("check", number)
        texts += [((*at, key), getattr(entry, key) or "") for key in ("scenario", "name")]
        texts += [((*at, "allow"), rule) for rule in entry.allow]
        if entry.scenario.startswith("-"):
            hint = f"A file of that name is ./{entry.scenario}"
            check.add((*at, "scenario"), f"no scenario is called {entry.scenario!r}", hint)
    for path, text in texts:
        if "\0" in text:
            check.add(path, f"{path[-1]} holds a NUL, which no name has")


def _shipped_base(device: str) -> str:
    """The name itself, or that of the device at the end of a profile file's `extends`."""
    load_profile(device)  # says all that is wrong with it
    while device.endswith(".toml"):
        base = str(read_toml(Path(device)).table.get("extends", ""))
        device = str(Path(device).parent / base) if base.endswith(".toml") else base
    return device.lower()


def _placed(scenario: str, folder: Path) -> str:
    """A path of the suite file is from its own folder, and no option; a name is a name."""
    is_path = scenario.endswith(".toml") or "/" in scenario
    placed = str(folder / scenario) if is_path else scenario
    return f"./{placed}" if placed.startswith("-") else placed
