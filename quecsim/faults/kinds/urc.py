"""`urc`: an unsolicited result code comes at an awkward moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from msgspec import Meta

from quecsim.faults.armed import Armed
from quecsim.faults.fault import (
    ORDINALS,
    TIMES_MS,
    AtMs,
    Fault,
    Number,
    Options,
    Problem,
    place_text,
)
from quecsim.faults.places import Places
from quecsim.faults.places.commands import CommandFaults, EffectFault
from quecsim.faults.points import Aim
from quecsim.units import format_ns, ms

UrcText = Annotated[
    str, Meta(pattern=r"^[ -~]{1,256}\Z", description="1 to 256 printable characters")
]
UrcMoment: TypeAlias = Literal[
    "before_connect", "after_connect", "before_ack", "before_result", "inside_reply"
]
_TEXTS = ("+CREG: 1", '+QIND: "csq",31,99', "+CMTI: A")
_MOMENTS = ("before_result", "before_connect", "before_ack", "after_connect", "inside_reply")


class UrcFault(Fault, frozen=True, kw_only=True, tag="urc"):
    """An unsolicited result code comes at an awkward `moment` (the `nth` such of the run), at
    `at_ms`, or at byte `at_byte` of an upload's data.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("moment", "at_ms", "at_byte")
    AIMS: ClassVar[Mapping[str, Aim]] = {
        "result": Aim("nth", {"moment": "before_result"}),
        "connect": Aim("nth", {"moment": "before_connect"}),
        "ack": Aim("nth", {"moment": "before_ack"}),
        "info": Aim("nth", {"moment": "inside_reply"}),
        "data_byte": Aim("at_byte"),
    }
    ORDER: ClassVar[int] = 70
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"moment": "before_connect"},
        {"moment": "before_ack"},
        {"moment": "before_result"},
        {"moment": "before_result", "text": "+CMTI: A"},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"text": _TEXTS, "moment": _MOMENTS, "nth": ORDINALS},
        {"text": _TEXTS, "at_ms": TIMES_MS},
    )

    text: UrcText = "+CREG: 1"
    moment: UrcMoment | None = None
    nth: Number = 1
    at_ms: AtMs | None = None
    at_byte: Number | None = None

    def words(self) -> str:
        """As in `+CREG: 1 before ack, time 2`."""
        if self.moment is None:
            return f"{self.text} {place_text(self.at_byte, self.at_ms)}"
        place = self.moment.replace("_", " ")
        return f"{self.text} {place}, time {self.nth}" if self.nth > 1 else f"{self.text} {place}"

    def problems(self) -> Iterator[Problem]:
        """Only moments are counted."""
        yield from super().problems()
        if self.moment is None and self.nth != 1:
            hint = 'Set moment = "before_ack", say.'
            yield "nth", "nth counts moments, and no moment is given", hint

    def arm(self, armed: Armed, places: Places) -> None:
        """It counts as fired where the host's settings let it out."""

        def say(at_ns: int, place: str) -> None:
            if places.device.say(at_ns, self.text):
                armed.fire(at_ns, f"{self.text!r} was sent {place}")

        if self.at_ms is not None:
            at_ns = armed.from_ns + ms(self.at_ms)
            places.agenda.add(at_ns, lambda at_ns: say(at_ns, f"at {format_ns(at_ns)}"))
        elif self.at_byte is not None:
            places.data.at_byte(self.at_byte, say)
        else:
            places.commands.watch(_Intruder(self, armed, places.commands, say))


@dataclass(slots=True)
class _Intruder(EffectFault):
    fault: UrcFault
    armed: Armed
    commands: CommandFaults
    say: Any

    def at_moment(self, moment: str) -> None:
        if moment == self.fault.moment:
            self.armed.seen += 1
            if self.armed.seen == self.fault.nth:
                self.say(self.commands.shared.now_ns, moment.replace("_", " "))
