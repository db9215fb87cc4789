"""How long answers take: medians with their intervals, of a module and of a simulated device."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import comb
from statistics import median_low

from quecsim.likeness.exchange import Exchange
from quecsim.units import ms

GRAIN_NS, PIECE_GRAIN_NS = ms(2), ms(16)
"""A listener's times are no better than that: two medians that are nearer are the same. One who
knows only when pieces came has them from an adapter, which holds them back for up to 16 ms.
"""
_OFTEN = 3
_EXACT = 200  # above so many times the usual approximation does


@dataclass(frozen=True, slots=True)
class Spread:
    """Times in ns: `count` of them, their median, and the interval in which the true median lies in
    95 of 100 cases. Of fewer than six times all of them are the interval; of one or two, which say
    little, it is wider by half of them.
    """

    count: int
    median_ns: int
    low_ns: int
    high_ns: int

    def holds(self, time_ns: int, grain_ns: int) -> bool:
        """Whether the interval has that time, as nearly as a listener can tell."""
        return self.low_ns - grain_ns <= time_ns <= self.high_ns + grain_ns


def spread_of(times_ns: Sequence[int]) -> Spread:
    """Of one time or more."""
    ordered = sorted(times_ns)
    skipped = _skipped(len(ordered))
    if len(ordered) < _OFTEN:
        low_ns, high_ns = ordered[0] // 2, ordered[-1] * 3 // 2
        return Spread(len(ordered), median_low(ordered), low_ns, high_ns)
    return Spread(len(ordered), median_low(ordered), ordered[skipped], ordered[-1 - skipped])


@dataclass(slots=True)
class Pair:
    """`what` took so long: the times of both, exchange by exchange; two that are nearer than
    `grain_ns` are the same.
    """

    what: str
    module_ns: list[int] = field(default_factory=list)
    profile_ns: list[int] = field(default_factory=list)
    grain_ns: int = GRAIN_NS

    @property
    def module(self) -> Spread:
        """The module's times."""
        return spread_of(self.module_ns)

    @property
    def profile(self) -> Spread:
        """The simulated device's."""
        return spread_of(self.profile_ns)

    @property
    def differs(self) -> bool:
        """The two intervals lie apart."""
        one, other = self.module, self.profile
        gap_ns = max(one.low_ns - other.high_ns, other.low_ns - one.high_ns)
        return gap_ns > self.grain_ns


def told_apart(exchanges: Iterable[Exchange]) -> frozenset[str]:
    """The lines whose times are told by themselves: those that come three times or more."""
    counts = Counter(each.text for each in exchanges)
    return frozenset(line for line, count in counts.items() if count >= _OFTEN)


def pairs_of(
    module: Iterable[Exchange],
    profile: Mapping[int, Exchange],
    often: Collection[str],
    grain_ns: int,
) -> list[Pair]:
    """The times of the exchanges that ended alike, by command, or by line for those of `often`."""
    pairs: defaultdict[str, Pair] = defaultdict(lambda: Pair("", grain_ns=grain_ns))
    for was in module:
        now = profile.get(was.key)
        if now is None or not _is_alike(was, now):
            continue
        name = _named(was, was.text if was.text in often else "")
        both = [(name, was.reply_ns, now.reply_ns)]
        both.append((f"{name}, its end", was.end_ns, now.end_ns))
        both += [(f"{name}, an A", *acks) for acks in zip(was.acks, now.acks, strict=False)]
        for what, one_ns, other_ns in both:
            if one_ns is not None and other_ns is not None:
                pair = pairs[what]
                pair.what = what
                pair.module_ns.append(one_ns)
                pair.profile_ns.append(other_ns)
    return list(pairs.values())


def _is_alike(was: Exchange, now: Exchange) -> bool:
    """Both said yes, or both said no."""
    if was.result is None or now.result is None:
        return False
    return (was.result.text == "OK") == (now.result.text == "OK")


_SIGNS = {"test": "=?", "read": "?", "write": "=", "execute": ""}


def _named(exchange: Exchange, line: str) -> str:
    """The line, or its commands without what stands behind them; a failure is another thing."""
    parts = [
        f"{name}{_SIGNS.get(form, '') if name.startswith('+') else ''}"
        for name, form in exchange.calls
    ]
    told = line or f"AT{';'.join(parts)}"
    is_ok = exchange.result is not None and exchange.result.text == "OK"
    return told if is_ok else f"{told}, refused"


@cache
def _skipped(count: int) -> int:
    """How many times at each end lie outside the interval, by the binomial law: 2.5 % at each."""
    if count > _EXACT:
        return int((count - 1.96 * count**0.5) / 2) - 1
    below = skipped = 0
    for rank in range(count // 2):
        below += comb(count, rank)
        if 40 * below > 2**count:
            break
        skipped = rank
    return skipped
