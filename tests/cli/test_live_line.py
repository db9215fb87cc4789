"""The live line, on a terminal that `pyte` plays, with a clock that the test turns."""

import os
import pty
import select
import signal
import termios
from collections.abc import Iterator

import pyte
import pytest

from quecsim.cli import screen
from quecsim.cli.live_line import LiveLine, TerminalSignals
from quecsim.trace import event as ev

START = ev.Start(0, "ec200u", 1, "uart", {"ring_bytes": "512"}, config={"ipr": 115_200})
PORT = "/dev/pts/7"


class Bench:
    """A live line on a real pseudo terminal, and what one sees there."""

    def __init__(self, columns: int = 80, rows: int = 10) -> None:
        self.now_s = 0.0
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (rows, columns))
        os.set_blocking(self.slave, False)
        self.line = LiveLine(os.dup(self.slave), clock_s=lambda: self.now_s)
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)

    def read(self) -> bytes:
        data = b""
        while select.select([self.master], [], [], 0)[0]:
            data += os.read(self.master, 1 << 16)
        self.stream.feed(data)
        return data

    def tick(self, after_s: float = 1.0) -> bytes:
        self.now_s += after_s
        self.line.tick(0)
        return self.read()

    @property
    def shown(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display if line.strip()]

    def resize(self, columns: int) -> None:
        termios.tcsetwinsize(self.slave, (self.screen.lines, columns))
        self.screen.resize(self.screen.lines, columns)
        self.line.again()

    def fill(self) -> None:
        """Until the terminal, which nobody reads, takes no more."""
        try:
            while True:
                os.write(self.slave, b"." * 4096)
        except BlockingIOError:
            return

    def close(self) -> None:
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_nothing_is_drawn_before_it_begins(bench: Bench) -> None:
    bench.line.watch([START])
    assert bench.line.pause_s() is None
    assert bench.tick() == b""


def test_two_lines_and_the_cursor_before_them(bench: Bench) -> None:
    bench.line.watch([START])
    bench.line.begin(PORT)
    assert bench.line.pause_s() == 0
    bench.tick()
    assert [line.split()[0] for line in bench.shown] == [PORT, "ring"]
    assert (bench.screen.cursor.y, bench.screen.cursor.x) == (0, 0)
    assert bench.line.pause_s() is None


def test_it_is_drawn_on_change_and_not_too_often(bench: Bench) -> None:
    bench.line.begin(PORT)
    bench.tick()
    assert bench.tick() == b""
    bench.line.watch([ev.Sent(1, b"OK")])
    bench.tick()
    drawn = 0
    for number in range(100):
        bench.line.watch([ev.Sent(2 + number, b"OK")])
        drawn += bool(bench.tick(0.01))
    assert 4 <= drawn <= 5  # in a second
    assert bench.line.pause_s() is not None
    assert "out 202" in bench.shown[1] or bench.tick()
    assert "out 202" in bench.shown[1]


def test_what_ends_without_an_event_is_drawn_all_the_same(bench: Bench) -> None:
    bench.line.begin(PORT)
    bench.line.watch([START, ev.RingLevel(1, 500), ev.RingLevel(2, 0)])
    bench.tick()
    assert "500/512" in bench.shown[1]
    assert bench.line.pause_s() is not None
    bench.tick()
    assert "0/512" in bench.shown[1]
    assert bench.line.pause_s() is None


def test_messages_scroll_above_it(bench: Bench) -> None:
    bench.line.begin(PORT)
    bench.tick()
    for number in range(20):
        bench.line.say(f"message {number}")
    bench.read()
    assert bench.shown[:-2] == [f"message {number}" for number in range(12, 20)]
    assert bench.shown[-2].startswith(PORT)


def test_messages_of_the_command_go_through_it(bench: Bench) -> None:
    with bench.line.shown(PORT, "") as pause_s:
        assert pause_s() == 0
        bench.tick()
        screen.say("the device is off")
        bench.read()
        assert bench.shown[0] == "quecsim: the device is off"
        assert len(bench.shown) == 3
    bench.read()
    assert bench.shown == ["quecsim: the device is off"]  # a clean terminal


def test_a_terminal_that_stands_still_holds_nobody_up(bench: Bench) -> None:
    bench.line.begin(PORT)
    bench.fill()
    bench.now_s += 1
    bench.line.tick(0)
    for number in range(5000):
        bench.line.say(f"message {number} {'.' * 40}")
        bench.line.watch([ev.Sent(number, b"OK")])
        bench.line.tick(0)
    assert 0 < (bench.line.pause_s() or 0) <= 0.2  # and tries again
    seen = b""
    while more := bench.tick():
        seen += more
    assert b"message 0 " in seen
    assert b"messages found no room while the terminal stood still" in seen
    assert b"message 4999 " not in seen
    assert "out 10000" in bench.shown[-1]


@pytest.mark.parametrize("columns", [20, 10, 8, 132])
def test_another_size(bench: Bench, columns: int) -> None:
    bench.line.begin(PORT)
    bench.line.say("a message that stays")
    bench.tick()
    bench.resize(columns)
    bench.tick()
    assert len(bench.shown) == 3
    assert all(len(line) < columns for line in bench.shown[1:])
    bench.resize(80)
    bench.tick()
    assert [line.split()[0] for line in bench.shown[1:]] == [PORT, "ring"]


def test_a_terminal_too_narrow_for_anything_is_left_alone(bench: Bench) -> None:
    bench.line.begin(PORT)
    bench.resize(5)
    assert bench.tick() == b""
    assert bench.line.pause_s() is None


def test_a_terminal_that_is_gone_is_not_the_end(bench: Bench) -> None:
    bench.line.begin(PORT)
    bench.tick()
    os.close(bench.master)
    bench.line.say("nobody reads this")
    bench.line.watch([ev.Sent(1, b"OK")])
    bench.now_s += 1
    bench.line.tick(0)
    bench.line.close()
    bench.master = os.open(os.devnull, os.O_RDONLY)  # for the fixture


def test_signals_of_the_terminal(bench: Bench) -> None:
    before = signal.getsignal(signal.SIGWINCH)
    with TerminalSignals(bench.line):
        bench.line.begin(PORT)
        assert bench.tick() != b""
        assert bench.tick() == b""
        signal.raise_signal(signal.SIGWINCH)
        assert bench.tick() != b""
    assert signal.getsignal(signal.SIGWINCH) == before
