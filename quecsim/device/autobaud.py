"""Auto-bauding: a device without a rate of its own (AT+IPR=0) looks for the host's.

It tells the rate by the shape of the letters A and T, so the first lines that begin with AT go for
that (`lost_lines` of the profile) and get neither echo nor answer. The rate then holds until a
restart, or until AT+IPR is set anew.
"""

from quecsim.device.board import Board
from quecsim.trace.event import DeviceLine
from quecsim.uart.rate import UartRate
from quecsim.uart.run import ByteRun

_CR = 13
_WHY = "the baud rate was still being found"


class RateFinder:
    """Reads the host's bytes while `board.line_baud` is 0."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._is_found = False
        self._baud = 0  # of the lines so far
        self._lines = 0
        self._before = 0  # the byte before
        self._has_prefix = False  # of the line in progress

    def read(self, run: ByteRun, taken_ns: int | None) -> int:
        """Take bytes up to where the rate is known (`board.found_baud`); returns how many."""
        board, rate = self._board, run.rate
        if not isinstance(rate, UartRate):  # nothing to find where there are no bits
            self._use(board.profile.uart.baud)
            return 0
        if rate.baud != self._baud:
            self.reset()
            self._baud = rate.baud
        first_ns = run.edge_ns(0) if taken_ns is None else taken_ns
        count = self._look(run.data)
        board.taken_at(run, max(count - 1, 0), taken_ns)
        if count:
            board.eat(run.offset, run.data[:count], _WHY, (first_ns, board.now_ns))
        if self._is_found:
            self._use(rate.baud)
        return count

    def reset(self) -> None:
        """Begin anew."""
        self._baud = self._lines = self._before = 0
        self._is_found = self._has_prefix = False

    def _look(self, data: bytes) -> int:
        """How many of the bytes go for finding the rate."""
        profile = self._board.profile
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
        board, settings = self._board, self._board.settings
        self.reset()
        board.found_baud, board.line_changed = baud, True
        board.record.add(DeviceLine(board.now_ns, baud, settings.frame, settings.ifc))
