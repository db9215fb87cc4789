"""The host's end of a simulated line as a serial port: pyserial's own port class, in virtual time.

Everything behaves as pyserial documents and its POSIX port does. What a file descriptor alone
could do (`select`) is refused, but for asyncio (`event_loop`). `SimulatedPort` is all of it; which
device is behind it is for its two kinds to say: `quecsim://` finds one by its URL
(`protocol_quecsim`), `VirtualPort` has a bare rig.
"""

import errno
import io
import termios
from abc import abstractmethod
from typing import Any

from serial import (
    PortNotOpenError,
    SerialBase,
    SerialException,
    SerialTimeoutException,
    to_bytes,
)

from quecsim.rig import Rig
from quecsim.units import S
from quecsim.virtual.clock import NEVER_NS, ForeignThreadError
from quecsim.virtual.event_loop import has_number, number_of
from quecsim.virtual.host_end import HostEnd, WriteTimeoutError
from quecsim.virtual.host_time import current_clock
from quecsim.virtual.virtual_time import step_back

_UNBOUNDED = 1 << 30  # bytes


class UnpluggedError(SerialException, termios.error):  # type: ignore[misc]
    """There is nothing behind the port any more, as a terminal's own calls tell it: pyserial passes
    on what `tcdrain` raises, and asyncio's transports of serial ports wait for exactly that.
    """


