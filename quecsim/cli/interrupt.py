"""Ctrl-C for work in this process: the run under way ends first, so that nothing is torn.

An exception out of nowhere does not do here: one that comes within a callback of littlefs is
swallowed there, and one within the device leaves it half-way.
"""

import os
import signal
from types import FrameType

_SAID = b"\nending after this run; Ctrl-C once more ends it at once\n"


class Interrupt:
    """Within `with`: whether Ctrl-C has asked for the end. The second one is a KeyboardInterrupt.

    Where Ctrl-C was switched off it stays so.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> "Interrupt":
        if self._before != signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._on_interrupt)
        return self

    def __exit__(self, *_details: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        os.write(2, _SAID)  # what Python's own streams were doing just now is not known
