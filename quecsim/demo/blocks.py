"""What a chapter of the demo is made of: words, a dialogue, a picture, the table."""

from dataclasses import dataclass

from quecsim.demo.outcomes import Outcomes
from quecsim.demo.play import DemoOutcome


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names, and what is to be known of each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """What host and module said in an upload."""

    outcome: DemoOutcome


@dataclass(frozen=True, slots=True)
class Ring:
    """The ring while the certificate went up."""

    outcome: DemoOutcome


@dataclass(frozen=True, slots=True)
class Table:
    """One row for each upload."""

    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Commands to try."""


Block = Words | Facts | Talk | Ring | Table | NextSteps
