"""The wire towards the device: paced bytes, a wrong rate's garbage, noise, and bytes of nobody."""

from collections.abc import Callable

from quecsim.device import Device
from quecsim.faults.places.wire import Hit, WireFaults
from quecsim.rig.config import RigConfig
from quecsim.rig.far_end import FarEnd
from quecsim.trace.event import HostBreak, Noise
from quecsim.trace.recorder import ROW_BYTES, Recorder
from quecsim.uart.garble import garble
from quecsim.uart.rate import BYTES_UNBOUNDED
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender
from quecsim.units import ms

FIRST_INSERTED = -(1 << 40)  # what nobody sent has offsets from here on, below those of the host
_SWALLOWED = "noise on the line swallowed them"
_BROKEN = "they were sent during a break on the line"
_TRIES = 8  # a byte is refused only until the device's own state has changed


class Inbound:
    """Carries bytes from the far end to the device. `inserted` counts those that nobody sent.

    `is_naked`: the device answers NAK, and takes no more for now. `tap` hears what passes.
    """

    def __init__(
        self,
        device: Device,
        far: FarEnd,
        tx: Sender,
        config: RigConfig,
        record: Recorder,
    ) -> None:
        self.is_naked = False
        self.inserted = 0
        self.tap: Callable[[ByteRun], None] | None = None
        self.faults = WireFaults(config.seed)
        self._device = device
        self._far = far
        self._tx = tx
        self._record = record
        self._is_lossless = config.port_kind.is_lossless
        self._is_serial = config.port_kind.is_serial
        self._garbles = config.garbles
        self._break_until_ns = -1
        self._has_host_break = False
        self._hit_at = -1
        self._hit = Hit()

    @property
    def passed(self) -> int:
        """Bytes of the host's stream that are through."""
        return self._far.written - self._far.tx.queued

    def next_ns(self, count: int) -> int | None:
        """When `count` more bytes, or as many as may come, have arrived; None: none may."""
        far = self._far
        return None if self.is_naked else far.tx.next_edge_ns(min(count, far.alike_bytes))

    def deliver(self, limit_ns: int, most: int) -> None:
        """Up to `most` bytes arrive at the device, up to the first that changes something."""
        room = self._device.room if self._is_lossless else BYTES_UNBOUNDED
        if not room:
            self.is_naked = True
            return
        row_bytes = ROW_BYTES - self.passed % ROW_BYTES
        run = self._far.tx.peek(limit_ns, min(room, most, row_bytes, self._far.alike_bytes))
        assert run is not None
        has_broken = self._has_host_break or self._break_until_ns >= 0
        is_noisy = self.faults.is_armed or has_broken
        count = self._noisy(run) if is_noisy else self._take(run)
        if count:
            if self.tap is not None:
                self.tap(run.head(count))
            self._far.tx.advance(count)

    def restart(self, now_ns: int) -> None:
        """The device has room again."""
        self.is_naked = False
        self._far.tx.restart(now_ns)

    def break_line(self, now_ns: int, break_ms: int) -> None:
        """The line is low for that long: one NUL, and nothing that is sent meanwhile."""
        self._break_until_ns = max(self._break_until_ns, now_ns + ms(break_ms))
        self._insert(now_ns, b"\0")

    def set_break(self, now_ns: int, *, is_on: bool) -> bool:
        """The host holds the line low, or lets it go; True if that is new."""
        if is_on == self._has_host_break or not self._is_serial:
            return False
        self._record.add(HostBreak(now_ns, is_on))
        self._has_host_break = is_on
        if is_on:
            self._insert(now_ns, b"\0")
        else:
            self._break_until_ns = max(self._break_until_ns, now_ns)
        return True

    def _take(self, run: ByteRun) -> int:
        if self._garbles and self._far.is_mismatched:
            return self._garbled(run)
        return self._device.handle_run(run)

    def _garbled(self, run: ByteRun) -> int:
        run = run.head(1)
        byte = garble(run.data[0], self._far.tx.rate, self._tx.rate)
        if byte is None:
            return self._device.receiver.lose_all(run, "framing", "the baud rates do not match")
        run.data = bytes((byte,))
        return self._device.handle_run(run)

    def _noisy(self, run: ByteRun) -> int:
        gone = len(run.data) if self._has_host_break else run.arrived(self._break_until_ns)
        if gone:
            return self._device.lose_run(run.head(gone), _BROKEN)
        place = self.faults.next_hit(run.offset, run.offset + len(run.data))
        if place is None:
            return self._take(run)
        if place > run.offset:
            return self._take(run.head(place - run.offset))
        return self._struck(run.head(1))

    def _struck(self, run: ByteRun) -> int:
        at_ns = run.edge_ns(0)
        if self._hit_at != run.offset:
            self._hit_at = run.offset
            self._hit = self.faults.hit(run.offset, at_ns)
            return self._before(self._hit, at_ns)
        if self._hit.drops:
            return self._device.lose_run(run, _SWALLOWED)
        if mask := self._hit.mask:
            run.data = bytes((run.data[0] ^ mask,))
        return self._take(run)

    def _before(self, hit: Hit, at_ns: int) -> int:
        """What comes ahead of the byte; the byte itself comes when that is done."""
        if hit.mask and not hit.drops and not hit.breaks:
            self._record.add(Noise(at_ns, self.passed, 1, "altered"))
        for data in hit.inserts:
            self._insert(at_ns, data)
        for break_ms in hit.breaks:
            self.break_line(at_ns, break_ms)
        return 0

    def _insert(self, at_ns: int, data: bytes) -> None:
        first = FIRST_INSERTED + self.inserted
        self._record.add(Noise(at_ns, self.passed, len(data), "inserted", first))
        rate = self._far.tx.rate
        for index, byte in enumerate(data):
            self.inserted += 1
            run = ByteRun(at_ns - rate.span_ns(1), 0, rate, bytes((byte,)), first + index)
            for _ in range(_TRIES):
                if self._device.handle_run(run):
                    break
            else:
                raise AssertionError(f"the device refuses {run}")
