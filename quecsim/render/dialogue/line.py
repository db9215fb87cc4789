"""A line of the dialogue, and the groups that a reader may choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from quecsim.errors import QuecsimError


class Group(StrEnum):
    """What a line is about: a closed set."""

    AT = "at"
    DATA = "data"
    LOST = "lost"
    FLASH = "flash"
    FLOW = "flow"
    LINE = "line"
    NET = "net"
    FAULT = "fault"
    POWER = "power"
    RUN = "run"

    @property
    def about(self) -> str:
        """What is in it, in a few words."""
        return _ABOUT[self]


_ABOUT = {
    Group.AT: "commands, answers, unsolicited result codes",
    Group.DATA: "data mode: writes, stored blocks, each A",
    Group.LOST: "bytes that are gone, also those that were eaten silently",
    Group.FLASH: "when the device is busy, and why",
    Group.FLOW: "RTS, CTS, XON and XOFF, DTR, a full ring",
    Group.LINE: "rates and frames of both ends, noise",
    Group.NET: "what it wants of the network and the air, and their news",
    Group.FAULT: "faults that were asked for",
    Group.POWER: "power, sleep, firmware upgrades",
    Group.RUN: "the beginning, the end, and the simulator itself",
}


class Way(StrEnum):
    """Who says it."""

    TO_DEVICE = "->"
    TO_HOST = "<-"
    DEVICE = "--"
    NETWORK = "~~"
    LOSS = "!!"


@dataclass(frozen=True, slots=True)
class Line:
    """One happening.

    `at_ns` is when it became known (a loss when it is over), and never goes back. `text` can be
    printed as it is. `is_loud`: somebody must see it. `event` is the number of its event in the
    record, from 0; `kind` the event's type; `offset` the byte of the host's stream that it is
    about, if any.
    """

    at_ns: int
    group: Group
    way: Way
    text: str
    is_loud: bool
    event: int
    kind: str
    offset: int | None = None


def groups_of(words: Iterable[str]) -> frozenset[Group]:
    """The groups of those names, each of which may be several with commas between.

    Raises QuecsimError for a name that is none.
    """
    names = [name.strip().lower() for word in words for name in word.split(",")]
    return frozenset(map(_group, filter(None, names)))


def _group(name: str) -> Group:
    try:
        return Group(name)
    except ValueError:
        near = get_close_matches(name, list(Group), n=1)
        meant = f'did you mean "{near[0]}"? ' if near else ""
        raise QuecsimError(
            f'there is no group "{name}" of the dialogue',
            hint=f"{meant}Groups are: {', '.join(Group)}",
        ) from None
