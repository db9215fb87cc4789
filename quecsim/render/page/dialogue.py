"""The dialogue on the page: what was said and what happened, as many lines as one can read."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.render.dialogue import Dialogue, Group, Line, Way
from quecsim.render.layout import counted
from quecsim.render.page.levels import Window, is_within, joined
from quecsim.render.page.places import Place
from quecsim.render.recorded import Recorded
from quecsim.units import MS, US, S

MOST_LINES = 2400
_MOST_KEY_LINES = 1200
_ON_PAPER = 400
_FIRST_LOSSES, _LAST_LOSSES, _PAPER_LOSSES = 60, 6, 2
_AROUND_NS = 40 * MS
_BULK = frozenset((Group.DATA, Group.FLASH, Group.FLOW, Group.LOST))
_TELLING = frozenset(("DataBegin", "DataEnd", "TransferAsked", "TransferEnd", "Swallowed"))
_WAYS = {
    Way.TO_DEVICE: "\N{RIGHTWARDS ARROW}",
    Way.TO_HOST: "\N{LEFTWARDS ARROW}",
    Way.DEVICE: "\N{MIDDLE DOT}",
    Way.NETWORK: "\N{ALMOST EQUAL TO}",
    Way.LOSS: "\N{BALLOT X}",
}


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line, or in its place what is left out (`gap`). `at_us` is its time, `on_paper`: it is
    printed as well. `loss` is the number of the loss that it tells of, 0 for others.
    """

    at_us: int = 0
    time: str = ""
    group: str = ""
    way: str = ""
    text: str = ""
    is_loud: bool = False
    on_paper: bool = False
    loss: int = 0
    gap: str = ""


@dataclass(frozen=True, slots=True)
class DialogueView:
    """The section: `lines` of the `total` that there are, and the groups that are among them."""

    lines: list[PageLine]
    total: int
    groups: list[tuple[str, str]]


def dialogue_view(recorded: Recorded, places: Sequence[Place]) -> DialogueView:
    """The section for a run. Where there are too many lines, commands and their answers stay, and
    all that happened around the first losses and the last ones.
    """
    dialogue = Dialogue()
    lines = dialogue.feed(recorded.events) + dialogue.end()
    paper = _around(places[:_PAPER_LOSSES])
    near = _around([*places[:_FIRST_LOSSES], *places[-_LAST_LOSSES:]])
    keys = [n for n, line in enumerate(lines) if _is_key(line)]
    chosen = set(keys[: _MOST_KEY_LINES // 2]) | set(keys[-_MOST_KEY_LINES // 2 :])
    printed = {n for n in chosen if not lines[n].is_loud} | set(_within(lines, paper))
    for numbers in (_within(lines, near), range(len(lines))):
        room = MOST_LINES - len(chosen)
        chosen |= set([n for n in numbers if n not in chosen][: max(0, room)])
    on_paper = set(sorted(printed)[: _ON_PAPER // 2] + sorted(printed)[-_ON_PAPER // 2 :])
    present = Counter(line.group for line in lines)
    return DialogueView(
        lines=_with_gaps(lines, sorted(chosen), on_paper, _Numbers(places)),
        total=len(lines),
        groups=[(group.value, group.about) for group in Group if present[group]],
    )


def _is_key(line: Line) -> bool:
    """It tells the story; the others come by the thousand."""
    return line.group not in _BULK or line.kind in _TELLING


def _around(places: Sequence[Place]) -> list[Window]:
    spans = ((place.loss.first_ns, place.loss.last_ns) for place in places)
    return joined((begin_ns - _AROUND_NS, end_ns + _AROUND_NS) for begin_ns, end_ns in spans)


def _within(lines: Sequence[Line], windows: Sequence[Window]) -> list[int]:
    return [n for n, line in enumerate(lines) if is_within(windows, line.at_ns)]


class _Numbers:
    """Which loss a byte of the stream went with."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = sorted(places, key=lambda place: place.loss.offset)
        self._offsets = [place.loss.offset for place in self._places]

    def of(self, line: Line) -> int:
        """The number of the loss that `line` tells of."""
        if line.kind != "Lost" or line.offset is None:
            return 0
        index = bisect_right(self._offsets, line.offset) - 1
        return self._places[index].number if index >= 0 else 0


def _with_gaps(
    lines: Sequence[Line], chosen: Sequence[int], on_paper: set[int], numbers: _Numbers
) -> list[PageLine]:
    """What is between the chosen ones is counted."""
    made: list[PageLine] = []
    before = -1
    for number in [*chosen, len(lines)]:
        if left_out := lines[before + 1 : number]:
            made.append(_gap(left_out))
        if number < len(lines):
            line = lines[number]
            made.append(_page_line(line, number in on_paper, numbers.of(line)))
        before = number
    return made


def _gap(left_out: Sequence[Line]) -> PageLine:
    groups = Counter(line.group.value for line in left_out)
    told = ", ".join(f"{count} {group}" for group, count in groups.most_common())
    at_us = left_out[0].at_ns // US
    return PageLine(at_us=at_us, gap=f"{counted(len(left_out), 'line')} left out ({told})")


def _page_line(line: Line, on_paper: bool, loss: int) -> PageLine:
    return PageLine(
        at_us=line.at_ns // US,
        time=f"{line.at_ns // S}.{line.at_ns % S // US:06}",
        group=line.group.value,
        way=_WAYS[line.way],
        text=line.text,
        is_loud=line.is_loud,
        on_paper=on_paper,
        loss=loss,
    )
