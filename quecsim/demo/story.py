"""The story that the demo tells, in chapters: each plays some of the ways, and says what one sees.

Everything in it is made from the outcomes, so that no number can be another than the run's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from quecsim.demo import show
from quecsim.demo.blocks import Block, Facts, NextSteps, Ring, Table, Talk, Words
from quecsim.demo.outcomes import Outcomes
from quecsim.demo.ways import CARGOES, WAYS, Way

_CERTIFICATE, _BUNDLE = CARGOES


@dataclass(frozen=True, slots=True)
class Chapter:
    """`ways` are played in it; `begin` is said before that (and told whether all is to be quick),
    `tell` after.
    """

    title: str
    ways: tuple[str, ...]
    begin: Callable[[bool], list[Block]]
    tell: Callable[[Outcomes], list[Block]]

    def played(self) -> list[Way]:
        """The ways, in order."""
        return [way for way in WAYS if way.key in self.ways]


def _nothing(_: object) -> list[Block]:
    return []


def _said(text: str) -> Callable[[bool], list[Block]]:
    return lambda _: [Words(text)]


def _introduction(is_quick: bool) -> list[Block]:
    return [Words(show.INTRODUCTION), Facts(tuple(show.facts(is_quick=is_quick)))]


def _upload_told(key: str) -> Callable[[Outcomes], list[Block]]:
    """What was said between host and module, and what came of it."""

    def tell(outcomes: Outcomes) -> list[Block]:
        outcome = outcomes.of(key, _CERTIFICATE)
        return [Talk(outcome), Words(show.sentence(outcome))]

    return tell


def _why(outcomes: Outcomes) -> list[Block]:
    naive = outcomes.of("naive", _CERTIFICATE)
    return [Ring(naive), Words(show.lost(naive)), Words(show.aftermath(outcomes))]


def _cures(outcomes: Outcomes) -> list[Block]:
    cured = [outcomes.of(way.key, _CERTIFICATE) for way in WAYS if way.is_cure]
    told = [Words(show.sentence(outcome)) for outcome in cured]
    return [*told, Ring(outcomes.of("rtscts", _CERTIFICATE)), Words(show.late(outcomes))]


def _broker(outcomes: Outcomes) -> list[Block]:
    asked = [outcomes.of(way.key, _CERTIFICATE) for way in WAYS]
    return [Words(show.broker_sentence(outcome)) for outcome in asked]


def _sum(outcomes: Outcomes) -> list[Block]:
    return [Table(outcomes), Words(show.honest()), NextSteps()]


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
