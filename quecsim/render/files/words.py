"""The words of a picture: the verdict in a sentence, why, what to do, and what was run."""

from collections.abc import Sequence
from textwrap import shorten, wrap

from quecsim.render.layout import counted, safe
from quecsim.render.page.verdict import verdict_view
from quecsim.render.recorded import Recorded
from quecsim.report.losses import why
from quecsim.trace.event import Lost
from quecsim.units import S

_LONGEST_NAME = 40


def headline(recorded: Recorded) -> str:
    """What became of the run in a sentence: the one with which the page begins, too."""
    view = verdict_view(recorded)
    head, others = view.head, len(view.others)
    sentence = head.sentence
    if head.about:
        sentence = f"{_short(head.about)}: {sentence}"
    elif sentence:
        sentence = sentence[0].upper() + sentence[1:]
    word = f"{head.word}: " if recorded.has_passed is not None else ""
    more = f" (and {counted(others, 'other answer')} beside it)" if others else ""
    return f"{word}{sentence}{more}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."


def told_below(recorded: Recorded, found: Sequence[Lost]) -> list[str]:
    """Why, what to do about it, and what the picture lacks: a line each."""
    lines = []
    if recorded.window is not None:
        begin_ns, end_ns = recorded.window
        found = [loss for loss in found if loss.at_ns <= end_ns and loss.last_ns >= begin_ns]
    if found:
        lines.append(f"Why{' (the first)' if len(found) > 1 else ''}: {safe(why(found[0]))}")
    advice = [advice for advice in verdict_view(recorded).advice if not advice.is_note]
    if advice:
        lines.append(f"What to do: {advice[0].advice}")
    if recorded.wire.tap is None:
        lines.append(f"The bytes on the line are not shown: {safe(recorded.wire.why_not)}")
    return lines


def window_title(begin_ns: int, end_ns: int) -> str:
    """Of a part of the run."""
    begin, end = (f"{at_ns / S:.6f}".rstrip("0").rstrip(".") for at_ns in (begin_ns, end_ns))
    return f"From {begin} s to {end} s"


def around_title(found: Sequence[Lost]) -> str:
    """Of the part that shows why the first loss came, or where the ring was fullest."""
    if not found:
        return "From near: where the ring was fullest"
    which = "the first loss" if len(found) > 1 else "the loss"
    count, offset = found[0].count, found[0].offset
    return f"From near: {which}, {counted(count, 'byte')} from byte {offset} of the host's"


def origin_line(recorded: Recorded) -> str:
    """What was run, and by which quecsim."""
    report, told = recorded.report, recorded.report.origin
    scenario = f"scenario {told.scenario}" if told.scenario not in ("", report.device) else ""
    version = f"quecsim {told.version}" if told.version else ""
    words = (told.title or report.device, told.line, scenario, f"seed {report.seed}", version)
    return safe(", ".join(filter(None, words)))


def in_lines(*texts: str, columns: int, most: int) -> list[str]:
    """At most `most` lines of each."""
    made = []
    for text in texts:
        lines = wrap(text, columns, break_on_hyphens=False)
        if len(lines) > most:
            lines[most - 1] = shorten(" ".join(lines[most - 1 :]), columns, placeholder=" ...")
        made += lines[:most]
    return made
