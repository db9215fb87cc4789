"""Ctrl-C: the first asks, the second insists, and who is deaf to it stays deaf."""

import os
import signal

import pytest

from quecsim.cli.interrupt import Interrupt


def test_the_first_asks_and_the_second_insists(capfd: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        assert not interrupt.is_asked
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupt.is_asked
        assert "Ctrl-C once more" in capfd.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_where_it_is_switched_off_it_stays_off() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupt() as interrupt:
            os.kill(os.getpid(), signal.SIGINT)
            assert not interrupt.is_asked
    finally:
        signal.signal(signal.SIGINT, before)
