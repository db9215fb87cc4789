"""An adapter of this machine; a pty stands for it, and says where it lacks something."""

import os
from collections.abc import Iterator

import pytest

from quecsim.live.ports.tty_adapter import TtyAdapter
from tests.live.ports.test_tty_line import Pair

pytestmark = pytest.mark.pty


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


@pytest.fixture
def adapter(pair: Pair) -> Iterator[TtyAdapter]:
    made = TtyAdapter(pair.path)
    made.set_line(115_200, "8N1")
    yield made
    made.close()


def test_bytes_go_both_ways_as_they_are(pair: Pair, adapter: TtyAdapter) -> None:
    everything = bytes(range(256))
    os.write(pair.wire, everything)
    assert adapter.read(1000) == [everything]
    assert adapter.read(1000) == []
    sent = 0
    while sent < 256:
        sent += adapter.write(everything[sent:])
    assert os.read(pair.wire, 1000) == everything
    assert adapter.is_drained()
    assert not adapter.gone


def test_no_more_is_read_than_there_is_room_for(pair: Pair, adapter: TtyAdapter) -> None:
    os.write(pair.wire, b"x" * 300)
    assert sum(len(item) for item in adapter.read(100) if isinstance(item, bytes)) == 100
    assert sum(len(item) for item in adapter.read(1000) if isinstance(item, bytes)) == 200


def test_it_is_given_a_few_milliseconds_of_the_line(adapter: TtyAdapter) -> None:
    """What a driver has can not be stopped by the board's RTS."""
    assert adapter.write(b"x" * 5000) == 64
    adapter.set_line(921_600, "8N1")
    assert adapter.write(b"x" * 5000) == 921_600 * 4 // 10_000


def test_a_pty_lacks_modem_lines_and_says_so(adapter: TtyAdapter) -> None:
    assert adapter.take_lines() == []
    adapter.drive(rts=False, dtr=True)
    assert adapter.errors() is None
    told = " ".join(adapter.traits())
    assert "no modem lines" in told
    assert "does not count errors" in told


def test_it_goes_away() -> None:
    wire, tty = os.openpty()
    path = os.ttyname(tty)
    adapter = TtyAdapter(path)
    adapter.set_line(115_200, "8N1")
    os.close(tty)
    os.write(wire, b"the last")
    os.close(wire)
    while not adapter.gone:
        adapter.read(100)
    assert path in adapter.gone
    assert adapter.readers == []
    assert adapter.read(100) == []
    assert adapter.write(b"x") == 1, "it is gone, and nobody waits"
    adapter.drive(rts=False, dtr=False)
    adapter.close()


def test_a_rate_that_cannot_be_is_told_once(
    adapter: TtyAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter._line, "set", lambda baud, frame: f"no {baud} {frame}")
    adapter.set_line(9600, "7E1")
    assert adapter.take_complaints() == ["no 9600 7E1"]
    assert adapter.take_complaints() == []
