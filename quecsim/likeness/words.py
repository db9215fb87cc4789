"""A comparison in words, and as plain data for JSON."""

from collections.abc import Iterable
from typing import Any

from quecsim.errors import printable
from quecsim.likeness.comparison import Comparison, Difference, Record
from quecsim.likeness.times import Pair, Spread
from quecsim.profiles.schema import Profile
from quecsim.units import S

_MOST_SHOWN = 20
_MOST_CHARACTERS = 160


def verdict(comparison: Comparison) -> str:
    """In one line: alike or not, and in how many exchanges."""
    count, compared = len(comparison.differences), comparison.compared
    exchanges = "exchange" if compared == 1 else "exchanges"
    if not count:
        return f"like: the replies of all {compared} {exchanges} agree"
    return f"differs in {count} of {compared} {exchanges}"


def text(record: Record, profile: Profile, comparison: Comparison, *, most: int = 0) -> str:
    """All of it for people: at most so many differences, 0 for the usual number."""
    lines = [f"{profile.name} beside {record.source}: {verdict(comparison)}"]
    if told := record.beginning.words(profile):
        lines.append(f"begins as the module was: {', '.join(told)}")
    shown = comparison.differences[: most or _MOST_SHOWN]
    for each in shown:
        lines += ["", *_difference(each)]
    if len(shown) < len(comparison.differences):
        lines += ["", f"and {len(comparison.differences) - len(shown)} more"]
    lines += _besides(comparison)
    return "\n".join(map(printable, lines))


def _difference(one: Difference) -> list[str]:
    lines = [f"{one.number:>4}  {_seconds(one.at_ns)}  {one.line}"]
    if one.is_unread:
        return [*lines, f"      module   {_quoted(one.module)}",
                "      profile  does not take it for a command"]  # fmt: skip
    what = "echo  " if one.is_echo else ""
    return [
        *lines,
        f"      module   {what}{_quoted(one.module)}",
        f"      profile  {what}{_quoted(one.profile)}",
    ]


def _besides(comparison: Comparison) -> list[str]:
    lines: list[str] = []
    for line in comparison.unsent:
        lines.append(f"{line}: refused by the profile, so its data was not sent")
    if comparison.lost_at:
        lines.append(f"not compared from {comparison.lost_at} on: the profile stays in data mode")
    lines += [f"unsolicited, only from the {side}: {told}" for side, told in comparison.urcs]
    if differing := [pair for pair in comparison.pairs if pair.differs]:
        lines.append("times that differ (median, and its interval):")
        lines += [_pair(pair) for pair in differing]
    if comparison.masked:
        told = (f"{words} ({', '.join(names)})" for words, names in comparison.masked.items())
        lines.append(f"left out, because it differs by itself: {'; '.join(told)}")
    return ["", *lines] if lines else []


def _pair(pair: Pair) -> str:
    return f"  {pair.what}: module {_spread(pair.module)}, profile {_spread(pair.profile)}"


def _spread(one: Spread) -> str:
    if one.count == 1:
        return f"{_ms(one.median_ns)} ms (once)"
    return f"{_ms(one.median_ns)} ms ({_ms(one.low_ns)}-{_ms(one.high_ns)}, {one.count} times)"


def _ms(time_ns: int) -> str:
    return f"{time_ns / 1e6:.1f}"


def _seconds(at_ns: int) -> str:
    return f"{at_ns / S:.3f} s"


def _quoted(said: bytes) -> str:
    """As it came, on one line: `\\r\\n` stands for a line end."""
    told = said.decode("latin-1").encode("unicode_escape").decode("ascii")
    if not told:
        return "nothing"
    return told if len(told) <= _MOST_CHARACTERS else f"{told[:_MOST_CHARACTERS]}..."


# for machines


def table(record: Record, profile: Profile, comparison: Comparison) -> dict[str, Any]:
    """The same as plain data; times in nanoseconds, bytes as text with one character each."""
    return {
        "profile": profile.name,
        "record": record.source,
        "like": not comparison.differences,
        "exchanges": comparison.compared,
        "begins_with": record.beginning.words(profile),
        "differences": [_difference_table(each) for each in comparison.differences],
        "times": [_pair_table(pair) for pair in comparison.pairs],
        "unsolicited": [{"side": side, "text": told} for side, told in comparison.urcs],
        "masked": {words: list(names) for words, names in comparison.masked.items()},
        "not_sent": list(comparison.unsent),
        "not_compared_from": comparison.lost_at,
    }


def _difference_table(one: Difference) -> dict[str, Any]:
    return {
        "exchange": one.number,
        "at_ns": one.at_ns,
        "line": one.line,
        "what": "unread" if one.is_unread else "echo" if one.is_echo else "reply",
        "module": one.module.decode("latin-1"),
        "profile": one.profile.decode("latin-1"),
    }


def _pair_table(pair: Pair) -> dict[str, Any]:
    sides: Iterable[tuple[str, Spread]] = (("module", pair.module), ("profile", pair.profile))
    return {
        "what": pair.what,
        "differs": pair.differs,
        **{
            side: {
                "count": one.count,
                "median_ns": one.median_ns,
                "low_ns": one.low_ns,
                "high_ns": one.high_ns,
            }
            for side, one in sides
        },
    }
