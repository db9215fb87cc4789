"""A Bluetooth LE connection walked event by event: the slow way to what `link.ble` computes."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.border.ble import Parameters
from quecsim.link.ble_pace import BlePace

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something for one direction: after `later` events for itself it takes so many packets."""

    at_ns: int
    number: int
    packets: int = 1
    later: int = 0


@dataclass(slots=True)
class _Head:
    asked: Asked
    left: int
    later: int


class _Side:
    def __init__(self, asked: Sequence[Asked], every: int) -> None:
        self.waiting = deque(_Head(one, one.packets, one.later) for one in asked)
        self.every = every  # it takes part in each such event

    def go(self, event: int, at_ns: int, most: int, pair_ns: int) -> list[tuple[int, int]]:
        """What gets through in this event: (time, number) of each."""
        through: list[tuple[int, int]] = []
        if event % self.every:
            return through
        now_ns = at_ns
        for _ in range(most):
            if not self.waiting or self.waiting[0].asked.at_ns > now_ns:
                break
            head = self.waiting[0]
            if head.later:
                head.later -= 1
                break
            now_ns += pair_ns
            head.left -= 1
            if not head.left:
                through.append((now_ns, head.asked.number))
                self.waiting.popleft()
        return through


def walk(
    pace: BlePace,
    parameters: Parameters,
    anchor_ns: int,
    to_peripheral: Sequence[Asked],
    to_central: Sequence[Asked],
    outages: Sequence[Span],
    until_ns: int,
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], int | None]:
    """(time, number) of what gets through each way, and when the connection ends by itself.

    The supervision time-out counts from the last event that a peripheral has to take part in.
    """
    interval_ns = parameters.interval * 1_250_000
    heard_ns, every = anchor_ns, parameters.latency + 1
    down, up = _Side(to_peripheral, every), _Side(to_central, 1)
    most = pace.event_packets(interval_ns)
    through: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    event, at_ns, was_out = 0, anchor_ns, False
    still_ns = max((end for _, end in outages), default=0) + interval_ns
    while at_ns <= until_ns and (down.waiting or up.waiting or at_ns <= still_ns):
        is_out = any(begin <= at_ns < end for begin, end in outages)
        if not is_out:
            if was_out and at_ns - heard_ns > parameters.timeout * 10_000_000:
                return *through, heard_ns + parameters.timeout * 10_000_000
            if event % every == 0 or was_out:
                heard_ns = at_ns
            for side, found in zip((down, up), through, strict=True):
                found += side.go(event, at_ns, most, pace.pair_ns)
        was_out = is_out
        event, at_ns = event + 1, at_ns + interval_ns
    return *through, None
