"""A central that connects to a Bluetooth LE device, and does its steps there."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress

from quecsim.border.ble import INTERVAL_NS, Advertise, Came, Parameters, Subscribed
from quecsim.gatt.end import AttRefusedError, Side
from quecsim.peers.ble_line import Line
from quecsim.peers.ble_person import Person
from quecsim.peers.ble_settings import BlePhone, BleStep
from quecsim.rng import Stream
from quecsim.units import ms

_ATT_BYTES = 3
_EXCHANGE_EVENTS = 2  # a question and its answer


class Phone(Person):
    """Does as its settings say. `times` is how often it still comes by itself."""

    kind = "phone"

    def __init__(self, settings: BlePhone, address: str, seed: int) -> None:
        super().__init__(settings.name, address, is_random=settings.address_type == "random")
        self.settings = settings
        self.times = settings.times
        self._seed = seed
        self._begin(0)

    def _begin(self, now_ns: int) -> None:
        self._step = 0
        self._ready_ns = now_ns  # what it did before is over by then
        self._due_ns: int | None = None
        self._unclaimed_bytes = 0  # have come, and no step has waited for them yet
        self._written_bytes = 0
        self._pieces: deque[bytes] = deque()
        self._leaves_ns: int | None = None

    def side(self) -> Side:
        """It has nothing for others to read."""
        return Side(self.name)

    def parameters(self) -> Parameters:
        """Those of its settings."""
        return self.settings.parameters.made

    def comes_ns(self, there: Advertise, since_ns: int) -> int | None:
        """When it connects to the device that advertises `since_ns`; None: it does not."""
        one = self.settings
        is_it = one.looks_for.lower() in ("", there.name.lower(), there.address.lower())
        if self.times < 1 or not is_it:
            return None
        return max(since_ns + ms(one.after_ms), ms(one.from_ms))

    def connected(self, now_ns: int, line: Line) -> None:
        """Its first step begins."""
        super().connected(now_ns, line)
        self.times = max(0, self.times - 1)
        self._begin(now_ns)
        if self.settings.leaves_ms is not None:
            self._leaves_ns = now_ns + ms(self.settings.leaves_ms)
        self._go_on(now_ns)

    def left(self) -> None:
        """The rest of its steps is not done."""
        super().left()
        self._begin(0)

    def heard(self, now_ns: int, what: Came | Subscribed) -> None:
        """The device has notified it."""
        super().heard(now_ns, what)
        if isinstance(what, Came):
            self._unclaimed_bytes += len(what.data)
            self._go_on(now_ns)

    def taken(self, now_ns: int) -> None:
        """There is room for more."""
        if self._pieces:
            if self._writes.is_request:
                self._ready_ns = now_ns + self._interval_ns
                self._due_ns = self._ready_ns
            else:
                self._write_on(now_ns)
                self._go_on(now_ns)

    def deadline_ns(self) -> int | None:
        """When its next step is due, or it leaves."""
        times = (at_ns for at_ns in (self._due_ns, self._leaves_ns) if at_ns is not None)
        return min(times, default=None)

    def advance(self, now_ns: int) -> None:
        """It does the step whose time has come, or leaves."""
        if self._leaves_ns is not None and self._leaves_ns <= now_ns:
            self.end()
        elif self._due_ns is not None and self._due_ns <= now_ns:
            self._due_ns = None
            if self._pieces:
                self._write_on(now_ns)
            else:
                self._do(now_ns)
            self._go_on(now_ns)

    @property
    def _interval_ns(self) -> int:
        assert self.line is not None
        return self.line.parameters.interval * INTERVAL_NS

    @property
    def _writes(self) -> BleStep:
        """The step whose pieces wait."""
        return self.settings.steps[self._step - 1]

    def _go_on(self, now_ns: int) -> None:
        """The next step gets its time, when its bytes have come."""
        steps = self.settings.steps
        if self.line is None or self._due_ns is not None or self._pieces:
            return
        if self._step < len(steps):
            step = steps[self._step]
            if self._unclaimed_bytes >= step.after_bytes:
                self._unclaimed_bytes -= step.after_bytes
                self._due_ns = max(now_ns, self._ready_ns) + ms(step.after_ms)

    def _do(self, now_ns: int) -> None:
        step, line = self.settings.steps[self._step], self.line
        assert line is not None
        self._step += 1
        exchanges = 1
        with suppress(AttRefusedError):  # it goes on with the next step, as one who taps on does
            exchanges = _DO[step.do](self, line, step)
        self._ready_ns = now_ns + exchanges * _EXCHANGE_EVENTS * self._interval_ns
        if self._pieces:
            self._ready_ns = now_ns
            self._write_on(now_ns)

    def _cut(self, line: Line, step: BleStep) -> int:
        drawn = Stream(self._seed, f"Bluetooth LE: {self.address}, step {self._step}")
        data, most = step.data(drawn), line.mtu - _ATT_BYTES
        size = min(step.piece_bytes or most, most)
        self._pieces.extend(data[at : at + size] for at in range(0, len(data), size))
        return 0

    def _write_on(self, now_ns: int) -> None:
        """As many pieces as may be on their way."""
        step, line = self._writes, self.line
        assert line is not None
        window = 1 if step.is_request else step.window
        while self._pieces and line.unheard < window:
            piece = self._pieces.popleft()
            try:
                line.write(step.uuid.lower(), piece, is_request=step.is_request)
            except AttRefusedError:
                self._pieces.clear()
            self._written_bytes += len(piece)
            after = self.settings.leaves_after_bytes
            if after is not None and self._written_bytes >= after:
                self._leaves_ns = now_ns
                return
        if step.is_request and not self._pieces:
            self._ready_ns = now_ns + _EXCHANGE_EVENTS * self._interval_ns


def _wait(phone: Phone, line: Line, step: BleStep) -> int:
    del phone, line, step
    return 0


def _mtu(phone: Phone, line: Line, step: BleStep) -> int:
    del phone
    line.ask_mtu(step.mtu)
    return 1


def _discover(phone: Phone, line: Line, step: BleStep) -> int:
    del phone, step
    return line.discover()


def _subscribe(phone: Phone, line: Line, step: BleStep) -> int:
    del phone
    line.subscribe(step.uuid.lower(), is_on=step.do == "subscribe")
    return 1


def _read(phone: Phone, line: Line, step: BleStep) -> int:
    del phone
    line.read(step.uuid.lower())
    return 1


def _parameters(phone: Phone, line: Line, step: BleStep) -> int:
    del phone
    line.change(step.parameters.made)
    return 0


def _leave(phone: Phone, line: Line, step: BleStep) -> int:
    del line, step
    phone._leaves_ns = 0
    return 0


_DO: dict[str, Callable[[Phone, Line, BleStep], int]] = {
    "wait": _wait,
    "mtu": _mtu,
    "discover": _discover,
    "subscribe": _subscribe,
    "unsubscribe": _subscribe,
    "write": Phone._cut,
    "read": _read,
    "parameters": _parameters,
    "leave": _leave,
}
"""What a step does: how many questions it took."""
