"""What signals have asked for, while a simulator is served: the end, or a report meanwhile."""

import signal
from types import FrameType

# All that would end the process on the spot, and so leave behind what it has started and made.
_ASKED_FOR = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)  # also in the background of a shell
_STOPPING = (
    *_ASKED_FOR,
    signal.SIGHUP,  # nohup ignores it, and then so do we
    signal.SIGALRM,
    signal.SIGUSR2,
    signal.SIGVTALRM,
    signal.SIGPROF,
    signal.SIGXCPU,
)


class Signals:
    """What signals have asked for, remembered from `with` on, before there is a loop to wake."""

    def __init__(self) -> None:
        self.is_stopped = False
        self.wants_report = False

    def __enter__(self) -> "Signals":
        for number in _STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN or number in _ASKED_FOR:
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
