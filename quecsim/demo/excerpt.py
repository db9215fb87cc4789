"""What was said in an upload of the demo, as a few lines of its dialogue."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from quecsim.demo.play import DemoOutcome
from quecsim.render.dialogue import Dialogue, Group, Line, Way
from quecsim.render.layout import seconds

_GROUPS = (Group.AT, Group.DATA, Group.LOST)
_LEFT_OUT = ("Stored", "TransferAsked", "Called")  # blocks and bookkeeping: the answers say enough


def excerpt(outcome: DemoOutcome, width: int = 80) -> str:
    """From the upload's command to its answer, one line each, at most `width` columns wide."""
    lines = _of_upload(Dialogue().feed(outcome.events))
    return "\n".join(_text(line, width) for line in lines)


def _of_upload(lines: Sequence[Line]) -> Iterator[Line]:
    """Behind the answer the host goes on with something else."""
    is_in = is_over = False
    for line in lines:
        is_command = line.group is Group.AT and line.way is Way.TO_DEVICE
        if is_command and is_over:
            return
        is_in = is_in or (is_command and "QFUPL" in line.text)
        is_over = is_over or (is_in and line.kind == "DataEnd")
        if is_in and line.group in _GROUPS and line.kind not in _LEFT_OUT:
            yield line


def _text(line: Line, width: int) -> str:
    """A loss is told whole."""
    begin = f"  {seconds(line.at_ns):>7}  {line.way}  "
    text = begin + line.text
    if len(text) <= width:
        return text
    if line.way is Way.LOSS:
        return fill(line.text, width, initial_indent=begin, subsequent_indent=" " * len(begin))
    return text[: width - 3] + "..."
