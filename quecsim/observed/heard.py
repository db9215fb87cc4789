"""What a listener on a real line hears, and where that comes from."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from quecsim.trace.event import HostClosed, HostDtr, HostLine, HostOpened, HostRts
from quecsim.trace.setup import Lack

Side: TypeAlias = Literal["host", "device"]


@dataclass(frozen=True, slots=True)
class Heard:
    """`side` said `data`, of one byte or more; `at_ns`, from the start of listening, is when its
    first byte was over, or as near to that as the listener knows.
    """

    at_ns: int
    side: Side
    data: bytes


Happened: TypeAlias = HostLine | HostDtr | HostRts | HostOpened | HostClosed
"""What else a listener may know: the host's line, its modem lines, the port opened and closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where it was heard: in `words` for people (`tap of /dev/ttyUSB2`), what that could not give
    (`lacks`), the line's `baud` and `frame` where they are known (0 and empty: not), the wall's
    `date` (ISO 8601) and the host program's `command`, likewise.
    """

    words: str
    lacks: tuple[Lack, ...] = ()
    baud: int = 0
    frame: str = ""
    date: str = ""
    command: tuple[str, ...] = ()
