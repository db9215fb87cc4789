"""What a module said beside what the simulated device of a profile says to the same host."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from quecsim.likeness.beginning import Beginning, beginning_of
from quecsim.likeness.changes import Clue
from quecsim.likeness.exchange import Exchange, Reading
from quecsim.likeness.follow import Followed, follow, renumbered
from quecsim.likeness.listened import baud_of, listened, source_of, start_of
from quecsim.likeness.masks import masked
from quecsim.likeness.moves import Played, played
from quecsim.likeness.times import Pair, pairs_of
from quecsim.profiles.schema import Profile
from quecsim.trace.event import End, Event
from quecsim.trace.setup import Lack


@dataclass(frozen=True, slots=True)
class Difference:
    """Exchange `number` (from 1) of the record, `line` at `at_ns`: `module` is what the module
    said, masked, and `profile` what the simulated device says. `echo`: it is about the echo alone.
    `is_unread`: the simulated device has taken the line for data, or lost it. `clue` is what values
    can be read off it.
    """

    number: int
    key: int
    at_ns: int
    line: str
    module: bytes
    profile: bytes
    is_echo: bool = False
    is_unread: bool = False
    clue: Clue | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """A module's session, read with the commands of a profile, and how the module was before it."""

    played: Played
    beginning: Beginning
    source: str
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`compared` exchanges of the record, those that differ, and what is told besides.

    `masked` is what was left out, with the commands it is in; `urcs` are the unsolicited texts of
    only one side, as (side, text); `lost_at`, the line from which on the simulated device could not
    follow, is empty where it could.
    """

    compared: int
    differences: tuple[Difference, ...]
    pairs: tuple[Pair, ...]
    masked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    urcs: tuple[tuple[str, str], ...] = ()
    lost_at: str = ""
    unsent: tuple[str, ...] = ()
    unreached: frozenset[int] = frozenset()

    @property
    def keys(self) -> frozenset[int]:
        """Of the exchanges that differ, and of those that were not come to."""
        return frozenset(each.key for each in self.differences) | self.unreached


def record_of(events: Sequence[Event], profile: Profile) -> Record:
    """A record for a comparison with `profile`. Raises QuecsimError where it is none."""
    start = start_of(events)
    source = source_of(start)
    is_whole = isinstance(events[-1], End)
    session = played(listened(events, profile), is_whole=is_whole)
    has_bytes = "exact-bytes" not in source.lacks
    exchanges = session.reading.exchanges.values()
    beginning = beginning_of(exchanges, baud=baud_of(start), has_echo=has_bytes)
    return Record(session, beginning, source.words, source.lacks)


def compare(record: Record, profile: Profile) -> Comparison:
    """The session again, with the simulated device of `profile`."""
    followed = follow(record.played, profile, record.beginning)
    return _Comparing(record, followed).made()


class _Comparing:
    def __init__(self, record: Record, followed: Followed) -> None:
        self._record = record
        self._followed = followed
        self._was: Reading = record.played.reading
        self._is: Reading = followed.reading
        self._by_lines = "exact-bytes" in record.lacks
        self._masked: dict[str, dict[str, None]] = {}

    def made(self) -> Comparison:
        was = list(self._was.exchanges.values())
        lost_at = self._followed.lost_at
        reached = [each for each in was if lost_at < 0 or each.key <= lost_at]
        if reached and not self._record.played.is_whole and reached[-1].result is None:
            reached.pop()  # the record breaks off before its answer
        numbered = list(enumerate(reached, 1))
        found = [one for number, each in numbered if (one := self._difference(number, each))]
        unreached = frozenset(each.key for each in was[len(reached) :]) if lost_at >= 0 else None
        return Comparison(
            compared=len(reached),
            differences=tuple(found),
            pairs=tuple(pairs_of(reached, self._is.exchanges, self._record.lacks)),
            masked={words: tuple(names) for words, names in self._masked.items()},
            urcs=tuple(self._urcs()),
            lost_at=was[len(reached)].text if len(reached) < len(was) and lost_at >= 0 else "",
            unsent=tuple(self._was.exchanges[key].text for key in sorted(self._followed.unsent)),
            unreached=unreached or frozenset(),
        )

    def _difference(self, number: int, was: Exchange) -> Difference | None:
        now = self._is.exchanges.get(was.key)
        module = self._without(was)
        at_ns, line = was.asked_ns, was.text
        if now is None:
            if not was.said:
                return None
            return Difference(number, was.key, at_ns, line, module, b"", is_unread=True)
        profile = self._without(now)
        if self._form(module) != self._form(profile):
            clue = self._clue(was, now)
            return Difference(number, was.key, at_ns, line, module, profile, clue=clue)
        echoes = was.echo, self._echo(now)
        if not self._by_lines and was.said and echoes[0] != echoes[1]:
            return Difference(number, was.key, at_ns, line, *echoes, is_echo=True)
        return None

    def _clue(self, was: Exchange, now: Exchange) -> Clue | None:
        """What values can be read off it, of a line with one command."""
        if len(was.calls) != 1 or was.result is None or now.result is None:
            return None
        sides = (was.lines, now.lines, was.result.text, now.result.text)
        cause = self._followed.causes.get(was.key, "")
        handle = was.handle if was.handle != now.handle else -1
        return Clue(*was.calls[0], *sides, cause, handle)

    def _echo(self, now: Exchange) -> bytes:
        return renumbered(now.echo, self._followed.handles)

    def _without(self, exchange: Exchange) -> bytes:
        """The reply without what differs by itself."""
        reply, words = masked(exchange.reply, exchange.names)
        for word in words:
            self._masked.setdefault(word, {}).update(dict.fromkeys(exchange.names))
        return reply

    def _form(self, reply: bytes) -> bytes | list[bytes]:
        """What is compared of it: all, or the lines where the record has no more."""
        if not self._by_lines:
            return reply
        return [line for part in reply.splitlines() if (line := part.strip())]

    def _urcs(self) -> list[tuple[str, str]]:
        was = [text for _, text in self._was.urcs]
        now = [text for _, text in self._is.urcs]
        found: list[tuple[str, str]] = []
        for what, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if what != "equal":
                found += [("module", text) for text in was[i1:i2]]
                found += [("profile", text) for text in now[j1:j2]]
        return found
