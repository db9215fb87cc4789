"""Waiting for descriptors of any number, and being woken."""

import os
import resource
from collections.abc import Iterator

import pytest

from quecsim.live.readiness import Waker, wait_ready

FD_SETSIZE = 1024


@pytest.fixture(params=["few", "beyond select()"])
def pipe(request: pytest.FixtureRequest) -> Iterator[tuple[int, int]]:
    filler = []
    if request.param != "few":
        if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < FD_SETSIZE + 100:
            pytest.skip("this machine has no such descriptors")
        filler = [os.open(os.devnull, os.O_RDONLY) for _ in range(FD_SETSIZE)]
    ends = os.pipe()
    yield ends
    for descriptor in (*ends, *filler):
        os.close(descriptor)


def test_what_can_be_read_is_told(pipe: tuple[int, int]) -> None:
    read, write = pipe
    assert list(wait_ready([read], (), 0)) == []
    assert list(wait_ready([read], (), 0.0005)) == []
    assert list(wait_ready([read], [write], None)) == [], "only a writer is ready"
    os.write(write, b"x")
    assert list(wait_ready([read], (), None)) == [read]
    assert list(wait_ready([read], [write], 1.0)) == [read]


def test_a_waker_wakes_once_however_often_it_is_asked() -> None:
    waker = Waker()
    for _ in range(100_000):  # more than the pipe holds
        waker.wake()
    assert list(wait_ready([waker.descriptor], (), None)) == [waker.descriptor]
    while wait_ready([waker.descriptor], (), 0):
        waker.clear()
    waker.close()
