"""The profile that findings make of the nearest one: its values, and the measured ones."""

from collections.abc import Iterable
from typing import Any, get_type_hints

import msgspec
from msgspec.structs import replace

from quecsim.probe.finding import Finding
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import without_none


def applied(base: Profile, findings: Iterable[Finding]) -> Profile:
    """`base` with the values of those findings that have one and fit (`misfit`)."""
    parts: dict[str, dict[str, Any]] = {}
    for finding in findings:
        if finding.is_measured and not misfit(base, finding):
            part, _, name = finding.key.partition(".")
            parts.setdefault(part, {})[name] = plain_value(finding)
    changed = {part: replace(getattr(base, part), **values) for part, values in parts.items()}
    return replace(base, **changed)


def misfit(base: Profile, finding: Finding) -> str:
    """Why a profile cannot hold the value of a finding; "" where it can."""
    part, _, name = finding.key.partition(".")
    record = getattr(base, part, None)
    if record is None:
        return f"{base.name} has no part [{part}]"
    kind = get_type_hints(type(record), include_extras=True).get(name)
    if kind is None:
        return "a profile has no such key"
    try:
        msgspec.convert(msgspec.to_builtins(finding.value), without_none(kind)[0])
    except msgspec.ValidationError as error:
        return f"a profile cannot hold {finding.value!r}: {error}"
    return ""


def plain_value(finding: Finding) -> Any:
    """The value as the profile's record has it: lists are tuples there."""
    return tuple(finding.value) if isinstance(finding.value, list) else finding.value
