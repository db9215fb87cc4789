"""The rig: far UART, wire and device on one clock, and the one stepping loop.

    host_write, host_line, host_ready what the host does, at `now_ns`
    advance(now_ns)                   run all that is due, in order, each thing at its own time
    deadline_ns()                     when to call `advance` next; None: only the host can wake it
    take_output(), take_events()      what has left since the last call

Virtual time calls `advance` with the next deadline; real time sleeps until it. Nothing else
differs, so a loss seen live is the same loss in a test.
"""

from dataclasses import replace

from quecsim.commands import firmware
from quecsim.commands.catalogue import catalogue
from quecsim.device import Device
from quecsim.device.recorder import Recorder
from quecsim.flash.nor import Storage
from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile
from quecsim.rig.config import RigConfig, new_nor
from quecsim.rig.far_end import FarEnd, device_line_text, line_rate
from quecsim.trace.event import End, Event, Lost, Start
from quecsim.uart.garble import garble
from quecsim.uart.rate import BYTES_UNBOUNDED, Rate, UnlimitedRate
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms

_QUANTUM_NS = ms(1)
_HOST_QUEUE_BYTES = 4096
_FAST_HOST_QUEUE_BYTES = 65536  # without pacing it holds nothing back: the larger, the fewer turns
_XON, _XOFF = b"\x11", b"\x13"
_XON_XOFF = 1  # the value of AT+IFC


