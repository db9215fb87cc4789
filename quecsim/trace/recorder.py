"""Where the core leaves its events until whoever drives it takes them away.

A record must not show who looked, or how the host's bytes were cut. So what grows byte by byte is
held until it is over, and is one event then: a stretch of bytes that all went the same way, a ring
that fills, a ring that is emptied piece by piece in one moment. It is over when anything else
happens; or when the line has fallen silent and time has moved on, which the rig tells by `settle`.
"""

from operator import attrgetter

import msgspec

from quecsim.trace.event import Eaten, Event, HostBytes, Lost, RingLevel

ROW_BYTES = 1 << 16  # no stretch goes over a multiple of this in the host's stream: it has a bound
_SAME_LOSS = attrgetter("cause", "doing", "device_flow", "host_flow", "ring_bytes", "transfer")


_GROWING = (Eaten, Lost)


class Recorder:
    """A list of events, drained and never pushed: a slow reader cannot change a run.

    `is_open`: something is held that `take` does not give yet. See `open_row` for what it is.
    """

    __slots__ = ("_bytes", "_closed", "_fills", "_level", "_row", "is_open")

    def __init__(self) -> None:
        self._closed: list[Event] = []
        self._row: list[Eaten | Lost] = []  # all but the first go on
        self._level: RingLevel | None = None
        self._fills = False
        self._bytes: HostBytes | None = None
        self.is_open = False

    def add_bytes(self, event: HostBytes) -> None:
        """The host writes. That ends nothing that is held: how it cuts its bytes must not show.

        What it writes at one moment, with nothing else happening between, is one event.
        """
        if self._bytes is not None:
            if self._bytes.at_ns == event.at_ns:
                event = msgspec.structs.replace(self._bytes, data=self._bytes.data + event.data)
            else:
                self._closed.append(self._bytes)
        self._bytes, self.is_open = event, True

    def end_bytes(self) -> None:
        """The host has written for now: what follows from it comes behind it."""
        if self._bytes is not None:
            self._closed.append(self._bytes)
            self._bytes = None
            self.is_open = self._level is not None or bool(self._row)

    def add(self, event: Event) -> None:
        """Something has happened."""
        assert type(event) is not HostBytes, "that is for add_bytes"
        if isinstance(event, _GROWING) and not _is_complete(event):
            self._extend(event)
            return
        if self.is_open:
            self.close()
        self._closed.append(event)

    def level(self, level: RingLevel, *, fills: bool) -> None:
        """The ring holds so much now: it fills byte by byte, or it has been read from."""
        old = self._level
        if old is not None and not self._gives_way(old, level, fills=fills):
            self.close()
        self._level, self._fills, self.is_open = level, fills, True

    def settle(self, now_ns: int) -> None:
        """The line is silent, and it is `now_ns`: what was over before that is on record."""
        ends = [self._row[-1].last_ns] if self._row else []
        if self._level is not None:
            ends.append(self._level.at_ns)
        if all(end_ns < now_ns for end_ns in ends):
            self.close()

    def close(self) -> None:
        """Whatever is held is over."""
        self.end_bytes()
        if self._row:
            self._closed.append(_whole(self._row))
            self._row = []
        if self._level is not None:
            self._closed.append(self._level)
            self._level = None
        self.is_open = False

    @property
    def open_row(self) -> Eaten | Lost | None:
        """The stretch of bytes that is held, as it stands."""
        return _whole(self._row) if self._row else None

    def take(self) -> list[Event]:
        """All that is over since the last call, oldest first."""
        events = self._closed[:]
        self._closed.clear()
        return events

    def _extend(self, event: Eaten | Lost) -> None:
        if not self._row or not _goes_on(self._row[-1], event):
            self.close()
        self._row.append(event)
        self.is_open = True
        if (event.offset + event.count) % ROW_BYTES == 0:
            self.close()

    def _gives_way(self, old: RingLevel, new: RingLevel, *, fills: bool) -> bool:
        return fills == self._fills and (fills or old.at_ns == new.at_ns)


def _is_complete(event: Eaten | Lost) -> bool:
    """A loss at the ring is over when it is recorded."""
    return isinstance(event, Lost) and event.cause == "ring"


def _goes_on(first: Eaten | Lost, second: Eaten | Lost) -> bool:
    if isinstance(first, Eaten) and isinstance(second, Eaten):
        is_same = (first.why, first.transfer) == (second.why, second.transfer)
    elif isinstance(first, Lost) and isinstance(second, Lost):
        is_same = _SAME_LOSS(first) == _SAME_LOSS(second)
    else:
        return False
    return is_same and first.offset + first.count == second.offset


def _whole(row: list[Eaten | Lost]) -> Eaten | Lost:
    first, last = row[0], row[-1]
    if len(row) == 1:
        return first
    end = last.offset + last.count
    whole = {"last_ns": last.last_ns, "count": end - first.offset}
    if isinstance(last, Lost):
        whole["drained_ns"] = last.drained_ns
        return msgspec.structs.replace(first, **whole)
    data = b"".join(event.data for event in row if isinstance(event, Eaten))
    return msgspec.structs.replace(first, **whole, data=data)
