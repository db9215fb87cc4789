"""What a module said beside what the simulated device of a profile says to the same host."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from quecsim.likeness.beginning import Beginning, beginning_of
from quecsim.likeness.changes import Clue
from quecsim.likeness.exchange import Exchange, Reading
from quecsim.likeness.follow import Followed, follow, renumbered
from quecsim.likeness.listened import baud_of, listened, source_of, start_of
from quecsim.likeness.masks import gives_data, masked, needs_server, without_checksum
from quecsim.likeness.moves import Played, played
from quecsim.likeness.runs import first_run, runs_of
from quecsim.likeness.times import GRAIN_NS, PIECE_GRAIN_NS, Pair, pairs_of, told_apart
from quecsim.profiles.schema import Profile
from quecsim.trace.event import End, Event
from quecsim.trace.setup import Lack


@dataclass(frozen=True, slots=True)
class Difference:
    """Exchange `number` (from 1) of a run, `line` at `at_ns`, in `runs` of them: what the module
    said, masked, and what the simulated device says. `is_echo`: it is about the echo alone.
    `is_unread`: the simulated device has taken the line for data, or lost it. `clue` is what values
    can be read off.
    """

    number: int
    key: int
    at_ns: int
    line: str
    module: bytes
    profile: bytes
    is_echo: bool = False
    is_unread: bool = False
    runs: int = 1
    clue: Clue | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """A module's session, read with the commands of a profile, and how the module was before it.
    The times of the lines in `often` are told by themselves. `then` is what a comparison found when
    the record was made, as the data of its JSON.
    """

    played: Played
    beginning: Beginning
    source: str
    lacks: tuple[Lack, ...]
    often: frozenset[str] = frozenset()
    then: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`compared` exchanges, those that differ, and what is told besides. The record is `runs` times
    the same lines: exchanges of the same place count once. To the lines of `varying` the module
    itself says one thing and another, and the profile one of them. Those of `left_out`, as
    (why, line), differ, and do not count.

    `masked` is what was left out, with the commands it is in; `urcs` are the unsolicited texts of
    only one side, as (side, text); `lost_at`, the line from which on the simulated device could not
    follow, is empty where it could.
    """

    compared: int
    runs: int
    differences: tuple[Difference, ...]
    pairs: tuple[Pair, ...]
    masked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    urcs: tuple[tuple[str, str], ...] = ()
    lost_at: str = ""
    unsent: tuple[str, ...] = ()
    unreached: frozenset[int] = frozenset()
    varying: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:
        """How many exchanges differ."""
        return len({each.number for each in self.differences})

    @property
    def keys(self) -> frozenset[int]:
        """Of the exchanges that differ, and of those that were not come to."""
        return frozenset(each.key for each in self.differences) | self.unreached

    @property
    def times(self) -> frozenset[str]:
        """What takes another time."""
        return frozenset(pair.what for pair in self.pairs if pair.differs)


def record_of(events: Sequence[Event], profile: Profile) -> Record:
    """A record for a comparison with `profile`. Raises QuecsimError where it is none."""
    start = start_of(events)
    source = source_of(start)
    is_whole = isinstance(events[-1], End)
    session = played(listened(events, profile), is_whole=is_whole)
    has_bytes = "exact-bytes" not in source.lacks
    exchanges = list(session.reading.exchanges.values())
    then = start.observed.compared if start.observed is not None else {}
    beginning = beginning_of(
        exchanges,
        baud=baud_of(start),
        has_echo=has_bytes,
        has_times="times" not in source.lacks,
    )
    often = told_apart(exchanges)
    return Record(session, beginning, source.words, source.lacks, often, then)


