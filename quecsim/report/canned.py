"""The canned replies of a run for the report: which commands nobody modelled, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quecsim.report.model import CannedUse
from quecsim.trace.event import Called, Start

_MOST_LISTED = 100


@dataclass(slots=True)
class _Entry:
    first_ns: int
    count: int = 0


class CannedCounts:
    """Counts the answers by the reply that gave them, and the command as it was called."""

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._entries: dict[tuple[str, str], _Entry] = {}
        self.handlers: dict[type, Callable[[Any], None]] = {
            Start: self.start,
            Called: self.called,
        }

    def start(self, event: Start) -> None:
        """Where the replies of this run are from. The first that fits is the one that answers."""
        replies = event.profile.replies if event.profile is not None else ()
        self._sources = {reply.command: reply.source for reply in reversed(replies)}

    def called(self, event: Called) -> None:
        """A command; most are answered by the model."""
        if not event.canned:
            return
        key = event.canned, event.name
        if key not in self._entries and len(self._entries) >= _MOST_LISTED:
            key = event.canned, ""  # too many names
        self._entries.setdefault(key, _Entry(event.at_ns)).count += 1

    def listed(self) -> list[CannedUse]:
        """For the report, in the order in which they were first used."""
        return [
            CannedUse(reply, name, self._sources.get(reply, ""), entry.count, entry.first_ns)
            for (reply, name), entry in self._entries.items()
        ]
