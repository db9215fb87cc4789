import contextlib
import errno
import os
import stat
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live import live_log
from quecsim.live.apart import ApartWriter
from quecsim.live.live_log import LiveLog
from quecsim.render.dialogue import DialogueText
from quecsim.trace.event import Event, Power, Stored
from tests.render.dialogue.test_dialogue import upload


def rows_of(events: list[Event]) -> list[str]:
    text = DialogueText()
    return text.feed(events) + text.end()


def test_the_log_is_what_the_record_says_later(tmp_path: Path) -> None:
    events, path = upload().events, tmp_path / "log"
    said: list[str] = []
    log = LiveLog(str(path), DialogueText(), said.append)
    for event in events:
        log.write([event])
    log.close()
    assert path.read_text().splitlines() == rows_of(events)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert said == []


def test_a_file_that_cannot_be_made_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot write the log") as told:
        LiveLog(str(tmp_path / "none" / "log"), DialogueText(), print)
    assert "--log alone is standard error" in str(told.value)


def test_a_disk_that_takes_no_more_ends_the_log_and_not_the_run() -> None:
    said: list[str] = []
    log = LiveLog("/dev/full", DialogueText(), said.append)
    log.write([Power(0, "on", "x")])
    log.close()
    log.write([Power(0, "on", "x")])
    assert said == [f"log ended: cannot write /dev/full: {os.strerror(errno.ENOSPC)}"]


@pytest.fixture
def fifo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """A pipe with a reader, and a log that bears with him for 4000 bytes only."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def small(descriptor: int, *, is_ours: bool) -> ApartWriter:
        return ApartWriter(descriptor, is_ours=is_ours, most_bytes=4000)

    monkeypatch.setattr(live_log, "ApartWriter", small)
    monkeypatch.setattr(live_log, "_PATIENCE_S", 0.0)
    return str(path), reader


def test_rows_are_left_out_for_a_reader_who_sleeps_and_counted(fifo: tuple[str, int]) -> None:
    path, reader = fifo
    said: list[str] = []
    log = LiveLog(path, DialogueText(), said.append)
    count = 3000
    for number in range(count):
        log.write([Stored(number, "ca.pem", 1, number)])
    log.close()
    assert said == ["log ended: its reader does not keep up, and has not got all of it"]
    os.set_blocking(reader, True)
    data = b""
    while piece := os.read(reader, 1 << 16):
        data += piece
    os.close(reader)
    rows = data.decode().splitlines()
    notes = [row for row in rows if "LEFT OUT" in row]
    left_out = sum(int(note.split()[3]) for note in notes) + log._left_out
    assert left_out > 0
    assert len(rows) - len(notes) + left_out == count


def test_a_reader_who_wakes_up_is_told_how_many(fifo: tuple[str, int]) -> None:
    path, reader = fifo
    log = LiveLog(path, DialogueText(), print)
    number = 0
    while not log._left_out:
        log.write([Stored(number, "ca.pem", 1, number)])
        number += 1
    log.write([Stored(number, "ca.pem", 1, number)])
    left_out, number = log._left_out, number + 1
    data = b""
    while "LEFT OUT" not in data.decode():
        with contextlib.suppress(BlockingIOError):
            data += os.read(reader, 1 << 16)
        log.write([Stored(number, "ca.pem", 1, number)])
        number += 1
    row = next(row for row in data.decode().splitlines() if "LEFT OUT" in row)
    assert row.split()[1:3] == ["run", "!!"]
    assert int(row.split()[3]) >= left_out
    os.close(reader)
    log.close()


def test_a_reader_who_has_gone_ends_the_log_without_a_word(
    fifo: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, reader = fifo
    monkeypatch.setattr(live_log, "_PATIENCE_S", 60.0)
    said: list[str] = []
    log = LiveLog(path, DialogueText(), said.append)
    os.close(reader)
    for number in range(100):
        log.write([Stored(number, "ca.pem", 1, number)])
    log.close()
    assert said == []