class Rig:
    """One device with its line and the far UART. Times count from the start of the run."""

    def __init__(
        self, profile: Profile, config: RigConfig | None = None, *, storage: Storage | None = None
    ) -> None:
        self.profile = profile
        self.config = config if config is not None else RigConfig()
        self._record = Recorder()
        self._is_usb = self.config.port == "usb"
        self._is_lossless = self._is_usb or self.config.is_unlimited
        self._host_queue_bytes = (
            _FAST_HOST_QUEUE_BYTES if self.config.is_unlimited else _HOST_QUEUE_BYTES
        )
        self._is_naked = False  # the device answers NAK: it takes no more for now
        self._output: list[ByteRun] = []
        self._signals: list[tuple[int, bool]] = []
        self._go = True
        self.nor = new_nor(profile, self.config, storage)
        ufs = Ufs(
            self.nor,
            name_bytes=profile.files.name_bytes,
            cache_bytes=profile.files.cache_bytes,
        )
        for name, data in self.config.contents.items():
            ufs.write_file(name, data)
        if self.config.restores_firmware:
            firmware.restore(ufs)
        self._tx = Sender(UnlimitedRate())  # until the device's settings are known
        self.device = Device(
            profile,
            catalogue(profile),
            tx=self._tx,
            nor=self.nor,
            ufs=ufs,
            stalls=self.config.stalls,
            is_usb=self._is_usb,
            record=self._record,
            outside=self.config.outside,
        )
        self.device.preset(self.config.ifc, self.config.ipr)
        rate = line_rate(self.config, self.device)
        self._tx.set_rate(0, rate)
        self._far = FarEnd(self.config, self.device, rate, self._record)

    # the run

    def start(self, now_ns: int = 0, *, is_up: bool = True) -> None:
        """Begin: the device is up already, or it is switched on now."""
        settings = {
            "speed": "unlimited" if self.config.is_unlimited else "paced",
            "flash": self.config.flash_mode.value,
            "host_flow": self.config.host_flow,
            "ring_bytes": str(self.device.receiver.ring.capacity),
            "data_buffer_bytes": str(self.profile.files.data_buffer_bytes),
        }
        self._record.add(
            Start(now_ns, self.profile.name, self.config.seed, self.config.port, settings)
        )
        if is_up:
            self.device.start_up(now_ns)
        else:
            self.device.power_on(now_ns)
        self._follow_line(now_ns)
        self._apply_flow(now_ns)

    def finish(self, now_ns: int) -> None:
        """End the run in good order: what is on its way stays counted as on its way."""
        loss = self.device.receiver.open_loss(now_ns)
        if loss is not None:
            self._record.add(loss)
        self._record.add(End(now_ns, self.counters()))

    def advance(self, now_ns: int) -> None:
        """Run everything that is due up to `now_ns`, in order, each at its own time."""
        has_moved = False
        while self._step(now_ns):
            has_moved = True
        self._collect(now_ns)
        if has_moved:
            self.check()

    def run_to_output(self, limit_ns: int) -> int:
        """Run until the first byte from the device has arrived, or `limit_ns`; returns the time."""
        collected = len(self._output)
        while True:
            first_ns = self._tx.next_arrival_ns()
            bound_ns = limit_ns if first_ns is None else min(limit_ns, first_ns)
            # A timer that is due when the byte arrives collects it.
            if not self._step(bound_ns) or len(self._output) > collected:
                break
        self._collect(bound_ns)
        self.check()
        return bound_ns

    def run_to_room(self, limit_ns: int) -> int:
        """The far UART is full: run until it takes more, or `limit_ns`; returns the time."""
        assert not self.wants_input, "there is room already"
        bound_ns = limit_ns
        while not self.wants_input:
            room_ns = self._wire_ns(1 - self.input_room)
            bound_ns = limit_ns if room_ns is None else min(limit_ns, room_ns)
            if not self._step(bound_ns):
                break
        self._collect(bound_ns)
        self.check()
        return bound_ns

    def deadline_ns(self) -> int | None:
        """When `advance` is due next. On a moving line: about every millisecond."""
        times = [
            self.device.deadline_ns(),
            self._wire_ns(self._quantum(self._far.tx)),
            self._tx.next_arrival_ns(self._quantum(self._tx)),
            self._signals[0][0] if self._signals else None,
        ]
        return min((t for t in times if t is not None), default=None)

    # what the host does

    @property
    def wants_input(self) -> bool:
        """The far UART's queue is short enough to take more from the host."""
        return self._far.tx.queued < self._host_queue_bytes

    @property
    def input_room(self) -> int:
        """How many more bytes the far UART's queue has room for."""
        return self._host_queue_bytes - self._far.tx.queued

    @property
    def is_host_held(self) -> bool:
        """The host has bytes that flow control keeps it from sending."""
        return self._far.is_held

    @property
    def line_rate(self) -> Rate:
        """The rate at which the device sends and listens."""
        return self._tx.rate

    @property
    def line_text(self) -> str:
        """The device's end of the line in words."""
        return device_line_text(self.device, self._tx.rate)

    @property
    def is_quiet(self) -> bool:
        """Nothing moves on the line and the device waits for the host."""
        return not self._far.tx.queued and not self._tx.queued and self.device.is_waiting

    def host_write(self, now_ns: int, data: bytes) -> None:
        """The host hands `data` to its UART. Call `advance(now_ns)` first."""
        self._far.write(now_ns, data)

    def host_line(self, now_ns: int, baud: int, frame: str, flow: str) -> None:
        """The host sets its end of the line; `flow` is none, rtscts or xonxoff."""
        self._far.set_line(now_ns, baud, frame, flow)
        self._apply_flow(now_ns)

    def host_ready(self, now_ns: int, *, ready: bool) -> None:
        """The host can take bytes from the device, or cannot."""
        if self._far.set_ready(now_ns, ready=ready):
            self._apply_flow(now_ns)

    def power_on(self, now_ns: int) -> None:
        """Switch the device on."""
        self.device.power_on(now_ns)
        self._follow_device()

    def restore_firmware(self, now_ns: int) -> None:
        """Put the factory's firmware back, also into a device that does not start any more."""
        self.device.restore_firmware(now_ns)
        self._follow_device()

    def cut_power(self, now_ns: int) -> None:
        """Take the device's power away."""
        self.device.cut_power(now_ns)
        self._follow_device()

    # what the host sees

    def take_output(self) -> list[ByteRun]:
        """Bytes from the device since the last call, as runs with their times."""
        output, self._output = self._output, []
        return output

    def take_events(self) -> list[Event]:
        """Events since the last call."""
        return self._record.take()

    def open_loss(self, now_ns: int) -> Lost | None:
        """A loss that is going on right now, as it stands."""
        return self.device.receiver.open_loss(now_ns)

    def counters(self) -> dict[str, int]:
        """Where all bytes are: sent = stored + lost + eaten + in_flight."""
        ledger = self.device.ledger
        counters = {
            "sent": self._far.written,
            "stored": ledger.stored,
            "eaten": ledger.eaten,
            "lost": ledger.lost_total,
            "in_flight": self._far.tx.queued + self.device.waiting + ledger.in_hand,
        }
        return counters | {f"lost_{cause}": n for cause, n in sorted(ledger.lost.items())}

    def check(self) -> None:
        """The conservation law of bytes."""
        self.device.ledger.check(self.device.waiting)
        on_wire = self._far.written - self.device.ledger.arrived
        assert on_wire == self._far.tx.queued, (on_wire, self._far.tx.queued)

    # the stepping loop

    def _step(self, limit_ns: int) -> bool:
        """Do the next thing due at or before `limit_ns`; False where there is none.

        At equal times a byte comes before a signal, and a signal before the device's timers.
        """
        wire_ns = self._wire_ns(1)
        device_ns = self.device.deadline_ns()
        signal_ns = self._signals[0][0] if self._signals else None
        bound_ns = limit_ns
        if device_ns is not None and device_ns < bound_ns:
            bound_ns = device_ns
        if signal_ns is not None and signal_ns < bound_ns:
            bound_ns = signal_ns
        if wire_ns is not None and wire_ns <= bound_ns:
            self._deliver(bound_ns)
        elif signal_ns is not None and signal_ns <= bound_ns:
            self._hold_by_signal()
        elif device_ns is not None and device_ns <= bound_ns:
            self._collect(device_ns)
            self.device.handle_timeout(device_ns)
            self._follow_device()
        else:
            return False
        return True

    def _hold_by_signal(self) -> None:
        at_ns, go = self._signals.pop(0)
        self._far.hold(at_ns, go=go)

    def _wire_ns(self, count: int) -> int | None:
        return None if self._is_naked else self._far.tx.next_edge_ns(count)

    def _deliver(self, limit_ns: int) -> None:
        """Bytes arrive at the device, up to the first that changes something."""
        room = self.device.room if self._is_lossless else BYTES_UNBOUNDED
        if not room:
            self._is_naked = True
            return
        run = self._far.tx.peek(limit_ns, room)
        assert run is not None
        count = self._garbled(run) if self._garbles_now else self.device.handle_run(run)
        if count:
            self._far.tx.advance(count)
        self._follow_device()

    def _garbled(self, run: ByteRun) -> int:
        run = run.head(1)
        byte = garble(run.data[0], self._far.tx.rate, self._tx.rate)
        if byte is None:
            return self.device.receiver.lose_all(run, "framing", "the baud rates do not match")
        run.data = bytes((byte,))
        return self.device.handle_run(run)

    def _collect(self, now_ns: int) -> None:
        """What the device has sent by now is with the host."""
        sent = self._tx.take_sent(now_ns)
        if sent and self._garbles_now:
            sent = [self._garbled_run(run) for run in sent]
        self._output += sent

    def _garbled_run(self, run: ByteRun) -> ByteRun:
        sender, receiver = self._tx.rate, self._far.tx.rate
        data = (garble(byte, sender, receiver) for byte in run.data)
        return replace(run, data=bytes(byte for byte in data if byte is not None))

    def _follow_device(self) -> None:
        """Let the wire follow what the device has just done."""
        device = self.device
        if device.receiver.go != self._go:
            self._go = device.receiver.go
            self._signal(device.now_ns, self._go)
        if device.take_line_change():
            self._follow_line(device.now_ns)
        if self._tx.queued:
            self._far.check_mismatch(device.now_ns)
        if self._is_naked and device.room:
            self._is_naked = False
            self._far.tx.restart(device.now_ns)

    def _signal(self, now_ns: int, go: bool) -> None:
        """The device's RTS changes at once; an XOFF takes its byte time."""
        if self.device.settings.ifc[1] == _XON_XOFF:
            at_ns = self._tx.put_control(now_ns, _XON if go else _XOFF)
            if self._far.flow == "xonxoff":
                self._signals.append((at_ns, go))
        elif go or self._far.obeys_rts:
            self._far.hold(now_ns, go=go)

    def _apply_flow(self, now_ns: int) -> None:
        self._far.apply_flow(now_ns, go=self._go, is_lossless=self._is_lossless)
        self._follow_device()

    def _follow_line(self, now_ns: int) -> None:
        rate = line_rate(self.config, self.device)
        self._tx.set_rate(now_ns, rate)
        self._far.follow(now_ns, rate)

    @property
    def _garbles_now(self) -> bool:
        return self.config.garbles and self._far.is_mismatched

    def _quantum(self, transmitter: Transmitter) -> int:
        """Bytes that make it worth waking up: about a millisecond of the line."""
        return max(1, transmitter.rate.arrived(_QUANTUM_NS)) if transmitter.queued else 1
