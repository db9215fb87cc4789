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
_BYTES_BEFORE = 24
_INDENT = " " * 6


def verdict(comparison: Comparison) -> str:
    """In one line: alike or not, and in how many exchanges."""
    count, compared = comparison.count, comparison.compared
    exchanges, replies = "exchanges", f"replies of all {compared} exchanges agree"
    if compared == 1:
        exchanges, replies = "exchange", "reply of the one exchange agrees"
    runs = f", in {comparison.runs} runs" if comparison.runs > 1 else ""
    if not compared:
        return "nothing to compare: the host has sent no command line"
    if comparison.differences:
        return f"differs in {count} of {compared} {exchanges}{runs}"
    return f"like: the {replies}{runs}"


def text(record: Record, profile: Profile, comparison: Comparison, explained: Explained) -> str:
    """All of it for people."""
    lines = [f"{profile.name} beside {record.source}: {verdict(comparison)}"]
    if before := record.then.get("verdict"):
        lines.append(f"as compared when it was made: {before}")
    if told := record.beginning.words(profile):
        lines.append(f"begins as the module was: {', '.join(told)}")
    for each in comparison.differences[:_MOST_SHOWN]:
        lines += ["", *_difference(each, comparison.runs), *_explanation(each.key, explained)]
    if (left := len(comparison.differences) - _MOST_SHOWN) > 0:
        lines += ["", f"and {left} more: --json has them all"]
    for part in (_together(explained), _besides(comparison, explained)):
        lines += ["", *part] if part else []
    return "\n".join(map(printable, lines))


def _difference(one: Difference, runs: int) -> Iterator[str]:
    often = f"  (in {one.runs} of {runs} runs)" if one.runs < runs else ""
    yield f"{one.number:>4}  {one.at_ns / S:.3f} s  {one.line}{often}"
    what = "echo  " if one.is_echo else ""
    start = _shown_from(one.module, one.profile)
    yield f"{_INDENT}module   {what}{quoted(one.module, start)}"
    told = f"{what}{quoted(one.profile, start)}"
    yield f"{_INDENT}profile  {'does not take it for a command' if one.is_unread else told}"


def _shown_from(module: bytes, profile: bytes) -> int:
    """The byte from which on both are shown: near to the first that differs, in long ones."""
    if max(len(module), len(profile)) <= _MOST_BYTES:
        return 0
    pairs = enumerate(zip(module, profile, strict=False))
    alike = next((at for at, (one, other) in pairs if one != other), min(len(module), len(profile)))
    return max(0, alike - _BYTES_BEFORE)


def _explanation(key: int, explained: Explained) -> Iterator[str]:
    changes, head = explained.alone.get(key, ()), "explained by"
    if not changes:
        changes, head = explained.after.get(key, ()), "explained, with the others, by"
    for number, change in enumerate(changes[:_MOST_CHANGES]):
        yield f"{_INDENT}{'or' if number else head} {change.words}"


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
    for why in dict.fromkeys(why for why, _ in comparison.left_out):
        told = ", ".join(line for each, line in comparison.left_out if each == why)
        lines.append(f"not compared, because {why}: {told}")
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


def quoted(said: bytes, start: int = 0) -> str:
    """As it came, from byte `start` on, on one line: `\\r\\n` stands for a line end."""
    shown = said[start : start + _MOST_BYTES]
    told = shown.decode("latin-1").encode("unicode_escape").decode("ascii")
    more = len(said) - start - len(shown)
    if not said:
        return "nothing"
    head = f"(from byte {start} on) " if start else ""
    return f"{head}{told}{f' and {more} bytes more' if more else ''}"


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
        "differences": [_difference_table(each, explained) for each in comparison.differences],
        "with_values": [_change_table(each) for each in explained.together],
        "differing_then": explained.left.count,
        "searched_all": explained.is_whole,
        "times": [
            _pair_table(pair, explained.times.get(pair.what, ())) for pair in comparison.pairs
        ],
        "unsolicited": [{"side": side, "text": told} for side, told in comparison.urcs],
        "varying": list(comparison.varying),
        "left_out": [{"why": why, "line": line} for why, line in comparison.left_out],
        "masked": {words: list(names) for words, names in comparison.masked.items()},
        "not_sent": list(comparison.unsent),
        "not_compared_from": comparison.lost_at,
    }


def _change_table(change: Change) -> dict[str, Any]:
    return {"key": change.place, "value": change.value}


def _difference_table(one: Difference, explained: Explained) -> dict[str, Any]:
    alone, after = explained.alone.get(one.key, ()), explained.after.get(one.key, ())
    return {
        "exchange": one.number,
        "at_ns": one.at_ns,
        "line": one.line,
        "what": "unread" if one.is_unread else "echo" if one.is_echo else "reply",
        "module": one.module.decode("latin-1"),
        "profile": one.profile.decode("latin-1"),
        "runs": one.runs,
        "explained_by": [_change_table(each) for each in alone],
        "with_the_others_by": [_change_table(each) for each in after],
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
