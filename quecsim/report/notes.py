"""What else a report tells: how the run was set up and ended, the line, what was never sent."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from quecsim.report.losses import MOST_LISTED
from quecsim.report.model import Advice, DroppedUrc, Message, Mismatch
from quecsim.trace import event as ev


class Notes:
    """The first of each kind are listed."""

    def __init__(self) -> None:
        self.start = ev.Start(0, "", 0, "", {})
        self.end: ev.End | None = None
        self.is_dead = False
        self.mismatches: list[Mismatch] = []
        self.dropped_urcs: list[DroppedUrc] = []
        self.urcs_dropped = 0
        self.stopped_ns = 0
        self.messages: list[Message] = []
        self.messages_sent = 0
        self.unsent: Counter[str] = Counter()
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.End: self._on_end,
            ev.Power: self._on_power,
            ev.LineMismatch: self._on_mismatch,
            ev.UrcDropped: self._on_urc_dropped,
            ev.SendDropped: self._on_send_dropped,
            ev.ClockStopped: self._on_clock_stopped,
            ev.MessageSent: self._on_message_sent,
        }

    def line_advice(self) -> list[Advice]:
        """What to do about two ends that were set differently."""
        return [
            Advice(
                kind="line-settings",
                seen=f"the host sent at {each.host}, the device listened at {each.device}",
                advice=f"set the host's port to {each.device}, or the device with AT+IPR first",
                at_ns=each.at_ns,
            )
            for each in self.mismatches[:1]
            if each.sender == "host"
        ]

    def _on_start(self, event: ev.Start) -> None:
        self.start = event

    def _on_end(self, event: ev.End) -> None:
        self.end = event

    def _on_power(self, event: ev.Power) -> None:
        self.is_dead = event.state == "dead"

    def _on_mismatch(self, event: ev.LineMismatch) -> None:
        if len(self.mismatches) < MOST_LISTED:
            self.mismatches.append(
                Mismatch(event.at_ns, event.host, event.device, event.garbled, event.sender)
            )

    def _on_urc_dropped(self, event: ev.UrcDropped) -> None:
        self.urcs_dropped += 1
        if len(self.dropped_urcs) < MOST_LISTED:
            self.dropped_urcs.append(DroppedUrc(event.at_ns, event.text, event.why))

    def _on_send_dropped(self, event: ev.SendDropped) -> None:
        self.unsent[event.why] += event.count

    def _on_clock_stopped(self, event: ev.ClockStopped) -> None:
        self.stopped_ns += event.real_ns

    def _on_message_sent(self, event: ev.MessageSent) -> None:
        self.messages_sent += 1
        if len(self.messages) < MOST_LISTED:
            message = Message(event.at_ns, event.reference, event.to, event.body, event.is_pdu)
            self.messages.append(message)
