"""A device at the end of a real line, with an adapter and a clock that the test has in hand."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from quecsim.live.clock import WallClock
from quecsim.live.loop import LiveLoop
from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.line_marks import Item
from quecsim.live.readiness import Waker
from quecsim.live.serial_host import SerialHost
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import Event
from quecsim.units import ms, s

_E = TypeVar("_E")


class Wall:
    """The wall's clock, as the test has it."""

    def __init__(self) -> None:
        self.now_ns = 0

    def monotonic_ns(self) -> int:
        return self.now_ns


@dataclass
class FakeAdapter:
    """`coming` is what the driver will hand over, each at its time of the wall's clock."""

    wall: Wall
    name: str = "fake"
    gone: str = ""
    empties_ms: int = 2
    coming: deque[tuple[int, list[Item]]] = field(default_factory=deque)
    got: bytearray = field(default_factory=bytearray)
    got_at: list[tuple[int, int]] = field(default_factory=list)  # (time, bytes so far)
    room: int = 1 << 20
    is_empty: bool = True
    board: BoardLines | None = None
    driven: list[tuple[int, bool, bool]] = field(default_factory=list)
    settings: list[tuple[int, int, str, int]] = field(default_factory=list)  # ..., bytes so far
    counts: ErrorCounts | None = None
    complaints: list[str] = field(default_factory=list)
    readers: list[int] = field(default_factory=list)
    writers: list[int] = field(default_factory=list)
    is_closed: bool = False

    def read(self, most: int) -> list[Item]:
        items: list[Item] = []
        while self.coming and self.coming[0][0] <= self.wall.now_ns:
            items += self.coming.popleft()[1]
        assert sum(len(item) if isinstance(item, bytes) else 1 for item in items) <= most
        return items

    def write(self, data: bytes | bytearray) -> int:
        taken = data[: self.room]
        self.got += taken
        self.got_at.append((self.wall.now_ns, len(self.got)))
        return len(taken)

    def unread_bytes(self) -> int:
        return 0

    def is_drained(self) -> bool:
        return self.is_empty

    def set_line(self, baud: int, frame: str) -> None:
        self.settings.append((self.wall.now_ns, baud, frame, len(self.got)))

    def take_complaints(self) -> list[str]:
        told, self.complaints = self.complaints, []
        return told

    def take_lines(self) -> list[BoardLines]:
        return [] if self.board is None else [self.board]

    def drive(self, *, rts: bool, dtr: bool) -> None:
        if not self.driven or self.driven[-1][1:] != (rts, dtr):
            self.driven.append((self.wall.now_ns, rts, dtr))

    def errors(self) -> ErrorCounts | None:
        return self.counts

    def traits(self) -> list[str]:
        return []

    def close(self) -> None:
        self.is_closed = True


class SerialBench:
    """The clock goes from one thing to the next: what the driver hands over, what is due."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, config: RigConfig | None = None, device: str = ""
    ) -> None:
        self.wall = Wall()
        monkeypatch.setattr(time, "monotonic_ns", self.wall.monotonic_ns)
        self.events: list[Event] = []
        self.told: list[str] = []
        self.seen = 0
        self.adapter = FakeAdapter(self.wall)
        self.rig = Rig(load_profile(device or "ec200u"), config or RigConfig(is_real_line=True))
        self.host = SerialHost(self.rig, self.adapter, lambda: self.loop.turn_ns, self.told.append)
        self.loop = LiveLoop(self.rig, self.host, WallClock(), self.events.extend, Waker())

    def begin(self) -> None:
        self.rig.start()
        self.host.come(0)
        self.loop.turn()

    def comes(self, at_ns: int, *items: Item) -> None:
        """The driver hands that over at `at_ns`."""
        self.adapter.coming.append((at_ns, list(items)))

    def pass_time(self, until_ns: int) -> None:
        while self.wall.now_ns < until_ns:
            steps = [until_ns]
            if (timeout_s := self.loop.timeout_s()) is not None:
                steps.append(self.wall.now_ns + int(timeout_s * 1e9) + 1)
            if self.adapter.coming:
                steps.append(max(self.wall.now_ns, self.adapter.coming[0][0]))
            self.wall.now_ns = min(steps)
            self.loop.turn()

    def until_said(self, text: bytes, limit_ns: int = s(60)) -> None:
        """The board has been given that, behind what it was given when this was asked last."""
        end_ns = self.wall.now_ns + limit_ns
        while (place := self.adapter.got.find(text, self.seen)) < 0:
            assert self.wall.now_ns < end_ns, bytes(self.adapter.got[self.seen :])
            self.pass_time(self.wall.now_ns + ms(1))
        self.seen = place + len(text)

    def found(self, kind: type[_E]) -> list[_E]:
        return [event for event in self.events if isinstance(event, kind)]

    def finish(self) -> None:
        """The record repeats, and no byte is unaccounted for."""
        self.loop.turn()
        self.host.leave(self.rig.moment.now_ns)
        self.rig.finish(self.loop.now_ns())
        self.events += self.rig.take_events()
        again = replay(self.events)
        assert again.is_same, (again.was, again.now)

    def close(self) -> None:
        self.loop.close()
