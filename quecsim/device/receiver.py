"""The device's receiving end: the ring, what is lost when it is full, and flow control.

While the device is busy nothing drains the ring. Bytes that find it full are gone, and this is
where it is written down which, when and why.
"""

from dataclasses import dataclass

from quecsim.device.ledger import Ledger
from quecsim.trace.event import Lost, RingLevel, Rts
from quecsim.trace.recorder import Recorder
from quecsim.uart.ring import RxRing
from quecsim.uart.run import ByteRun


@dataclass(slots=True)
class FlowTexts:
    """Both ends' flow control in words, for the record of a loss."""

    device: str = "off"
    host: str = "off"


@dataclass(slots=True)
class _OpenLoss:
    """An unbroken stretch of lost bytes that has not ended yet."""

    first_ns: int
    last_ns: int
    offset: int
    count: int
    full_ns: int
    doing: str
    device_flow: str
    host_flow: str
    transfer: int


class Receiver:
    """Ring, watermarks and the account of losses.

    `rts` is False while the device asks the host to stop, which it does with flow control only.
    """

    def __init__(
        self, capacity: int, off_level: int, on_level: int, ledger: Ledger, record: Recorder
    ) -> None:
        self.ring = RxRing(capacity)
        self.off_level = min(off_level, capacity)
        self.on_level = min(on_level, self.off_level - 1)
        self.has_flow_control = False
        self.rts = True
        self.flow_texts = FlowTexts()
        self._ledger = ledger
        self._record = record
        self._loss: _OpenLoss | None = None
        self._full_ns = 0

    def fill(self, run: ByteRun, doing: str) -> int:
        """Put `run` into the ring as far as nothing changes for the host; returns that count.

        What does not fit is lost. `doing` is what keeps the device from draining.
        """
        count = len(run.data)
        if self.has_flow_control and self.rts:
            count = min(count, max(1, self.off_level - self.ring.level))
            run = run if count == len(run.data) else run.head(count)
        accepted = self.ring.push(run)
        self._ledger.arrived += count
        if accepted:
            self._note_level(run, accepted)
        if accepted < count:
            self._lose(run, accepted, doing)
        if self.has_flow_control and self.rts and self.ring.level >= self.off_level:
            self._set_rts(run.edge_ns(count - 1), is_on=False)
        return count

    def lose_all(self, run: ByteRun, cause: str, doing: str) -> int:
        """Nobody is there to receive: the whole run is gone."""
        self._ledger.arrived += len(run.data)
        self._ledger.lose(cause, len(run.data))
        first_ns, last_ns = run.edge_ns(0), run.edge_ns(len(run.data) - 1)
        texts = self.flow_texts
        self._record.add(
            Lost(first_ns, last_ns, run.offset, len(run.data), cause, self.ring.level,
                 first_ns, last_ns, doing, texts.device, texts.host, self._ledger.transfer)
        )  # fmt: skip
        return len(run.data)

    def lose(self, now_ns: int, offset: int, count: int, cause: str, doing: str) -> None:
        """Bytes that had been received are gone after all."""
        self._ledger.lose(cause, count)
        texts = self.flow_texts
        self._record.add(
            Lost(now_ns, now_ns, offset, count, cause, 0,
                 now_ns, now_ns, doing, texts.device, texts.host, self._ledger.transfer)
        )  # fmt: skip

    def drained(self, now_ns: int) -> None:
        """Bytes were taken from the ring just now: room again, a loss is over, RTS may return."""
        if self._loss is not None:
            self._close_loss(now_ns)
        self._record.level(RingLevel(now_ns, self.ring.level), fills=False)
        if not self.rts and self.ring.level <= self.on_level:
            # The level at which it happened: how the bytes were cut into runs must not show.
            self._set_rts(now_ns, is_on=True, level=self.on_level)

    def set_flow_control(self, now_ns: int, *, is_on: bool) -> None:
        """Flow control goes on or off (AT+IFC, or data mode begins and ends)."""
        self.has_flow_control = is_on
        if not is_on and not self.rts:
            self._set_rts(now_ns, is_on=True)
        elif is_on and self.rts and self.ring.level >= self.off_level:
            self._set_rts(now_ns, is_on=False)

    def clear(self, now_ns: int, cause: str, doing: str) -> None:
        """Throw the ring's bytes away."""
        while self.ring.level:
            run = self.ring.pop(self.ring.level)
            self.lose(now_ns, run.offset, len(run.data), cause, doing)
        if self._loss is not None:
            self._close_loss(now_ns)
        if not self.rts:
            self._set_rts(now_ns, is_on=True)

    def open_loss(self, now_ns: int) -> Lost | None:
        """The loss that is going on at this moment, if any, as it stands."""
        return self._lost_event(self._loss, now_ns) if self._loss else None

    def _note_level(self, run: ByteRun, accepted: int) -> None:
        at_ns = run.edge_ns(accepted - 1)
        self._record.level(RingLevel(at_ns, self.ring.level), fills=True)
        if not self.ring.room:
            self._full_ns = at_ns

    def _lose(self, run: ByteRun, accepted: int, doing: str) -> None:
        count = len(run.data) - accepted
        self._ledger.lose("ring", count)
        loss, offset = self._loss, run.offset + accepted
        last_ns = run.edge_ns(len(run.data) - 1)
        if loss is not None and loss.offset + loss.count == offset:
            loss.count += count
            loss.last_ns = last_ns
            return
        if loss is not None:
            self._close_loss(run.edge_ns(accepted))
        texts = self.flow_texts
        self._loss = _OpenLoss(
            run.edge_ns(accepted), last_ns, offset, count, self._full_ns, doing,
            texts.device, texts.host, self._ledger.transfer,
        )  # fmt: skip

    def _close_loss(self, now_ns: int) -> None:
        assert self._loss is not None
        self._record.add(self._lost_event(self._loss, now_ns))
        self._loss = None

    def _lost_event(self, loss: _OpenLoss, now_ns: int) -> Lost:
        return Lost(
            loss.first_ns, loss.last_ns, loss.offset, loss.count, "ring", self.ring.capacity,
            loss.full_ns, now_ns, loss.doing, loss.device_flow, loss.host_flow,
            loss.transfer or self._ledger.transfer,
        )  # fmt: skip

    def _set_rts(self, now_ns: int, *, is_on: bool, level: int | None = None) -> None:
        self.rts = is_on
        self._record.add(Rts(now_ns, is_on, self.ring.level if level is None else level))
