"""The serial line while it is a connection of Bluetooth LE: what it lost of the host's bytes before
the air could have them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quecsim.link.ble_pace import BlePace
from quecsim.report.air import BleLoss, BleSession
from quecsim.report.ble_answer import session_sentence
from quecsim.report.ble_notes import ConnectionNotes
from quecsim.report.losses import LossList, why
from quecsim.trace import event as ev

TRANSPARENT = "+QBLETRANMODE"
_ESCAPE = "+++"
_MOST_SESSIONS = 100
_MOST_LOSSES = 100


@dataclass(slots=True, eq=False)
class _Notes:
    begin_ns: int
    offset: int
    end_ns: int | None = None
    end: int | None = None
    carrier: ConnectionNotes | None = None
    interval: int = 0
    mtu: int = 0
    carries_bytes_per_s: int | None = None
    losses: LossList = field(default_factory=lambda: LossList(_MOST_LOSSES))


class Sessions:
    """Feed it the events of a run by its `handlers`. `pace` is that of the radio."""

    def __init__(self) -> None:
        self._carrier: ConnectionNotes | None = None
        self.pace = BlePace()
        self._listed: list[_Notes] = []
        self._sent = 0
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.HostBytes: self._on_host_bytes,
            ev.DataBegin: self._on_begin,
            ev.DataEnd: self._on_end,
            ev.Lost: self._on_lost,
        }

    def told(self) -> list[BleSession]:
        """The entries of the report."""
        return [self._entry(notes) for notes in self._listed]

    def carry(self, carrier: ConnectionNotes | None) -> None:
        """That is the connection from now on."""
        self._carrier = carrier
        notes = self._open
        if notes is not None and notes.carrier is None:
            notes.carrier = carrier

    def _entry(self, notes: _Notes) -> BleSession:
        losses = [
            BleLoss(
                at_byte=lost.offset - notes.offset,
                count=lost.count,
                first_ns=lost.at_ns,
                last_ns=lost.last_ns,
                why=why(lost),
            )
            for lost in notes.losses.sorted()
        ]
        made = BleSession(
            connection=0 if notes.carrier is None else notes.carrier.number,
            begin_ns=notes.begin_ns,
            offset=notes.offset,
            end_ns=notes.end_ns,
            sent=max(0, (self._sent if notes.end is None else notes.end) - notes.offset),
            lost=notes.losses.count,
            losses=losses,
            unlisted=notes.losses.unlisted,
            carries_bytes_per_s=notes.carries_bytes_per_s,
        )
        return session_sentence(made, notes.interval, notes.mtu)

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        self._sent = max(self._sent, event.offset + len(event.data))

    def _on_begin(self, event: ev.DataBegin) -> None:
        if event.command == TRANSPARENT and len(self._listed) < _MOST_SESSIONS:
            self._listed.append(_Notes(event.at_ns, event.offset, carrier=self._carrier))

    def _on_end(self, event: ev.DataEnd) -> None:
        notes = self._open
        if notes is not None:
            escape = len(_ESCAPE) if event.why == "escape" else 0
            notes.end_ns, notes.end = event.at_ns, event.offset - escape

    @property
    def _open(self) -> _Notes | None:
        last = self._listed[-1] if self._listed else None
        return last if last is not None and last.end is None else None

    def _on_lost(self, event: ev.Lost) -> None:
        """It may be known only when the session is over, and be behind what that has read."""
        owner = next((each for each in reversed(self._listed) if each.offset <= event.offset), None)
        if owner is None or (owner.end_ns is not None and event.at_ns >= owner.end_ns):
            return
        owner.losses.add(event)
        if owner.end is not None:
            owner.end = max(owner.end, event.offset + event.count)
        carrier = owner.carrier
        if carrier is not None and owner.carries_bytes_per_s is None:
            owner.interval, owner.mtu = carrier.interval, carrier.mtu
            owner.carries_bytes_per_s = carrier.carries_bytes_per_s(self.pace)
