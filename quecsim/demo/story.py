"""The story that the demo tells, in chapters: each plays some of the ways, and says what one sees.

Everything is text made from the outcomes, so that no number in it can be another than the run's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill

from quecsim.demo import show
from quecsim.demo.excerpt import excerpt
from quecsim.demo.outcomes import Outcomes
from quecsim.demo.ways import CARGOES, WAYS, Way

_CERTIFICATE, _BUNDLE = CARGOES


@dataclass(frozen=True, slots=True)
class Look:
    """How wide text is, and whether it has colour."""

    width: int = show.WIDTH
    colour: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """`ways` are played in it; `begin` is said before that (and told whether all is to be quick),
    `tell` after.
    """

    title: str
    ways: tuple[str, ...]
    begin: Callable[[bool], str]
    tell: Callable[[Outcomes, Look], str]

    def played(self) -> list[Way]:
        """The ways, in order."""
        return [way for way in WAYS if way.key in self.ways]


def _nothing(*_: object) -> str:
    return ""


def _upload_told(key: str) -> Callable[[Outcomes, Look], str]:
    """What was said between host and module, and what came of it."""

    def tell(outcomes: Outcomes, _look: Look) -> str:
        outcome = outcomes.of(key, _CERTIFICATE)
        return f"{excerpt(outcome)}\n\n{fill(show.sentence(outcome), show.WIDTH)}"

    return tell


def _why(outcomes: Outcomes, look: Look) -> str:
    naive = outcomes.of("naive", _CERTIFICATE)
    drawn = show.picture(naive, colour=look.colour, width=look.width)
    return "\n\n".join([drawn, show.legend(), _filled(show.lost(naive), show.aftermath(outcomes))])


def _cures(outcomes: Outcomes, look: Look) -> str:
    rtscts = outcomes.of("rtscts", _CERTIFICATE)
    told = [show.sentence(outcomes.of(way.key, _CERTIFICATE)) for way in WAYS if way.is_cure]
    drawn = show.picture(rtscts, colour=look.colour, width=look.width)
    return "\n\n".join([_filled(*told), drawn, show.legend(), _filled(show.late(outcomes))])


def _broker(outcomes: Outcomes, _look: Look) -> str:
    asked = [outcomes.of(way.key, _CERTIFICATE) for way in WAYS]
    return _filled(*(show.broker_sentence(outcome) for outcome in asked))


def _sum(outcomes: Outcomes, look: Look) -> str:
    made = show.table(outcomes.all, colour=look.colour, width=look.width)
    return "\n\n".join([made, _filled(show.honest()), show.next_steps()])


def _filled(*paragraphs: str) -> str:
    return "\n\n".join(fill(paragraph, show.WIDTH) for paragraph in paragraphs if paragraph)


def _said(text: str) -> Callable[[bool], str]:
    return lambda _: fill(text, show.WIDTH)


def _introduction(is_quick: bool) -> str:
    return show.introduction(is_quick=is_quick)


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("What this is about", (), _introduction, _nothing),
    Chapter(
        "From a PC it arrives",
        ("usb",),
        _said(
            "The PC is at the module's USB port. A line with -> is from the host, one with <- is"
            " the module's answer, and -- is what goes on inside the module."
        ),
        _upload_told("usb"),
    ),
    Chapter(
        "From a microcontroller it does not",
        ("naive",),
        _said(
            "The same module, the same file, the same commands, over two wires at 115200 baud. The"
            " host waits for CONNECT, as it should, and then sends everything at once."
        ),
        _upload_told("naive"),
    ),
    Chapter("Why", (), _nothing, _why),
    Chapter(
        "Three cures",
        ("rtscts", "ack", "paced"),
        _said("The same again, three times, each with a way for the module to be in time."),
        _cures,
    ),
    Chapter(
        "What the broker says",
        (),
        _said(
            "After each upload the host has gone on: it tells the module to check the broker by"
            " this certificate, and to connect (AT+QSSLCFG, AT+QMTOPEN). Every setting is OK."
        ),
        _broker,
    ),
    Chapter("All of it", (), _nothing, _sum),
)


def heading(number: int, chapters: Sequence[Chapter]) -> str:
    """`2/7  From a PC it arrives`, underlined."""
    text = f"{number}/{len(chapters)}  {chapters[number - 1].title}"
    return f"{text}\n{'-' * len(text)}"
