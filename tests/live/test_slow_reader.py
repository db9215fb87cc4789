"""Writing into a pipe never waits: for no reader, none that sleeps, none that has left."""

import os
import threading
from pathlib import Path

import pytest

from quecsim.live import slow_reader
from quecsim.live.slow_reader import SlowReader, waiting_for_nobody

MUCH = bytes(range(256)) * 1024  # more than a pipe holds


def test_what_the_pipe_does_not_take_waits_and_arrives_whole() -> None:
    reader, writer = os.pipe()
    stream = waiting_for_nobody(os.fdopen(writer, "wb"))
    assert stream.write(MUCH) == len(MUCH)
    stream.flush()
    taken: list[bytes] = []

    def read() -> None:
        while data := os.read(reader, 4096):
            taken.append(data)

    thread = threading.Thread(target=read)
    thread.start()
    stream.close()
    stream.close()
    thread.join()
    os.close(reader)
    assert b"".join(taken) == MUCH


def test_a_file_stays_as_it_is() -> None:
    with Path(os.devnull).open("wb") as file:
        assert waiting_for_nobody(file) is file


def test_a_reader_who_sleeps_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_reader, "_PATIENCE_MS", 1)
    reader, writer = os.pipe()
    stream = SlowReader(writer)
    stream.write(MUCH)
    stream.flush()
    with pytest.raises(OSError, match="does not keep up"):
        stream.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(writer)
    os.close(reader)


def test_what_waits_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_reader, "_MOST_WAITING_BYTES", 1000)
    reader, writer = os.pipe()
    stream = SlowReader(writer)
    with pytest.raises(OSError, match="does not keep up"):
        stream.write(MUCH)
    stream.close()
    os.close(reader)


def test_a_reader_who_has_left_is_an_error() -> None:
    reader, writer = os.pipe()
    stream = SlowReader(writer)
    os.close(reader)
    stream.write(b"x")
    with pytest.raises(BrokenPipeError):
        stream.flush()
    with pytest.raises(BrokenPipeError):
        stream.close()
    assert stream.closed
