"""`+++` with its guard times: silence, three pluses close together, silence.

Pluses that might be the escape are held back from the data until it is clear. Anything else among
them, or too late a plus, gives them back. Source: RDA AT engine, the EC200U engine's predecessor.
"""

from enum import Enum, auto

from quecsim.profiles.schema import Escape
from quecsim.units import ms

PLUS = ord("+")
_PLUSES = 3


class PlusVerdict(Enum):
    """What a byte is to the detector."""

    DATA = auto()  # data, and so are the pluses held before it
    HELD = auto()  # it may belong to an escape
    ESCAPED = auto()  # the three pluses before it were an escape; this byte came after it


class EscapeDetector:
    """Watches the data stream. Times are those at which the bytes arrived."""

    __slots__ = ("_after_ns", "_before_ns", "_first_ns", "_last_ns", "_within_ns", "pluses")

    def __init__(self, escape: Escape, now_ns: int) -> None:
        self._before_ns = ms(escape.before_ms)
        self._within_ns = ms(escape.within_ms)
        self._after_ns = ms(escape.after_ms)
        self._last_ns = now_ns
        self._first_ns = now_ns
        self.pluses = 0

    def is_candidate(self, byte: int, at_ns: int) -> bool:
        """True if this byte must go through `feed`: the detector may hold it."""
        return self.pluses > 0 or (byte == PLUS and at_ns - self._last_ns >= self._before_ns)

    def passed(self, last_ns: int) -> None:
        """Plain data went by, the last byte of it at `last_ns`."""
        self._last_ns = last_ns

    def feed(self, byte: int, at_ns: int) -> PlusVerdict:
        """Judge one candidate. After DATA the caller must `release` what was held."""
        if self.is_complete:
            is_over = at_ns - self._last_ns >= self._after_ns
            return PlusVerdict.ESCAPED if is_over else PlusVerdict.DATA
        if byte != PLUS or (self.pluses and at_ns - self._first_ns > self._within_ns):
            return PlusVerdict.DATA
        if not self.pluses:
            self._first_ns = at_ns
        self.pluses += 1
        self._last_ns = at_ns
        return PlusVerdict.HELD

    def release(self) -> None:
        """The held pluses have been given back as data, or were the escape."""
        self.pluses = 0

    @property
    def is_complete(self) -> bool:
        """Three pluses are held: the silence after them decides."""
        return self.pluses == _PLUSES

    @property
    def deadline_ns(self) -> int | None:
        """When the held pluses become an escape, or are given back for want of more."""
        if not self.pluses:
            return None
        if self.is_complete:
            return self._last_ns + self._after_ns
        return self._first_ns + self._within_ns