def shortened(record: Record) -> Record:
    """The first run alone, where the record is several times the same lines."""
    return replace(record, played=first_run(record.played))


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
        self._varying: dict[str, None] = {}
        self._left_out: dict[int, tuple[str, str]] = {}  # by their place in a run
        self._all = list(self._was.exchanges.values())
        self._runs = runs_of(self._all)

    def made(self) -> Comparison:
        lost_at = self._followed.lost_at
        reached = [each for each in self._all if lost_at < 0 or each.key <= lost_at]
        unreached = self._all[len(reached) :]
        if reached and not self._record.played.is_whole and reached[-1].result is None:
            reached.pop()  # the record breaks off before its answer
        length = max(1, len(self._all) // self._runs)
        differences = tuple(self._differences(reached, length))
        return Comparison(
            compared=min(length, len(reached)) - len(self._left_out),
            runs=self._runs,
            differences=differences,
            pairs=tuple(self._pairs(reached)),
            masked={words: tuple(names) for words, names in self._masked.items()},
            urcs=tuple(self._urcs()),
            lost_at=unreached[0].text if unreached else "",
            unsent=tuple(dict.fromkeys(self._unsent())),
            unreached=frozenset(each.key for each in unreached),
            varying=tuple(self._varying),
            left_out=tuple(self._left_out.values()),
        )

    def _differences(self, reached: list[Exchange], length: int) -> list[Difference]:
        """Those of all runs; the same one of several runs once."""
        said = defaultdict[int, set[bytes]](set)
        for place, each in enumerate(reached):
            said[place % length].add(self._form(self._without(each)))
        found: dict[tuple[int, bytes, bytes], Difference] = {}
        for place, each in enumerate(reached):
            one = self._difference(place % length, each, said[place % length])
            if one is not None:
                known = (one.number, one.module, one.profile)
                before = found.get(known)
                found[known] = one if before is None else replace(before, runs=before.runs + 1)
        return list(found.values())

    def _difference(self, place: int, was: Exchange, said: set[bytes]) -> Difference | None:
        """`said` is all that the module said to the line at this place."""
        now = self._is.exchanges.get(was.key)
        module = self._without(was)
        one = Difference(place + 1, was.key, was.asked_ns, was.text, module, b"")
        if now is None:
            return replace(one, is_unread=True) if was.said else None
        profile = self._without(now)
        form = self._form(profile)
        if form != self._form(module) and (why := self._why_left_out(was)):
            self._left_out[place] = (why, was.text)
            return None
        if form != self._form(module) and form in said:
            self._varying[was.text] = None
        elif form != self._form(module):
            return replace(one, profile=profile, clue=self._clue(was, now))
        echo = renumbered(now.echo, self._followed.handles)
        if not self._by_lines and was.said and was.echo != echo:
            return replace(one, module=was.echo, profile=echo, is_echo=True)
        return None

    def _why_left_out(self, was: Exchange) -> str:
        """Why the reply differs without anybody's fault; empty: it does not."""
        if needs_server(was.calls):
            return "a server answers the module alone"
        if "host-bytes" in self._record.lacks and gives_data(was.names):
            return "nobody heard the data of the file"
        return ""

    def _clue(self, was: Exchange, now: Exchange) -> Clue | None:
        """What values can be read off it, of a line with one command."""
        if len(was.calls) != 1 or was.result is None or now.result is None:
            return None
        command, form = was.calls[0]
        return Clue(
            command=command,
            form=form,
            module=was.lines,
            profile=now.lines,
            module_result=was.result.text,
            profile_result=now.result.text,
            cause=self._followed.causes.get(was.key, ""),
            handle=was.handle if was.handle != now.handle else -1,
        )

    def _without(self, exchange: Exchange) -> bytes:
        """The reply without what differs by itself."""
        reply, words = masked(exchange.reply, exchange.names)
        was = self._was.exchanges.get(exchange.key)
        if was is not None and was.is_unheard:
            reply, words = without_checksum(reply), {*words, "checksum"}
        for word in words:
            self._masked.setdefault(word, {}).update(dict.fromkeys(exchange.names))
        return reply

    def _form(self, reply: bytes) -> bytes:
        """What is compared of it: all, or the lines where the record has no more."""
        if not self._by_lines:
            return reply
        return b"\n".join(line for part in reply.splitlines() if (line := part.strip()))

    def _unsent(self) -> Iterator[str]:
        return (self._was.exchanges[key].text for key in sorted(self._followed.unsent))

    def _pairs(self, reached: list[Exchange]) -> list[Pair]:
        if "times" in self._record.lacks:
            return []
        grain_ns = PIECE_GRAIN_NS if "byte-times" in self._record.lacks else GRAIN_NS
        return pairs_of(reached, self._is.exchanges, self._record.often, grain_ns)

    def _urcs(self) -> list[tuple[str, str]]:
        was = [text for _, text in self._was.urcs]
        now = [text for _, text in self._is.urcs]
        found: list[tuple[str, str]] = []
        for what, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if what != "equal":
                found += [("module", text) for text in was[i1:i2]]
                found += [("profile", text) for text in now[j1:j2]]
        return found
