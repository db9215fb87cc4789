"""Unsolicited result codes: when they are due, and when they may be sent.

They wait while a command or data mode runs, and for a moment after a final result. The queue is
bounded; what does not fit is thrown away, as in the EC200U's engine.
"""

from collections import deque
from collections.abc import Callable, Collection

from quecsim.device.responder import Responder
from quecsim.device.shared import Shared, Timer
from quecsim.trace.event import Urc, UrcDropped
from quecsim.units import ms

_LATER_MOST = 256


_Waiting = tuple[str, Callable[[], None] | None]


class UrcDesk:
    """Queues URCs and sends them when the device has nothing else to say.

    `queue` holds those that are due, and wait for their moment.
    """

    def __init__(self, shared: Shared, responder: Responder, may_speak: Callable[[], bool]) -> None:
        """`may_speak`: the device has nothing else to say, or to do."""
        self._may_speak = may_speak
        self._shared = shared
        self._responder = responder
        self.queue: deque[_Waiting] = deque()
        self._later: list[tuple[int, int, str]] = []
        self._count = 0
        self._gap_ns = ms(shared.profile.at.urc_gap_ms)
        self._quiet_until_ns = 0

    @property
    def has_due(self) -> bool:
        """Something waits for its moment."""
        return bool(self.queue or (self._later and self._later[0][0] <= self._shared.now_ns))

    def schedule(self, at_ns: int, text: str) -> None:
        """Send `text` at `at_ns`, or as soon after as may be. Dropped where too many wait."""
        if len(self._later) >= _LATER_MOST:
            self._drop(text, "queue full")
            return
        self._count += 1
        self._later.append((at_ns, self._count, text))
        self._later.sort()
        self.arm()

    def post(self, text: str, sent: Callable[[], None]) -> None:
        """Send `text` as soon as may be; see `quecsim.at.network.Network.say`."""
        self._put_due()  # they were said before
        if self._may_go_out(text):
            self.queue.append((text, sent))
            self.arm()
        else:
            sent()

    def cancel(self, texts: Collection[str]) -> None:
        """Forget those of `texts` that are not due yet."""
        for later in [later for later in self._later if later[2] in texts]:
            self._later.remove(later)
            self._drop(later[2], "the radio was switched off")
        self.arm()

    def send_now(self, text: str) -> bool:
        """Send `text` at once, from inside a running command; True if the settings let it out."""
        may_go_out = self._may_go_out(text)
        if may_go_out:
            self._send(text)
        return may_go_out

    def final_sent(self) -> None:
        """A final result is in the transmitter: leave a gap on the line behind its last byte."""
        shared = self._shared
        gone_ns = shared.tx.next_edge_ns(shared.tx.queued) or shared.now_ns
        self._quiet_until_ns = max(gone_ns, shared.now_ns) + self._gap_ns

    def arm(self) -> None:
        """Set the timer for the next thing to do."""
        due_ns = self._later[0][0] if self._later else None
        if self.queue and self._may_speak() and (room_ns := self._room_ns()) is not None:
            at_ns = max(self._quiet_until_ns, self._shared.now_ns, room_ns)
            due_ns = at_ns if due_ns is None else min(due_ns, at_ns)
        if due_ns is not None:
            self._shared.timers[Timer.URC] = due_ns
        else:
            self._shared.stop_timer(Timer.URC)

    def on_timer(self) -> None:
        """Move what is due into the queue, and send what may be sent."""
        shared = self._shared
        self._put_due()
        may_send = self._may_speak() and shared.now_ns >= self._quiet_until_ns
        while self.queue and may_send and shared.has_room:
            self._send(*self.queue.popleft())
        self.arm()

    def enter_data_mode(self) -> None:
        """Some firmware forgets what is queued when data mode begins."""
        if self._shared.profile.at.urc_on_data_mode == "clear":
            while self.queue:
                text, sent = self.queue.popleft()
                self._drop(text, "data mode")
                if sent is not None:
                    sent()

    def reset(self) -> None:
        """As after power-up."""
        self.queue.clear()
        self._later.clear()
        self._quiet_until_ns = 0

    def _put_due(self) -> None:
        while self._later and self._later[0][0] <= self._shared.now_ns:
            self._put(self._later.pop(0)[2])

    def _room_ns(self) -> int | None:
        """When the transmitter has room for more; None: only the host can make some."""
        tx, shared = self._shared.tx, self._shared
        if shared.has_room:
            return shared.now_ns
        return tx.next_edge_ns(tx.queued - shared.profile.uart.tx_ring_bytes)

    def _send(self, text: str, sent: Callable[[], None] | None = None) -> None:
        self._responder.urc(self._shared.now_ns, text)
        self._shared.record.add(Urc(self._shared.now_ns, text))
        if sent is not None:
            sent()

    def _put(self, text: str) -> None:
        at = self._shared.profile.at
        bounded = [waiting for waiting, sent in self.queue if sent is None]
        queued_bytes = sum(map(len, bounded))
        if not self._may_go_out(text):
            return
        if len(bounded) >= at.urc_queue_entries or queued_bytes + len(text) > at.urc_queue_bytes:
            self._drop(text, "queue full")
        else:
            self.queue.append((text, None))

    def _may_go_out(self, text: str) -> bool:
        """Whether the host's settings let it out on this port; says so on record if not."""
        settings = self._shared.settings
        if not settings.indications.get("all", 1):
            self._drop(text, "switched off by AT+QINDCFG")
        elif settings.urc_port not in ("all", self._shared.port.urc_name):
            self._drop(text, "sent to another port")
        else:
            return True
        return False

    def _drop(self, text: str, why: str) -> None:
        self._shared.record.add(UrcDropped(self._shared.now_ns, text, why))
