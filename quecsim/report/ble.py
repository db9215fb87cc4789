"""What Bluetooth LE carried, followed through the events: see `quecsim.report.air`.

A piece of data is known by the offset of its direction from when it is asked for, or comes, until
it is where it is to go, or is lost. What the serial line loses while it is the connection is in no
direction yet: that is `quecsim.report.ble_session`.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from quecsim.border.ble import data_bytes
from quecsim.link.ble_pace import BlePace
from quecsim.profiles.schema import Profile
from quecsim.report.air import BleReport
from quecsim.report.ble_names import names_of
from quecsim.report.ble_notes import ConnectionNotes, TransferNotes
from quecsim.report.ble_session import Sessions
from quecsim.trace import event as ev
from quecsim.trace.ble_words import number_of, words_of

MOST_CONNECTIONS = 1000
_MOST_TRANSFERS = 1000
_MOST_PIECES = 4096  # on their way at a time; no device has so many
_UP, _DOWN = "up", "down"


class _Piece(NamedTuple):
    transfer: TransferNotes
    at_byte: int
    size: int


class BleNotes:
    """Feed it the events of a run by its `handlers`."""

    def __init__(self) -> None:
        self._connections: deque[ConnectionNotes] = deque(maxlen=MOST_CONNECTIONS)
        self._count = 0
        self._current: ConnectionNotes | None = None
        self._wanted: ConnectionNotes | None = None
        self._transfers: dict[tuple[int, str, str], TransferNotes] = {}
        self._pieces: dict[tuple[str, int], _Piece] = {}
        self._down_bytes = 0  # that others have said
        self._pace = BlePace()
        self._names: dict[str, str] = {}
        self._sessions = Sessions()
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.BleAsked: self._on_asked,
            ev.BleGone: self._on_gone,
            ev.BleCame: self._on_came,
            ev.BleHeard: self._on_heard,
            ev.BleLost: self._on_lost,
            **self._sessions.handlers,
        }

    def report(self, now_ns: int) -> BleReport:
        """As things stand."""
        return BleReport(
            connections=[each.told(self._pace, now_ns) for each in self._connections],
            unlisted=self._count - len(self._connections),
            transfers=[each.told() for each in self._transfers.values()],
            sessions=self._sessions.told(),
        )

    def _on_start(self, event: ev.Start) -> None:
        self._pace, self._names = pace_of(event.profile), names_of(event)

    # connections

    def _begin(self, notes: ConnectionNotes) -> None:
        self._count += 1
        notes.number, notes.name = self._count, self._names.get(notes.address, "")
        self._connections.append(notes)

    def _on_asked(self, event: ev.BleAsked) -> None:
        words = words_of(event.words)
        if event.count:
            self._sight(_UP, event.uuid, event.offset, event.count)
        elif event.what == "join":
            self._wanted = ConnectionNotes(words.get("address", ""), True, event.at_ns)
            self._begin(self._wanted)
        elif event.what == "give up" and self._wanted is not None:
            self._wanted.end(event.at_ns, "given up")
            self._wanted = None
        elif event.what == "vanish":
            self._end(event.at_ns, "gone")
            self._tell_sessions()

    def _on_heard(self, event: ev.BleHeard) -> None:
        words = words_of(event.words)
        if event.what == "joined":
            self._joined(event.at_ns, words)
        elif event.what == "not joined" and self._wanted is not None:
            self._wanted.end(event.at_ns, words.get("why", ""))
            self._wanted = None
        elif event.what == "left":
            self._end(event.at_ns, words.get("why", ""))
        elif event.what == "mtu is" and self._current is not None:
            self._current.mtu = number_of(words, "mtu") or self._current.mtu
        elif event.what == "parameters are" and self._current is not None:
            self._current.note_parameters(words)
        elif event.what == "came" and event.count:
            self._arrived(_DOWN, event.uuid, event.offset, event.count)
        self._tell_sessions()

    def _joined(self, at_ns: int, words: dict[str, str]) -> None:
        notes, self._wanted = self._wanted, None
        if words.get("is_central") != "True" or notes is None:
            notes = ConnectionNotes(words.get("address", ""), words.get("is_central") == "True")
            self._begin(notes)
        notes.joined_ns = at_ns
        notes.note_parameters(words)
        self._current = notes

    def _end(self, at_ns: int, why: str) -> None:
        for each in (self._current, self._wanted):
            if each is not None:
                each.end(at_ns, why)
        self._current = self._wanted = None

    def _tell_sessions(self) -> None:
        self._sessions.pace = self._pace
        self._sessions.carry(self._current)

    # data

    def _sight(self, way: str, uuid: str, offset: int, count: int) -> _Piece | None:
        """A piece of data is seen first: it is given."""
        number = 0 if self._current is None else self._current.number
        key = (number, uuid, way)
        if key not in self._transfers and len(self._transfers) >= _MOST_TRANSFERS:
            return None
        transfer = self._transfers.setdefault(key, TransferNotes(number, uuid, way))
        piece = _Piece(transfer, transfer.given, count)
        transfer.given += count
        transfer.pieces += 1
        self._pieces[way, offset] = piece
        if len(self._pieces) > _MOST_PIECES:
            del self._pieces[next(iter(self._pieces))]
        return piece

    def _on_gone(self, event: ev.BleGone) -> None:
        if (piece := self._pieces.pop((_UP, event.offset), None)) is not None:
            piece.transfer.arrived += event.count

    def _on_came(self, event: ev.BleCame) -> None:
        count = data_bytes(event.news)
        if count:
            self._sight(_DOWN, getattr(event.news, "uuid", ""), self._down_bytes, count)
            self._down_bytes += count

    def _arrived(self, way: str, uuid: str, offset: int, count: int) -> None:
        piece = self._pieces.get((way, offset)) or self._sight(way, uuid, offset, count)
        if piece is not None and not piece.transfer.has_heard(offset):
            piece.transfer.arrived += count
            piece.transfer.heard_offset = offset

    def _on_lost(self, event: ev.BleLost) -> None:
        if not event.count:
            return
        known = self._pieces.pop((event.way, event.offset), None) or self._rest(event)
        piece = known or self._sight(event.way, event.uuid, event.offset, event.count)
        if piece is None:
            return
        self._pieces.pop((event.way, event.offset), None)
        if piece.transfer.has_heard(event.offset):  # the device had it, and had no room
            piece.transfer.arrived -= event.count
        piece.transfer.lose(piece.at_byte, event)

    def _rest(self, event: ev.BleLost) -> _Piece | None:
        """What the host has not read of a piece that it had begun to read."""
        if event.way == _DOWN:
            for (way, offset), piece in self._pieces.items():
                before = event.offset - offset
                if way == _DOWN and 0 < before < piece.size:
                    return piece._replace(at_byte=piece.at_byte + before)
        return None


def pace_of(profile: Profile | None) -> BlePace:
    """How fast the radio of such a device is."""
    ble = None if profile is None else profile.ble
    return BlePace() if ble is None else BlePace(ble.packets_per_event, ble.packet_bytes)
