"""Every signal that would end the process asks for the end instead: what was made is removed."""

import os
import signal
from collections.abc import Iterator

import pytest

from quecsim.live.signals import Signals


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    for number, handler in kept.items():
        if handler is not None and number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, handler)


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "QUIT", "USR2", "ALRM", "XCPU", "PROF"])
def test_it_asks_for_the_end(name: str) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests may run under nohup
    with Signals() as signals:
        os.kill(os.getpid(), signal.Signals[f"SIG{name}"])
        assert (signals.is_stopped, signals.wants_report) == (True, False)


def test_what_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGHUP)
        assert not signals.is_stopped


def test_a_shell_in_the_background_can_still_be_interrupted() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGINT)
        assert signals.is_stopped
