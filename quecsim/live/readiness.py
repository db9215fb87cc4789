"""Waiting for descriptors, whatever their numbers, and being woken by somebody else."""

import contextlib
import os
import select
import time
from collections.abc import Sequence
from typing import Protocol

_FD_SETSIZE = 1024  # select() knows no descriptors from here on
_MS = 1000


def wait_ready(
    readers: Sequence[int], writers: Sequence[int], timeout_s: float | None
) -> Sequence[int]:
    """Those of `readers` that can be read; empty after `timeout_s`, or if only a writer is ready.

    None waits for ever. select() wakes up within microseconds, poll() at whole milliseconds.
    """
    if max(*readers, *writers, 0) < _FD_SETSIZE:
        return select.select(readers, writers, (), timeout_s)[0]
    return _poll(readers, writers, timeout_s)


class Wakes(Protocol):
    """What ends somebody's wait."""

    def wake(self) -> None:
        """End it, from wherever."""

    def close(self) -> None:
        """Let go of it."""


class Waker:
    """Wakes whoever waits for `descriptor`, from a signal handler or from another thread."""

    def __init__(self) -> None:
        self.descriptor, self.write_descriptor = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def wake(self) -> None:
        """End the wait."""
        with contextlib.suppress(BlockingIOError):  # so full that it wakes anyhow
            os.write(self.write_descriptor, b"x")

    def clear(self) -> None:
        """The wait has ended; the next one may begin."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.descriptor, 4096)

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self.descriptor)
        os.close(self.write_descriptor)


def _poll(readers: Sequence[int], writers: Sequence[int], timeout_s: float | None) -> Sequence[int]:
    wanted = dict.fromkeys(writers, select.POLLOUT)
    for reader in readers:
        wanted[reader] = wanted.get(reader, 0) | select.POLLIN
    poll = select.poll()
    for descriptor, events in wanted.items():
        poll.register(descriptor, events)
    if timeout_s is None:
        ready = poll.poll()
    else:
        end_s = time.monotonic() + timeout_s
        ready = poll.poll(int(timeout_s * _MS))
        if not ready and timeout_s > 0:  # less than a millisecond is left
            time.sleep(max(end_s - time.monotonic(), 0.0))
            ready = poll.poll(0)
    return [descriptor for descriptor, events in ready if events & ~select.POLLOUT]
