"""One scenario under each plausible reading of its device: what a host must be able to bear.

A reading changes one quirk (`quecsim.profiles.quirks`). Some say nothing unless there is trouble of
the right kind, which is then part of it: data that stops, a file that is there, a full storage.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from quecsim.faults.kinds.disk_full import DiskFull
from quecsim.faults.kinds.drop_bytes import DropBytes
from quecsim.faults.kinds.existing_file import ExistingFile
from quecsim.profiles.quirks import QUIRKS, given, quirk_text
from quecsim.scenario.schema import Scenario

_LOST_BYTE = 500  # of all that the host sends: behind the commands, in any certificate

Trouble = Callable[[Scenario, str], Scenario]


@dataclass(frozen=True, slots=True)
class Reading:
    """`scenario` with the quirk `name` at `value`; `can_fail`: trouble is part of it."""

    name: str
    value: Any
    scenario: Scenario
    can_fail: bool

    @property
    def text(self) -> str:
        """As it is typed: `write_blank_line=false`."""
        return quirk_text(self.name, self.value)


def _stops(scenario: Scenario, _name: str) -> Scenario:
    return replace(scenario, faults=(*scenario.faults, DropBytes(at_byte=_LOST_BYTE)))


def _is_full(scenario: Scenario, _name: str) -> Scenario:
    return replace(scenario, faults=(*scenario.faults, DiskFull()))


def _is_there(scenario: Scenario, name: str) -> Scenario:
    return replace(scenario, faults=(*scenario.faults, ExistingFile(name=name, text="old")))


# Quirk -> the trouble without which nobody meets it, and whether the upload can be right then.
_TROUBLE: dict[str, tuple[Trouble, bool]] = {
    "upload_timeout": (_stops, True),
    "write_timeout": (_stops, True),
    "secure_timeout": (_stops, True),
    "no_room": (_is_full, True),
    "no_room_error": (_is_full, True),
    "existing_file": (_is_there, False),
}


def readings(scenario: Scenario, name: str) -> Iterator[Reading]:
    """Each other plausible reading of the scenario's device, for an upload to the file `name`.

    What the scenario says itself stays. Where a reading needs trouble to be met, the device's own
    is tried with that trouble, too.
    """
    profile = scenario.profile()
    set_already = {quirk.name for quirk, _ in given(scenario.quirks)}
    for quirk in QUIRKS.values():
        if quirk.name in set_already:
            continue
        trouble, can_fail = _TROUBLE.get(quirk.name, (None, False))
        own, *others = quirk.plausible(profile) or (None,)
        if not others:
            continue
        for value in [own, *others] if trouble is not None else others:
            changed = replace(scenario, quirks=replace(scenario.quirks, **{quirk.name: value}))
            met = changed if trouble is None else trouble(changed, name)
            yield Reading(quirk.name, value, met, can_fail)
