"""Faults of the device's transmitter: replies that leave in pieces."""

from quecsim.device.tally import Armed, Tally
from quecsim.faults.spec import SplitReply
from quecsim.units import format_ns, ms


class Splitter:
    """Counts the replies, and says which of them leave in pieces."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._armed: list[Armed] = []

    def arm(self, index: int, fault: SplitReply) -> None:
        """From here on the fault counts the replies."""
        self._armed.append(Armed(index, fault))

    def pieces(self, now_ns: int, data: bytes) -> tuple[int, int] | None:
        """(bytes in a piece, pause in ns) of the reply `data`; None: it leaves whole."""
        self._tally.points["reply"] += 1
        found = None
        for armed in self._armed:
            fault = armed.fault
            assert isinstance(fault, SplitReply)
            armed.seen += 1
            is_due = armed.seen == fault.reply or (fault.every and not armed.seen % fault.every)
            if is_due and found is None and len(data) > fault.piece_bytes:
                found = fault.piece_bytes, ms(fault.pause_ms)
                pause = format_ns(found[1])
                what = f"{data!r} left in pieces of {fault.piece_bytes}, {pause} apart"
                self._tally.fire(armed.index, now_ns, what)
        return found
