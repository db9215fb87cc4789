"""The chapters of the demo for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from quecsim.demo import show
from quecsim.demo.blocks import Block, Facts, NextSteps, Ring, Table, Talk, Words
from quecsim.demo.excerpt import excerpt
from quecsim.demo.story import Chapter


@dataclass(frozen=True, slots=True)
class Look:
    """How wide text is, and whether it has colour."""

    width: int = show.WIDTH
    colour: bool = False


def heading(number: int, chapters: Sequence[Chapter]) -> str:
    """`2/7  From a PC it arrives`, underlined."""
    text = f"{number}/{len(chapters)}  {chapters[number - 1].title}"
    return f"{text}\n{'-' * len(text)}"


def blocks_text(blocks: Sequence[Block], look: Look) -> str:
    """One below the other, with an empty line between."""
    return "\n\n".join(_text(block, look) for block in blocks)


def _text(block: Block, look: Look) -> str:
    match block:
        case Words(text):
            return fill(text, show.WIDTH)
        case Facts(rows):
            return "\n".join(_fact(*row) for row in rows)
        case Talk(outcome):
            return excerpt(outcome)
        case Ring(outcome):
            drawn = show.picture(outcome, colour=look.colour, width=look.width)
            return f"{drawn}\n\n{show.legend()}"
        case Table(outcomes):
            return show.table(outcomes.all, colour=look.colour, width=look.width)
        case NextSteps():
            steps = [f"  {command}\n      {what}" for command, what in show.NEXT_STEPS]
            return "\n".join(["Try next:", *steps])


def _fact(label: str, text: str) -> str:
    indent = " " * 20
    return fill(text, show.WIDTH, initial_indent=f"  {label:18}", subsequent_indent=indent)
