"""A comparison in words, and as plain data for JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from quecsim.errors import printable
from quecsim.likeness.changes import Change
from quecsim.likeness.comparison import Comparison, Difference, Record
from quecsim.likeness.search import Explained
from quecsim.likeness.times import Pair, Spread
from quecsim.profiles.schema import Profile
from quecsim.units import S

_MOST_SHOWN = 20
_MOST_CHANGES = 3
_MOST_BYTES = 160
_INDENT = " " * 6


def verdict(comparison: Comparison) -> str:
    """In one line: alike or not, and in how many exchanges."""
    count, compared = comparison.count, comparison.compared
    exchanges = "exchange" if compared == 1 else "exchanges"
    runs = f", in {comparison.runs} runs" if comparison.runs > 1 else ""
    if not compared:
        return "nothing to compare: the host has sent no command line"
    if comparison.differences:
        return f"differs in {count} of {compared} {exchanges}{runs}"
    return f"like: the replies of all {compared} {exchanges} agree{runs}"


def text(record: Record, profile: Profile, comparison: Comparison, explained: Explained) -> str:
    """All of it for people."""
    lines = [f"{profile.name} beside {record.source}: {verdict(comparison)}"]
    if before := record.then.get("verdict"):
        lines.append(f"as compared when it was made: {before}")
    if told := record.beginning.words(profile):
        lines.append(f"begins as the module was: {', '.join(told)}")
    for each in comparison.differences[:_MOST_SHOWN]:
        alone = explained.alone.get(each.key, ())
        lines += ["", *_difference(each, comparison.runs), *_explanation(alone)]
    if (left := len(comparison.differences) - _MOST_SHOWN) > 0:
        lines += ["", f"and {left} more: --json has them all"]
    for part in (_together(explained), _besides(comparison, explained)):
        lines += ["", *part] if part else []
    return "\n".join(map(printable, lines))


def _difference(one: Difference, runs: int) -> Iterator[str]:
    often = f"  (in {one.runs} of {runs} runs)" if one.runs < runs else ""
    yield f"{one.number:>4}  {one.at_ns / S:.3f} s  {one.line}{often}"
    what = "echo  " if one.is_echo else ""
    yield f"{_INDENT}module   {what}{quoted(one.module)}"
    told = "does not take it for a command" if one.is_unread else f"{what}{quoted(one.profile)}"
    yield f"{_INDENT}profile  {told}"


def _explanation(changes: Sequence[Change]) -> Iterator[str]:
    for number, change in enumerate(changes[:_MOST_CHANGES]):
        yield f"{_INDENT}{'or' if number else 'explained by'} {change.words}"


def _together(explained: Explained) -> list[str]:
    """What all the values that help come to."""
    changes = explained.together
    if not changes:
        return []
    left = explained.left
    told = "all agree" if not left.count else f"{left.count} still differ{'s' * (left.count == 1)}"
    if len(changes) == 1:
        return [f"with {changes[0].words}: {told}"]
    return [f"with these {len(changes)} values: {told}", *(f"  {each.words}" for each in changes)]


def _besides(comparison: Comparison, explained: Explained) -> list[str]:
    lines = [
        f"{line}: refused by the profile, so its data was not sent" for line in comparison.unsent
    ]
    if comparison.lost_at:
        lines.append(f"not compared from {comparison.lost_at} on: the profile stays in data mode")
    if comparison.varying:
        told = ", ".join(comparison.varying)
        lines.append(f"the module itself says one thing and another to {told}")
    lines += [f"unsolicited, only from the {side}: {told}" for side, told in comparison.urcs]
    if differing := [pair for pair in comparison.pairs if pair.differs]:
        lines.append("times that differ (median, and the interval it is in):")
        lines += [_pair(pair, explained.times.get(pair.what, ())) for pair in differing]
    if comparison.masked:
        left_out = (f"{words} ({', '.join(names)})" for words, names in comparison.masked.items())
        lines.append(f"left out, because it differs by itself: {'; '.join(left_out)}")
    if not explained.is_whole:
        lines.append(f"the search for values was ended after {explained.runs} runs")
    return lines


def _pair(pair: Pair, changes: Sequence[Change]) -> str:
    why = f"; explained by {changes[0].words}" if changes else ""
    return f"  {pair.what}: module {_spread(pair.module)}, profile {_spread(pair.profile)}{why}"


def _spread(one: Spread) -> str:
    if one.count < 3:
        return f"{_ms(one.median_ns)} ms ({'once' if one.count == 1 else 'twice'})"
    return f"{_ms(one.median_ns)} ms ({_ms(one.low_ns)}-{_ms(one.high_ns)}, {one.count} times)"


def _ms(time_ns: int) -> str:
    return f"{time_ns / 1e6:.1f}"


def quoted(said: bytes) -> str:
    """As it came, on one line: `\\r\\n` stands for a line end."""
    told = said[:_MOST_BYTES].decode("latin-1").encode("unicode_escape").decode("ascii")
    if not told:
        return "nothing"
    more = len(said) - _MOST_BYTES
    return told if more <= 0 else f"{told} and {more} bytes more"


# for machines


def table(
    record: Record, profile: Profile, comparison: Comparison, explained: Explained
) -> dict[str, Any]:
    """The same as plain data; times in nanoseconds, bytes as text with one character each."""
    return {
        "profile": profile.name,
        "record": record.source,
        "verdict": verdict(comparison),
        "like": not comparison.differences,
        "exchanges": comparison.compared,
        "runs": comparison.runs,
        "differing": comparison.count,
        "begins_with": record.beginning.words(profile),
        "differences": [
            _difference_table(each, explained.alone.get(each.key, ()))
            for each in comparison.differences
        ],
        "with_values": [_change_table(each) for each in explained.together],
        "differing_then": explained.left.count,
        "searched_all": explained.is_whole,
        "times": [
            _pair_table(pair, explained.times.get(pair.what, ())) for pair in comparison.pairs
        ],
        "unsolicited": [{"side": side, "text": told} for side, told in comparison.urcs],
        "varying": list(comparison.varying),
        "masked": {words: list(names) for words, names in comparison.masked.items()},
        "not_sent": list(comparison.unsent),
        "not_compared_from": comparison.lost_at,
    }


def _change_table(change: Change) -> dict[str, Any]:
    return {"key": change.place, "value": change.value}


def _difference_table(one: Difference, changes: Iterable[Change]) -> dict[str, Any]:
    return {
        "exchange": one.number,
        "at_ns": one.at_ns,
        "line": one.line,
        "what": "unread" if one.is_unread else "echo" if one.is_echo else "reply",
        "module": one.module.decode("latin-1"),
        "profile": one.profile.decode("latin-1"),
        "runs": one.runs,
        "explained_by": [_change_table(each) for each in changes],
    }


def _pair_table(pair: Pair, changes: Iterable[Change]) -> dict[str, Any]:
    sides = (("module", pair.module), ("profile", pair.profile))
    return {
        "what": pair.what,
        "differs": pair.differs,
        **{side: _spread_table(one) for side, one in sides},
        "explained_by": [_change_table(each) for each in changes],
    }


def _spread_table(one: Spread) -> dict[str, int]:
    return {
        "count": one.count,
        "median_ns": one.median_ns,
        "low_ns": one.low_ns,
        "high_ns": one.high_ns,
    }
