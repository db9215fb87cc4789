"""How the device's flow control reaches the host: its RTS at once, or XON and XOFF on the line.

An RTS that is stuck stays as it is, whatever the device wants.
"""

from quecsim.device import Device
from quecsim.faults.armed import Armed
from quecsim.rig.far_end import FarEnd
from quecsim.uart.sender import Sender

_XON, _XOFF = b"\x11", b"\x13"
_XON_XOFF = 1  # the value of AT+IFC
_WORDS = {True: "go", False: "stop"}


class FlowSignal:
    """Holds the far end and lets it go. `is_lossless`: the port does not lose bytes by itself.

    `asked` is the device's RTS as it was seen last; `signals` are XON and XOFF on their way.
    """

    def __init__(self, device: Device, far: FarEnd, tx: Sender, *, is_lossless: bool) -> None:
        self._device = device
        self._far = far
        self._tx = tx
        self._is_lossless = is_lossless
        self.asked = True
        self.signals: list[tuple[int, bool]] = []  # (time, RTS)
        self._stuck: tuple[Armed, bool] | None = None  # by which fault, state
        self._is_noted = False

    @property
    def rts(self) -> bool:
        """The device's RTS, which is the host's CTS: True lets the host send."""
        return self.asked if self._stuck is None else self._stuck[1]

    def next_ns(self) -> int | None:
        """When the next XON or XOFF arrives at the host."""
        return self.signals[0][0] if self.signals else None

    def act(self) -> None:
        """It arrives."""
        at_ns, rts = self.signals.pop(0)
        self._far.hear(at_ns, rts=rts)

    def follow(self) -> None:
        """The device may want something else now."""
        rts = self._device.receiver.rts
        if rts != self.asked:
            self.asked = rts
            self._signal(self._device.now_ns, rts)

    def apply(self, now_ns: int) -> None:
        """One of the ends has changed its flow control."""
        self._far.apply_flow(now_ns, rts=self.rts, is_lossless=self._is_lossless)
        self._note(now_ns)

    def stick(self, now_ns: int, armed: Armed, *, rts: bool) -> None:
        """From here on RTS stays so; it fires where that makes a difference to the host."""
        self._stuck, self._is_noted = (armed, rts), False
        self.apply(now_ns)

    def come_loose(self, now_ns: int, armed: Armed) -> None:
        """RTS is again what the device wants, unless another fault holds it now."""
        if self._stuck is not None and self._stuck[0] is armed:
            self._stuck = None
            self.apply(now_ns)

    def _signal(self, now_ns: int, rts: bool) -> None:
        """The device's RTS changes at once; an XOFF takes its byte time."""
        if self._device.settings.ifc[1] == _XON_XOFF:
            at_ns = self._tx.put_control(now_ns, _XON if rts else _XOFF)
            if self._far.flow == "xonxoff":
                self.signals.append((at_ns, rts))
        elif self._stuck is not None:
            self._note(now_ns)
        elif rts or self._far.obeys_rts:
            self._far.hold(now_ns, rts=rts)

    def _note(self, now_ns: int) -> None:
        """Put it on record where a stuck line makes a difference to the host."""
        if self._stuck is None:
            return
        armed, state = self._stuck
        is_felt = state != self.asked and self._far.obeys_rts
        if is_felt and not self._is_noted:
            wish = _WORDS[self.asked]
            what = f"RTS stayed at {_WORDS[state]} where the device wanted {wish}"
            armed.fire(now_ns, what)
        self._is_noted = is_felt