class SimulatedPort(SerialBase):  # type: ignore[misc]
    """A pyserial port with a simulated line behind it."""

    is_open: bool
    _end: HostEnd
    _timeout_ns: int | None = None
    _write_timeout_ns: int | None = None
    _gap_ns: int | None = None

    @abstractmethod
    def _find_end(self) -> HostEnd:
        """The line that the port's name means. Raises SerialException where there is none."""

    def _check_runs(self) -> None:
        """Raises SerialException where there is nothing behind the port any more."""

    # opening and closing

    def open(self) -> None:
        """Open the port. Raises SerialException where its name means no device."""
        if self._port is None:
            raise SerialException("Port must be configured before it can be used.")
        if self.is_open:
            raise SerialException("Port is already open.")
        self._end = self._find_end()
        _check_caller(self._end)
        self._end.open(self)
        try:
            self._reconfigure_port()
        except BaseException:
            self._end.close(self)
            raise
        self.is_open = True
        if not self._rtscts:
            self._update_rts_state()

    def close(self) -> None:
        """Close the port; the device goes on."""
        if self.is_open:
            self.is_open = False
            self._end.close(self)

    def _reconfigure_port(self, force_update: bool = False) -> None:  # noqa: ARG002
        """The settings have changed."""
        self._check_runs()
        self._timeout_ns = _in_ns(self._timeout)
        self._write_timeout_ns = _in_ns(self._write_timeout)
        self._gap_ns = _in_ns(self._inter_byte_timeout)
        if not self._end.openers.lock(self, is_exclusive=bool(self._exclusive)):
            raise SerialException(
                errno.EAGAIN, f"Could not exclusively lock port {self._port}: it is in use"
            )
        if not self._baudrate:
            raise ValueError(f"Invalid baud rate: {self._baudrate!r}")
        flow = "rtscts" if self._rtscts else "xonxoff" if self._xonxoff else "none"
        frame = f"{self._bytesize}{self._parity}{2 if self._stopbits > 1 else 1}"
        self._end.set_line(self._baudrate, frame, flow)

    # bytes

    @property
    def in_waiting(self) -> int:
        """Bytes that a read would return at once."""
        return self._open_end().in_waiting

    @property
    def out_waiting(self) -> int:
        """Bytes that have been written and are not on the wire yet."""
        return self._open_end().out_waiting

    def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes: fewer when the time-out passes, or the silence between two bytes."""
        return self._open_end().read(size, self._timeout_ns, self._gap_ns)

    def write(self, data: Any) -> int:
        """Hand `data` over; returns how many bytes were taken. Raises SerialTimeoutException."""
        end = self._open_end()
        try:
            return end.write(to_bytes(data), self._write_timeout_ns)
        except WriteTimeoutError:
            raise SerialTimeoutException("Write timeout") from None

    def read_until(self, expected: bytes = b"\n", size: int | None = None) -> bytes:
        """Read up to and with `expected` (b"" never comes), or `size` bytes, or until the time-out
        passes.
        """
        end, timeout_ns = self._open_end(), self._timeout_ns
        end_ns = NEVER_NS if timeout_ns is None else end.clock.now_ns + timeout_ns
        most = _UNBOUNDED if size is None else size
        line = bytearray()
        while True:
            missing = max(1, most - len(line))
            data = end.read_known(expected, line, missing, timeout_ns, end_ns)
            if not data:
                self._open_end()  # another thread may have closed it
                data = end.read(1, timeout_ns, self._gap_ns)
            line += data
            is_whole = bool(expected) and line.endswith(expected)
            if not data or is_whole or len(line) >= most:
                break
            if end.clock.now_ns >= end_ns:
                break
        return bytes(line)

    def flush(self) -> None:
        """Wait until all that was written is on the wire."""
        try:
            end = self._open_end()
        except PortNotOpenError:
            raise
        except SerialException as gone:
            raise UnpluggedError(*gone.args) from None
        end.flush()

    def reset_input_buffer(self) -> None:
        """Forget what has arrived and was not read."""
        self._open_end().discard_input()

    def reset_output_buffer(self) -> None:
        """Forget what was written and is not on the wire."""
        self._open_end().discard_output()

    def cancel_read(self) -> None:
        """A read that waits, or the next one, returns at once."""
        if self.is_open:
            self._end.cancel_read()

    def cancel_write(self) -> None:
        """A write that waits returns at once."""
        if self.is_open:
            self._end.cancel_write()

    def fileno(self) -> int:
        """There is no file descriptor; for asyncio in virtual time a number that its loop knows."""
        if not self.is_open:
            raise PortNotOpenError
        if has_number(self._end):
            return number_of(self._end)
        raise io.UnsupportedOperation(
            "a quecsim:// port has no file descriptor; for select() use quecsim.open()"
        )

    # lines

    @property
    def cts(self) -> bool:
        """Clear to send: the device's RTS."""
        return self._open_end().cts

    @property
    def dsr(self) -> bool:
        """Data set ready: the device has power."""
        return self._open_end().dsr

    @property
    def cd(self) -> bool:
        """Carrier detect, as AT&C says: always on, or while data mode stands on a connection."""
        return self._open_end().dcd

    @property
    def ri(self) -> bool:
        """Ring indicator: no call ever comes."""
        self._open_end()
        return False

    def send_break(self, duration: float = 0.25) -> None:
        """Break for `duration` seconds."""
        end = self._open_end()
        self.break_condition = True
        end.clock.sleep(round(duration * S))
        self.break_condition = False

    def _update_rts_state(self) -> None:
        self._open_end().set_rts(is_on=bool(self._rts_state))

    def _update_dtr_state(self) -> None:
        self._open_end().set_dtr(is_on=bool(self._dtr_state))

    def _update_break_state(self) -> None:
        self._open_end().set_break(is_on=bool(self._break_state))

    def _open_end(self) -> HostEnd:
        if not self.is_open:
            let_others_go_on()
            raise PortNotOpenError
        end = self._end
        if not end.is_running:
            self._check_runs()  # says why
        if not end.clock.is_mine():
            _check_caller(end)
        return end


class VirtualPort(SimulatedPort):
    """The host's end of a bare `rig`, whose run begins now: for the core's own tests.

    A wait for what will never come raises HostHungError. A device that can be looked into, with a
    port that a URL names, is `quecsim.open_virtual`.
    """

    def __init__(self, rig: Rig, *, timeout: float | None = 0.05, **options: Any) -> None:
        self.rig = rig
        self._end = HostEnd(rig)
        options.setdefault("baudrate", 115_200)
        super().__init__(None, timeout=timeout, **options)
        self.port = f"rig of {rig.profile.name}"
        self.open()

    @property
    def now_ns(self) -> int:
        """Model time."""
        return self._end.now_ns

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._end.clock.sleep(round(seconds * S))
        self._end.settle()

    def _find_end(self) -> HostEnd:
        return self._end


def let_others_go_on() -> None:
    """A loop that does not take no for an answer must not be all that runs."""
    if (clock := current_clock()) is not None:
        clock.look()


def _check_caller(end: HostEnd) -> None:
    if current_clock() is None:
        step_back(end.clock)
    try:
        end.clock.check_caller()
    except ForeignThreadError as error:
        raise SerialException(str(error)) from None


def _in_ns(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * S)
