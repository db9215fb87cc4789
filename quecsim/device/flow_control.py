"""Flow control, both ways: the host's hold on our transmitter, and ours on the host."""

from quecsim.device.shared import Shared, Timer
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.event import SendDropped
from quecsim.uart.run import ByteRun
from quecsim.units import ms

XON, XOFF = 0x11, 0x13
CONTROLS = (XON, XOFF)
XON_XOFF, RTS_CTS = 1, 2  # the values of AT+IFC
_FLOW_TEXT = {0: "off", XON_XOFF: "XON/XOFF", RTS_CTS: "RTS/CTS"}


class FlowControl:
    """Holds the transmitter while the host asks for it, and gives bytes up that wait too long."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._is_cts = True
        self._is_xoffed = False

    @property
    def obeys_xoff(self) -> bool:
        """XON and XOFF bytes from the host are flow control, in every mode."""
        return self._shared.settings.ifc[0] == XON_XOFF and self._shared.port.is_serial

    def set_cts(self, *, ready: bool) -> None:
        """The host's RTS, which is our CTS."""
        self._is_cts = ready
        self.apply()

    def take_control(self, run: ByteRun) -> int:
        """An XON or XOFF comes first in `run`: obey it; returns 1."""
        shared = self._shared
        shared.taken_at(run, 0, None)
        shared.ledger.arrived += 1
        shared.eat(run.offset, run.data[:1], EatenWhy.FLOW_CONTROL)
        self._is_xoffed = run.data[0] == XOFF
        self.apply()
        return 1

    def apply(self) -> None:
        """Hold or release the transmitter as the settings and the host have it."""
        shared = self._shared
        obeys_cts = shared.port.is_lossless or shared.settings.ifc[0] == RTS_CTS
        self._is_xoffed = self._is_xoffed and self.obeys_xoff  # an old XOFF ends with its mode
        if (obeys_cts and not self._is_cts) or self._is_xoffed:
            shared.tx.hold(shared.now_ns)
            self.arm()
        else:
            shared.tx.release(shared.now_ns)
            shared.stop_timer(Timer.DROP)

    def arm(self) -> None:
        """Bytes that cannot leave are thrown away after a time."""
        shared = self._shared
        if not shared.tx.is_held:
            return
        waits = shared.tx.queued and not shared.port.is_lossless
        if waits and Timer.DROP not in shared.timers:
            shared.set_timer(Timer.DROP, ms(shared.profile.uart.tx_drop_ms))

    def drop(self, why: str) -> None:
        """Throw away what has not been sent."""
        dropped = self._shared.tx.discard(self._shared.now_ns)
        if dropped:
            self._shared.record.add(SendDropped(self._shared.now_ns, dropped, why))

    def reset(self) -> None:
        """As after power-up."""
        self._is_xoffed = False


def before_control(run: ByteRun) -> ByteRun:
    """The part of `run` before its first XON or XOFF, or that byte alone where it comes first."""
    places = [place for byte in CONTROLS if (place := run.data.find(byte)) >= 0]
    return run.head(max(1, min(places))) if places else run


def control_host(shared: Shared, *, in_data_mode: bool) -> None:
    """Let the receiver hold the host back, where AT+IFC has it and the mode is in its scope."""
    flow = shared.settings.ifc[1]
    is_in_scope = in_data_mode or shared.profile.uart.flow_scope == "always"
    shared.receiver.flow_texts.device = _FLOW_TEXT[flow]
    shared.receiver.set_flow_control(
        shared.now_ns, is_on=bool(flow) and is_in_scope and shared.port.is_serial
    )
