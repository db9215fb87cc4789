"""What the host did wrong, found in the events: which rule it broke, when, and at which byte.

`ConductWatch` is fed events in the order of the record and keeps few of them. Each part of it
looks after some of the rules: `conduct_line` after the line, `conduct_dialogue` after who waits
for whom, `conduct_reading` after who reads, `conduct_network` after the clients of the network,
`conduct_ble` after Bluetooth LE. A breach is certain: where it is not known who was first, the host
was right.
"""

from collections.abc import Callable, Iterable
from typing import Any

from quecsim.judge.conduct_ble import BleWatch
from quecsim.judge.conduct_dialogue import Dialogue
from quecsim.judge.conduct_heard import unjudged
from quecsim.judge.conduct_line import LineWatch
from quecsim.judge.conduct_network import NetworkWatch
from quecsim.judge.conduct_reading import ReadWatch
from quecsim.judge.conduct_rules import RULES, Breach, Rule
from quecsim.judge.conduct_upload import HostUpload
from quecsim.judge.conduct_urcs import UrcWatch
from quecsim.trace import event as ev
from quecsim.units import S

__all__ = ["RULES", "Breach", "ConductWatch", "Rule"]

_OF_SILENCE = {
    "gave-up-early",
    "left-in-data-mode",
    "no-wait-for-result",
    "unread-data",
}  # what a host does that hears nothing
_OF_LOSS = {"no-wait-for-ack"}  # what can do no harm where nothing is lost


class ConductWatch:
    """Feed it every event of a run, once, in order; then ask for the `breaches`."""

    def __init__(self) -> None:
        self.has_spoken = False  # the device, since the host wrote first
        self.line = LineWatch()
        self._dialogue = Dialogue()
        self._reading = ReadWatch(self.line)
        self._network = NetworkWatch()
        self._urcs = UrcWatch()
        self._ble = BleWatch(self._network)
        self._has_written = False
        self._at_ns = 0
        self._unjudged: dict[str, list[str]] = {}
        self._handlers: dict[type, list[Callable[[Any], None]]] = {
            ev.Start: [self._on_start],
            ev.HostBytes: [self._on_host_bytes],
            ev.Sent: [self._on_sent],
        }
        parts = (self.line, self._dialogue, self._reading, self._network, self._urcs, self._ble)
        for part in parts:
            for kind, handle in part.handlers.items():
                self._handlers.setdefault(kind, []).append(handle)

    @property
    def upload(self) -> HostUpload | None:
        """The last upload."""
        return self._dialogue.upload

    @property
    def write_error(self) -> tuple[int, str, str] | None:
        """(time, command, result) of a command for writing files that failed; None if an upload
        was accepted after it.
        """
        return self._dialogue.write_error

    def feed(self, events: Iterable[ev.Event]) -> None:
        """Take note of `events`."""
        handlers = self._handlers
        for event in events:
            if event.at_ns > self._at_ns:
                self._at_ns = event.at_ns
            for handle in handlers.get(type(event), ()):
                handle(event)

    def until(self, now_ns: int) -> None:
        """It is `now_ns`, though nothing may have happened since the last event."""
        self._at_ns = max(self._at_ns, now_ns)

    def breaches(
        self,
        left_ns: int | None = None,
        expected: bytes | None = None,
        *,
        may_fail: bool = False,
        was_stopped: bool = False,
    ) -> list[Breach]:
        """What was broken, in order of time.

        `left_ns` is when the host ended (None: when it closed the port, else now); `expected` are
        the bytes that it meant to send, as far as known; `may_fail`: the upload failed, as it may,
        and the host said so; `was_stopped`: it did not end by itself, but was ended by others.
        `ignored-error`, `ignored-connection`, `unread-data` and `trusted-short-upload` need the
        host's claim and the verdict, and are found by `quecsim.judge.judgement` but for data sent
        after a refusal.
        """
        found = self._dialogue.breaches(expected, may_fail=may_fail)
        if not was_stopped:
            found += self._dialogue.leaving(self._at_ns, left_ns)
        end_ns = self._at_ns if left_ns is None else left_ns
        found += self._reading.breaches(end_ns)
        found += self._network.breaches() + self._urcs.breaches() + self._ble.breaches()
        found = [each for each in found if not self._is_excused(each)]
        found += self.line.breaches()
        left_out = {rule for rules in self._unjudged.values() for rule in rules}
        found = [each for each in found if each.rule not in left_out]
        return sorted(found, key=lambda each: (each.at_ns, each.rule))

    def unread(self, left_ns: int) -> list[Breach]:
        """What is wrong besides about a host that says that all went well, and ended then."""
        found = self._urcs.unread(left_ns)
        return [each for each in found if not self._is_excused(each)]

    def notes(self) -> list[str]:
        """What the host should know, though it is no breach here."""
        found = self._dialogue.breaches(None, may_fail=True)
        harmless = [
            f"{each.rule}, which does no harm on a port that loses nothing: {each.text}"
            for each in found
            if self.line.is_lossless and each.rule in _OF_LOSS
        ]
        missing = [
            f"nobody could judge {', '.join(rules)}: that takes {what}"
            for what, rules in self._unjudged.items()
        ]
        return harmless + missing

    def still_waits(self) -> str:
        """Why the device is still at an upload, if it waits for the host; empty otherwise."""
        upload = self._dialogue.upload
        if upload is None or not upload.is_open or not upload.is_taking:
            return ""
        wait_s = upload.timeout_ns / S
        return f"the device still waited: the time-out of AT{upload.command} was {wait_s:g} s"

    def _is_excused(self, breach: Breach) -> bool:
        """Nothing can come of it, or the host could not have known better."""
        if breach.rule in _OF_LOSS:
            return self.line.is_lossless
        return breach.rule in _OF_SILENCE and self.line.was_silent(breach.at_ns)

    def _on_start(self, event: ev.Start) -> None:
        self._unjudged = unjudged(event.observed, list(RULES))

    def _on_host_bytes(self, _event: ev.HostBytes) -> None:
        self._has_written = True

    def _on_sent(self, _event: ev.Sent) -> None:
        self.has_spoken = self.has_spoken or self._has_written
