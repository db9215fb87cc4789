"""Looking for an event in what a run has kept: which one, from where on."""

from collections.abc import Mapping
from typing import Any, Literal

from quecsim.errors import QuecsimError
from quecsim.flash.labels import label_of
from quecsim.trace.event import CommandLine, Event, Result
from quecsim.trace.log import EventLog
from quecsim.trace.pattern import EventPattern

_COMMANDS: dict[type[Any], str] = {CommandLine: "text", Result: "line"}  # fields that hold one
Since = Literal["now", "start"] | Event


def event_pattern(kind: type[Any] | str, fields: Mapping[str, Any]) -> EventPattern:
    """The pattern; names and commands may be spelled as a host does (`UFS:ca.pem`, `ATI`)."""
    given = dict(fields)
    pattern = EventPattern(kind, given)
    if isinstance(given.get("name"), str):
        given["name"] = label_of(given["name"])
    command = _COMMANDS.get(pattern.kind, "")
    if isinstance(given.get(command), str) and given[command][:2].upper() == "AT":
        given[command] = given[command][2:]  # the record has command lines without it
    return EventPattern(kind, given)


def first_number(log: EventLog, since: Since) -> int:
    """The number of the first event to look at. Raises QuecsimError for a `since` that is none."""
    if isinstance(since, str):
        if since not in ("now", "start"):
            raise QuecsimError(
                f"since={since!r} cannot be", hint='it is "now", "start" or an event'
            )
        return log.next_number if since == "now" else 0
    number = log.number_of(since)
    return log.first_number if number is None else number + 1


def find_event(log: EventLog, pattern: EventPattern, number: int) -> tuple[int, Event] | None:
    """The first event of that pattern from `number` on, with its number; None: not yet."""
    for found, event in log.since(number):
        if pattern.matches(event):
            return found, event
    return None
