"""Auto-bauding: a device without a rate of its own (AT+IPR=0) looks for the host's.

It tells the rate by the shape of the letters A and T, so the first lines that begin with AT go for
that (`lost_lines` of the profile) and get neither echo nor answer. The rate then holds until a
restart, or until AT+IPR is set anew.
"""

from quecsim.device.shared import Shared
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.event import DeviceLine
from quecsim.uart.rate import UartRate
from quecsim.uart.run import ByteRun

_CR = 13
_WHY = EatenWhy.FINDING_RATE


class RateFinder:
    """Reads the host's bytes while `shared.line_baud` is 0."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._is_found = False
        self._baud = 0  # of the lines so far
        self._lines = 0
        self._before = 0  # the byte before
        self._has_prefix = False  # of the line in progress

    def read(self, run: ByteRun, taken_ns: int | None) -> int:
        """Take bytes up to where the rate is known (`shared.found_baud`); returns how many."""
        shared, rate = self._shared, run.rate
        if not isinstance(rate, UartRate):  # nothing to find where there are no bits
            self._use(shared.profile.uart.baud)
            return 0
        if rate.baud != self._baud:
            self.reset()
            self._baud = rate.baud
        first_ns = run.edge_ns(0) if taken_ns is None else taken_ns
        count = self._look(run.data)
        shared.taken_at(run, max(count - 1, 0), taken_ns)
        if count:
            shared.eat(run.offset, run.data[:count], _WHY, (first_ns, shared.now_ns))
        if self._is_found:
            self._use(rate.baud)
        return count

    def reset(self) -> None:
        """Begin anew."""
        self._baud = self._lines = self._before = 0
        self._is_found = self._has_prefix = False

    def _look(self, data: bytes) -> int:
        """How many of the bytes go for finding the rate."""
        profile = self._shared.profile
        assert profile.autobaud is not None
        lost_lines = profile.autobaud.lost_lines
        if self._baud not in profile.uart.bauds:
            return len(data)
        for index, byte in enumerate(data):
            if not lost_lines and byte in b"Aa":
                self._is_found = True
                return index
            self._has_prefix |= self._before in b"Aa" and byte in b"Tt"
            self._before = byte
            if byte == _CR:
                self._lines += self._has_prefix
                self._has_prefix = False
                self._is_found = 0 < lost_lines <= self._lines
            if self._is_found:
                return index + 1
        return len(data)

    def _use(self, baud: int) -> None:
        shared, settings = self._shared, self._shared.settings
        self.reset()
        shared.found_baud, shared.line_changed = baud, True
        shared.record.add(DeviceLine(shared.now_ns, baud, settings.frame, settings.ifc))
