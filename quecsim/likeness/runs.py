"""A session that is the same one several times over: a script, said to a module again and again."""

from collections.abc import Sequence

from quecsim.likeness.exchange import Exchange
from quecsim.likeness.moves import Move, Played


def runs_of(exchanges: Sequence[Exchange]) -> int:
    """How many times the same lines come, one after the other; 1 where they do not."""
    lines = [each.text for each in exchanges]
    count = len(lines)
    for period in _periods(lines):
        if count % period == 0:
            return count // period
    return 1


def _periods(lines: Sequence[str]) -> list[int]:
    """All p with lines[i] == lines[i + p] everywhere, the smallest first."""
    border = [0] * len(lines)  # of each head: the longest head that is its tail, too
    for place in range(1, len(lines)):
        known = border[place - 1]
        while known and lines[known] != lines[place]:
            known = border[known - 1]
        border[place] = known + (lines[known] == lines[place])
    found, left = [], border[-1] if border else 0
    while left:
        found.append(len(lines) - left)
        left = border[left - 1]
    return found


def first_run(played: Played) -> Played:
    """The session up to where its lines come for the second time."""
    exchanges = list(played.reading.exchanges.values())
    count = len(exchanges) // runs_of(exchanges)
    if count == len(exchanges):
        return played
    second = exchanges[count]
    begin = second.key - len(second.line)
    steps = []
    for step in played.steps:
        if isinstance(step, Move) and step.offset >= begin:
            break
        steps.append(step)
    reading = played.reading.up_to(second.key - 1, second.asked_ns)
    return Played(tuple(steps), reading, 0, is_whole=True)
