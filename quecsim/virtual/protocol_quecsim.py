"""`quecsim://` for pyserial: pyserial's own port class on the host's end of a simulated line.

Everything behaves as pyserial documents and its POSIX port does, in virtual time. What a file
descriptor alone could do (`fileno`, `select`) is refused.
"""

import errno
import io
from typing import Any

from serial import (
    PortNotOpenError,
    SerialBase,
    SerialException,
    SerialTimeoutException,
    to_bytes,
)

from quecsim.errors import QuecsimError
from quecsim.units import S
from quecsim.virtual import registry
from quecsim.virtual.clock import NEVER_NS, ForeignThreadError
from quecsim.virtual.device import VirtualDevice
from quecsim.virtual.host_end import HostEnd, WriteTimeoutError
from quecsim.virtual.host_time import OwnClock, current_clock
from quecsim.virtual.virtual_time import step_back

_UNBOUNDED = 1 << 30  # bytes


class Serial(SerialBase):  # type: ignore[misc]
    """A pyserial port with a simulated device behind it."""

    is_open: bool
    _device: VirtualDevice | None = None
    _device_url = ""
    _end: HostEnd
    _timeout_ns: int | None = None
    _write_timeout_ns: int | None = None
    _gap_ns: int | None = None

    # opening and closing

    def open(self) -> None:
        """Open the port. Raises SerialException where the URL names no device."""
        if self._port is None:
            raise SerialException("Port must be configured before it can be used.")
        if self.is_open:
            raise SerialException("Port is already open.")
        self._end = self._find_device().end
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
            if not self.device.has_ended:
                self._end.close(self)

    @property
    def device(self) -> VirtualDevice:
        """The device behind the port, once it has been opened."""
        if self._device is None:
            raise PortNotOpenError
        return self._device

    def _find_device(self) -> VirtualDevice:
        url = str(self.portstr)
        if self._device is None or self._device_url != url:
            try:
                self._device, self._device_url = _device_of(url), url
            except QuecsimError as error:
                raise SerialException(errno.ENOENT, f"could not open port {url}: {error}") from None
        _check_runs(self._device)
        return self._device

    def _reconfigure_port(self, force_update: bool = False) -> None:  # noqa: ARG002
        """The settings have changed."""
        _check_runs(self.device)
        self._timeout_ns = _in_ns(self._timeout)
        self._write_timeout_ns = _in_ns(self._write_timeout)
        self._gap_ns = _in_ns(self._inter_byte_timeout)
        if not self._end.lock(self, is_exclusive=bool(self._exclusive)):
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
            data = end.read_known(expected[-1:], missing, timeout_ns, end_ns) or self.read(1)
            line += data
            is_whole = bool(expected) and line.endswith(expected)
            if not data or is_whole or len(line) >= most:
                break
            if end.clock.now_ns >= end_ns:
                break
        return bytes(line)

    def flush(self) -> None:
        """Wait until all that was written is on the wire."""
        self._open_end().flush()

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
        """There is no file descriptor, so select() and asyncio cannot wait for the port."""
        raise io.UnsupportedOperation(
            "a quecsim:// port has no file descriptor; for select() and asyncio use quecsim.open()"
        )

    # lines

    @property
    def cts(self) -> bool:
        """Clear to send: the device's RTS."""
        return self._open_end().cts

    @property
    def dsr(self) -> bool:
        """Data set ready: the device has power."""
        return self._open_end().has_power

    @property
    def cd(self) -> bool:
        """Carrier detect: on while the device has power."""
        return self._open_end().has_power

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
        self._open_end()

    def _update_break_state(self) -> None:
        self._open_end()

    def _open_end(self) -> HostEnd:
        if not self.is_open:
            _let_others_go_on()
            raise PortNotOpenError
        _check_runs(self.device)
        _check_caller(self._end)
        return self._end


def _check_runs(device: VirtualDevice) -> None:
    if device.has_ended:
        _let_others_go_on()
        raise SerialException(errno.ENODEV, f"{device.url} does not run any more")
    if device.end.is_broken:
        _let_others_go_on()
        raise SerialException(errno.EIO, f"{device.url} was interrupted in the middle of a step")


def _let_others_go_on() -> None:
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


def _device_of(url: str) -> VirtualDevice:
    clock = current_clock()
    device = registry.running(url)
    if device is not None:
        return device
    if clock is not None and url in clock.devices:
        found: VirtualDevice = clock.devices[url]
        return found
    scenario, is_up = registry.scenario_of(url)
    made = VirtualDevice(scenario, clock=clock or OwnClock(), is_up=is_up)
    if clock is not None:
        clock.devices[url] = made
    return made
