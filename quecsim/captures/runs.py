"""What was heard in order, time never going back, and bytes that follow one another as one run.

A run ends where the line was idle, or the other side says something: so what came before what stays
as it was heard.
"""

from collections.abc import Iterator

from quecsim.captures.opened import Tally, Told
from quecsim.observed.heard import Heard
from quecsim.units import S

MOST_BYTES = 4096
"""No run is longer."""
_LONGEST_NS = 100 * 365 * 86_400 * S


def in_order(told: Iterator[Told], *, is_clock: bool, tally: Tally) -> Iterator[Told]:
    """Times from the start of the capture: those of a clock on the wall, and those from before a
    trigger, count from the first. One that goes back, or cannot be, is set to the last.
    """
    origin_ns: int | None = None
    last_ns = 0
    for each in told:
        if origin_ns is None:
            origin_ns = each.at_ns if is_clock or each.at_ns < 0 else 0
        at_ns = each.at_ns - origin_ns
        if not last_ns <= at_ns <= _LONGEST_NS:
            tally.backward += 1
            at_ns = last_ns
        last_ns = at_ns
        yield each if at_ns == each.at_ns else _moved(each, at_ns)


def joined(told: Iterator[Told], byte_ns: int) -> Iterator[Told]:
    """Runs: each byte comes `byte_ns` after the one before, give or take half of that. With 0 the
    time of a byte is not known, and only what was heard at one time is one run.
    """
    run: Heard | None = None
    parts: list[bytes] = []
    count = 0
    for each in told:
        if run is not None and isinstance(each, Heard) and each.side == run.side:
            late_ns = each.at_ns - run.at_ns - count * byte_ns
            is_next = abs(late_ns) * 2 <= byte_ns if byte_ns else each.at_ns == run.at_ns
            if is_next and count + len(each.data) <= MOST_BYTES:
                parts.append(each.data)
                count += len(each.data)
                continue
        if run is not None:
            yield _whole(run, parts)
            run = None
        if isinstance(each, Heard):
            run, parts, count = each, [each.data], len(each.data)
        else:
            yield each
    if run is not None:
        yield _whole(run, parts)


def _whole(run: Heard, parts: list[bytes]) -> Heard:
    return run if len(parts) == 1 else Heard(run.at_ns, run.side, b"".join(parts))


def _moved(each: Told, at_ns: int) -> Told:
    if isinstance(each, Heard):
        return Heard(at_ns, each.side, each.data)
    from msgspec.structs import replace

    return replace(each, at_ns=at_ns)
