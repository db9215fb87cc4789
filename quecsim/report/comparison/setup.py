"""What two runs began with: every value that differs, by its name in the profile or the set-up."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from quecsim.report.comparison.model import Difference, Kind
from quecsim.report.comparison.words import short
from quecsim.trace.event import Start

MOST_LISTED = 40
_NONE = "nothing"
# All else of a scenario is in the profile and the set-up.
_AROUND = ("service", "name", "caller", "ble_peer")
_UNTOLD = ("contents", "packages", "around")  # what is in them is told as a whole


def setup_differences(before: Start, after: Start) -> Iterator[Difference]:
    """From the most telling to the least."""
    for what, a, b in _pairs(before, after):
        if a != b:
            yield Difference(Kind.SETUP, what, _text(a), _text(b))
    if before.observed is not None or after.observed is not None:
        return  # a real device's other values are not known
    for name in _AROUND:
        a, b = (start.origin.scenario.get(name) for start in (before, after))
        if a != b:
            yield Difference(Kind.SETUP, f"[[{name}]] of the scenario", _text(a), _text(b))
    yield from _flat("", _profile(before), _profile(after))
    yield from _flat("set-up: ", _config(before), _config(after))
    for name in _UNTOLD:
        a, b = before.config.get(name), after.config.get(name)
        if a != b:
            yield Difference(Kind.SETUP, f"set-up: {name}", "as it was", "another")


def _pairs(before: Start, after: Start) -> Iterator[tuple[str, Any, Any]]:
    yield "device", before.device, after.device
    yield "heard from", _heard(before), _heard(after)
    yield "scenario", before.origin.name, after.origin.name
    yield "port", before.port, after.port
    yield "seed", before.seed, after.seed
    yield "faults", _faults(before), _faults(after)
    yield "quecsim", before.origin.version, after.origin.version
    yield "host program", " ".join(before.origin.command), " ".join(after.origin.command)


def _heard(start: Start) -> str | None:
    return start.observed.source if start.observed is not None else None


def _faults(start: Start) -> str:
    return ", ".join(str(fault.get("kind", "?")) for fault in start.faults)


def _profile(start: Start) -> dict[str, Any]:
    """The device's values; how each is known is no difference of the run."""
    if start.profile is None:
        return {}
    values: dict[str, Any] = msgspec.to_builtins(start.profile)
    return {name: value for name, value in values.items() if name != "provenance"}


def _config(start: Start) -> dict[str, Any]:
    return {name: value for name, value in start.config.items() if name not in _UNTOLD}


def _flat(prefix: str, before: Any, after: Any) -> Iterator[Difference]:
    """Of two trees of values, the leaves that differ."""
    a, b = dict(_leaves("", before)), dict(_leaves("", after))
    for name in [*a, *(name for name in b if name not in a)]:
        if a.get(name) != b.get(name):
            yield Difference(Kind.SETUP, prefix + name, _text(a.get(name)), _text(b.get(name)))


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), each)
    else:
        yield name, value


def _text(value: Any) -> str:
    return short(_NONE if value in (None, "", [], {}, ()) else str(value))
