import errno
import os
from collections.abc import Iterator
from io import FileIO

import pytest

from quecsim.live.apart import ApartWriter

_PATIENCE_S = 60.0  # a bound for broken code, never waited for in good one
Pipe = tuple[FileIO, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """Both ends; the second is closed by whoever has it."""
    reader, writer = os.pipe()
    with FileIO(reader) as file:
        yield file, writer


def test_everything_arrives_in_order(pipe: Pipe) -> None:
    reader, writer = pipe
    apart = ApartWriter(writer, is_ours=True)
    pieces = [b"%d\n" % number for number in range(1000)]
    assert all(apart.put(piece) for piece in pieces)
    assert apart.close(_PATIENCE_S)
    assert reader.readall() == b"".join(pieces)


def test_what_is_not_ours_stays_open(pipe: Pipe) -> None:
    reader, writer = pipe
    assert ApartWriter(writer, is_ours=False).close(_PATIENCE_S)
    os.write(writer, b"x")
    os.close(writer)
    assert reader.readall() == b"x"


def test_a_reader_who_does_not_read_holds_nobody_up(pipe: Pipe) -> None:
    """The pipe has some room, the bound comes on top, and then it is refused."""
    reader, writer = pipe
    apart = ApartWriter(writer, is_ours=True, most_bytes=10_000)
    taken = 0
    while apart.put(b"x" * 1000):
        taken += 1000
        assert taken < 10_000_000
    assert not apart.has_caught_up
    assert not apart.close(0.0)
    assert len(reader.readall()) == taken  # whoever reads at last gets all that was taken


def test_a_reader_who_has_gone_is_an_error(pipe: Pipe) -> None:
    reader, writer = pipe
    reader.close()
    apart = ApartWriter(writer, is_ours=True)
    apart.put(b"x")
    assert not apart.close(_PATIENCE_S)
    assert apart.error is not None
    assert apart.error.errno == errno.EPIPE
    assert not apart.put(b"y")


def test_a_descriptor_that_does_not_wait_is_waited_for(pipe: Pipe) -> None:
    reader, writer = pipe
    os.set_blocking(writer, False)
    apart = ApartWriter(writer, is_ours=True)
    data = bytes(500_000)
    assert apart.put(data)
    assert not apart.close(0.0)
    assert reader.readall() == data


def test_its_thread_ends_with_it(pipe: Pipe) -> None:
    apart = ApartWriter(pipe[1], is_ours=True)
    apart.close(_PATIENCE_S)
    assert not apart._thread.is_alive()
