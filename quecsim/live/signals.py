"""What signals have asked for, while a simulator is served: the end, or a report meanwhile."""

import signal
from types import FrameType


class Signals:
    """What signals have asked for, remembered from `with` on, before there is a loop to wake."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.wants_report = False

    def __enter__(self) -> "Signals":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_report)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        return self

    def __exit__(self, *_details: object) -> None:
        self.wake(-1)

    def wake(self, descriptor: int) -> None:
        """Every signal writes a byte to `descriptor`; -1: none does."""
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopped = True

    def _on_report(self, _number: int, _frame: FrameType | None) -> None:
        self.wants_report = True
