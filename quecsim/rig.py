"""The rig: far UART, wire and device on one clock, and the one stepping loop.

    host_write, host_line, host_ready what the host does, at `now_ns`
    advance(now_ns)                   run all that is due, in order, each thing at its own time
    deadline_ns()                     when to call `advance` next; None: only the host can wake it
    take_output(), take_events()      what has left since the last call

Virtual time calls `advance` with the next deadline; real time sleeps until it. Nothing else
differs, so a loss seen live is the same loss in a test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quecsim.commands.catalogue import catalogue
from quecsim.device import Device
from quecsim.device.recorder import Recorder
from quecsim.flash.nor import Nor, Storage
from quecsim.flash.stall import Stall
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile
from quecsim.trace.event import (
    End,
    Event,
    HostBytes,
    HostHeld,
    HostLine,
    HostReady,
    LineMismatch,
    Lost,
    Start,
)
from quecsim.uart.garble import garble
from quecsim.uart.rate import (
    BYTES_UNBOUNDED,
    PacketRate,
    Rate,
    UartRate,
    UnlimitedRate,
    parse_frame,
)
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms, us

_QUANTUM_NS = ms(1)
_HOST_FLOW_TEXT = {"none": "off", "rtscts": "RTS/CTS", "xonxoff": "XON/XOFF"}
_XON, _XOFF = b"\x11", b"\x13"
_XON_XOFF, _RTS_CTS = 1, 2


@dataclass(frozen=True, slots=True)
class RigConfig:
    """Everything about a run that is not the device itself.

    `host_baud` None: the host's port settings decide, or else the device's own rate. `host_flow`
    is auto (the host's port settings decide), none, rtscts or xonxoff.
    """

    port: str = "uart"
    is_unlimited: bool = False
    host_baud: int | None = None
    host_flow: str = "auto"
    has_wires: bool = True
    lag_bytes: int = 1
    garbles: bool = False
    flash_mode: FlashMode = FlashMode.TYPICAL
    stalls: Sequence[Stall] = ()
    ifc: tuple[int, int] | None = None
    ipr: int | None = None
    seed: int = 1
    contents: dict[str, bytes] = field(default_factory=dict)


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
        self._is_naked = False  # the device answers NAK: it takes no more for now
        self._written = 0
        self._output: list[ByteRun] = []
        self._signals: list[tuple[int, bool]] = []
        self._host_line: tuple[int, str] | None = None
        self._host_flow = "none" if self.config.host_flow == "auto" else self.config.host_flow
        self._host_ready = True
        self._go = True
        self._mismatch: tuple[str, str] | None = None
        self.nor = _new_nor(profile, self.config, storage)
        ufs = Ufs(
            self.nor,
            name_bytes=profile.files.name_bytes,
            cache_bytes=profile.files.cache_bytes,
        )
        for name, data in self.config.contents.items():
            ufs.write_file(name, data)
        self._tx = Sender(self._device_rate(profile.uart.baud, profile.uart.frame))
        self.device = Device(
            profile,
            catalogue(),
            tx=self._tx,
            nor=self.nor,
            ufs=ufs,
            stalls=self.config.stalls,
            is_usb=self._is_usb,
            record=self._record,
        )
        self.device.preset(self.config.ifc, self.config.ipr)
        self._host_tx = Transmitter(self._host_rate(), lag_bytes=self.config.lag_bytes)

    # the run

    def start(self, now_ns: int = 0, *, is_up: bool = True) -> None:
        """Begin: the device is up already, or it is switched on now."""
        settings = {
            "speed": "unlimited" if self.config.is_unlimited else "paced",
            "flash": self.config.flash_mode.value,
            "host_flow": self.config.host_flow,
        }
        self._record.add(
            Start(now_ns, self.profile.name, self.config.seed, self.config.port, settings)
        )
        if is_up:
            self.device.start_up(now_ns)
        else:
            self.device.power_on(now_ns)
        self._follow_line(now_ns)
        self._apply_host_flow(now_ns)

    def finish(self, now_ns: int) -> None:
        """End the run in good order: what is on its way stays counted as on its way."""
        loss = self.device.receiver.open_loss(now_ns)
        if loss is not None:
            self._record.add(loss)
        self._record.add(End(now_ns, self.counters()))

    def advance(self, now_ns: int) -> None:
        """Run everything that is due up to `now_ns`, in order, each at its own time."""
        while self._step(now_ns):
            pass
        self._collect(now_ns)
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

    def deadline_ns(self) -> int | None:
        """When `advance` is due next. On a moving line: about every millisecond."""
        times = [
            self.device.deadline_ns(),
            self._wire_ns(self._quantum(self._host_tx)),
            self._tx.next_arrival_ns(self._quantum(self._tx)),
            self._signals[0][0] if self._signals else None,
        ]
        return min((t for t in times if t is not None), default=None)

    # what the host does

    @property
    def wants_input(self) -> bool:
        """The far UART's queue is short enough to take more from the host."""
        return self._host_tx.queued < _HOST_QUEUE_BYTES

    @property
    def line_rate(self) -> Rate:
        """The rate at which the device sends and listens."""
        return self._tx.rate

    @property
    def is_quiet(self) -> bool:
        """Nothing moves on the line and the device waits for the host."""
        return not self._host_tx.queued and not self._tx.queued and self.device.is_waiting

    def host_write(self, now_ns: int, data: bytes) -> None:
        """The host hands `data` to its UART. Call `advance(now_ns)` first."""
        self._record.add(HostBytes(now_ns, self._written, data))
        self._host_tx.put(now_ns, data, self._written)
        self._written += len(data)
        self._check_mismatch(now_ns)

    def host_line(self, now_ns: int, baud: int, frame: str, flow: str) -> None:
        """The host sets its end of the line; `flow` is none, rtscts or xonxoff."""
        self._record.add(HostLine(now_ns, baud, frame, flow))
        self._host_line = (baud, frame)
        self._follow_line(now_ns)
        if self.config.host_flow == "auto":
            self._host_flow = flow
            self._apply_host_flow(now_ns)

    def host_ready(self, now_ns: int, *, ready: bool) -> None:
        """The host can take bytes from the device, or cannot."""
        if ready != self._host_ready:
            self._record.add(HostReady(now_ns, ready))
            self._host_ready = ready
            self._apply_host_flow(now_ns)

    def power_on(self, now_ns: int) -> None:
        """Switch the device on."""
        self.device.power_on(now_ns)
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
            "sent": self._written,
            "stored": ledger.stored,
            "eaten": ledger.eaten,
            "lost": ledger.lost_total,
            "in_flight": self._host_tx.queued + self.device.waiting + ledger.in_hand,
        }
        return counters | {f"lost_{cause}": n for cause, n in sorted(ledger.lost.items())}

    def check(self) -> None:
        """The conservation law of bytes."""
        self.device.ledger.check(self.device.waiting)
        on_wire = self._written - self.device.ledger.arrived
        assert on_wire == self._host_tx.queued, (on_wire, self._host_tx.queued)

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
            self._hold_host(*self._signals.pop(0))
        elif device_ns is not None and device_ns <= bound_ns:
            self._collect(device_ns)
            self.device.handle_timeout(device_ns)
            self._follow_device()
        else:
            return False
        return True

    def _wire_ns(self, count: int) -> int | None:
        return None if self._is_naked else self._host_tx.next_edge_ns(count)

    def _deliver(self, limit_ns: int) -> None:
        """Bytes arrive at the device, up to the first that changes something."""
        room = self.device.room if self._is_lossless else BYTES_UNBOUNDED
        if not room:
            self._is_naked = True
            return
        run = self._host_tx.peek(limit_ns, room)
        assert run is not None
        count = self._garbled(run) if self._garbles_now else self.device.handle_run(run)
        if count:
            self._host_tx.advance(count)
        self._follow_device()

    def _garbled(self, run: ByteRun) -> int:
        run = run.head(1)
        sender, receiver = self._host_tx.rate, self._tx.rate
        assert isinstance(sender, UartRate)
        assert isinstance(receiver, UartRate)
        byte = garble(run.data[0], sender, receiver)
        if byte is None:
            return self.device.receiver.lose_all(run, "framing", "the baud rates do not match")
        run.data = bytes((byte,))
        return self.device.handle_run(run)

    def _collect(self, now_ns: int) -> None:
        """What the device has sent by now is with the host."""
        self._output += self._tx.take_sent(now_ns)

    def _follow_device(self) -> None:
        """Let the wire follow what the device has just done."""
        device = self.device
        if device.receiver.go != self._go:
            self._go = device.receiver.go
            self._signal(device.now_ns, self._go)
        if device.take_line_change():
            self._follow_line(device.now_ns)
        if self._is_naked and device.room:
            self._is_naked = False
            self._host_tx.restart(device.now_ns)

    # flow control, device to host

    def _signal(self, now_ns: int, go: bool) -> None:
        """The device's RTS changes at once; an XOFF takes its byte time."""
        flow = self.device.settings.ifc[1]
        if flow == _XON_XOFF:
            at_ns = self._tx.put_control(now_ns, _XON if go else _XOFF)
            if self._host_flow == "xonxoff":
                self._signals.append((at_ns, go))
        elif self._host_flow == "rtscts" and self.config.has_wires:
            self._hold_host(now_ns, go)
        elif go:
            self._hold_host(now_ns, go=True)

    def _hold_host(self, now_ns: int, go: bool) -> None:
        was_held = self._host_tx.is_stopping
        if go:
            self._host_tx.release(now_ns)
        else:
            self._host_tx.hold(now_ns)
        if was_held == go:
            self._record.add(HostHeld(now_ns, not go))

    def _apply_host_flow(self, now_ns: int) -> None:
        text = _HOST_FLOW_TEXT[self._host_flow]
        wires = "" if self.config.has_wires or self._host_flow != "rtscts" else " without wires"
        self.device.receiver.flow_texts.host = text + wires
        obeys = self._host_flow == "rtscts" and self.config.has_wires
        self._hold_host(now_ns, go=self._go or not obeys)
        if self._is_lossless:
            ready = self._host_ready
        else:
            ready = self.config.has_wires and (self._host_ready or self._host_flow != "rtscts")
        self.device.set_cts(now_ns, ready=ready)
        self._follow_device()

    # the line's rate

    def _device_rate(self, baud: int, frame: str) -> Rate:
        if self.config.is_unlimited:
            return UnlimitedRate()
        if self._is_usb:
            return PacketRate(self.profile.usb.packet_bytes, us(self.profile.usb.packet_us))
        return UartRate(baud, parse_frame(frame))

    def _host_rate(self) -> Rate:
        settings = self.device.settings
        baud, frame = self._host_line or (settings.baud, settings.frame)
        return self._device_rate(self.config.host_baud or baud, frame)

    def _follow_line(self, now_ns: int) -> None:
        settings = self.device.settings
        self._tx.set_rate(now_ns, self._device_rate(settings.baud, settings.frame))
        self._host_tx.set_rate(now_ns, self._host_rate())
        if self._host_tx.queued:
            self._check_mismatch(now_ns)

    def _check_mismatch(self, now_ns: int) -> None:
        pair = (str(self._host_tx.rate), str(self._tx.rate))
        if pair[0] == pair[1]:
            self._mismatch = None
        elif pair != self._mismatch:
            self._mismatch = pair
            self._record.add(LineMismatch(now_ns, *pair, self.config.garbles))

    @property
    def _garbles_now(self) -> bool:
        return self.config.garbles and self._host_tx.rate != self._tx.rate

    def _quantum(self, transmitter: Transmitter) -> int:
        """Bytes that make it worth waking up: about a millisecond of the line."""
        return max(1, transmitter.rate.arrived(_QUANTUM_NS))


_HOST_QUEUE_BYTES = 4096


def _new_nor(profile: Profile, config: RigConfig, storage: Storage | None) -> Nor:
    flash, files = profile.flash, profile.files
    timing = FlashTiming(
        page_bytes=flash.page_bytes,
        program_page_typ_ns=us(flash.program_page_typ_us),
        program_page_max_ns=us(flash.program_page_max_us),
        erase_block_typ_ns=ms(flash.erase_block_typ_ms),
        erase_block_max_ns=ms(flash.erase_block_max_ms),
        read_byte_ns=flash.read_byte_ns,
        mode=config.flash_mode,
        seed=config.seed,
    )
    return Nor(files.block_bytes, files.block_count, timing, storage, seed=config.seed)
