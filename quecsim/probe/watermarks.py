"""The levels of the ring at which a module says stop and go by RTS, and how many bytes the host's
own UART sends after a stop.

While the module gives out a long file it does not read, so the ring can be filled to a level that
is known to the byte: with the command for an upload, and data behind it. When the upload begins it
finds those data there. It says stop at once, if they are many enough; it takes as many of them as
the upload is long; and it says go, if what is left is few enough. So whether CTS goes off for as
long as the storing takes depends on two numbers of ours, and both levels are found by halving.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quecsim.probe.bench import Bench
from quecsim.probe.bursts import known_ring
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.patterns import pattern
from quecsim.probe.settings import raise_rate, set_flow
from quecsim.probe.step import Needs, Step
from quecsim.probe.stored import store
from quecsim.probe.transfer import READ, UPLOAD, drained, reading, upload

OFF, ON, SCOPE = "uart.rts_off_bytes", "uart.rts_on_bytes", "uart.flow_scope"
KEYS = (OFF, ON, SCOPE)
_RTS_CTS = (2, 2)
_SENDER_BYTES = 6144
_LOOK_S = 0.0001
_AFTER_S = 0.02
_LONGEST_S = 60.0
_QUIET_S = 0.1
_FILE, _OTHER = 0, 1  # the numbers of our files
_BLUR_NS = 400_000


@dataclass(frozen=True, slots=True)
class Pulse:
    """How long CTS was off, in ns, in all; `early`: it was so before the upload can have begun."""

    off_ns: int
    early: bool


class Levels:
    """Finds them, with a ring of known size."""

    def __init__(self, bench: Bench, ring: int) -> None:
        self.bench = bench
        self.ring = ring
        self.runs = 0
        self._file_bytes = ring + _SENDER_BYTES
        store(bench, self._file_bytes, _OTHER)

    def pulse(self, level: int, taken: int) -> Pulse:
        """An upload of `taken` bytes begins with `level` bytes in the ring."""
        bench = self.bench
        self.runs += 1
        with (
            upload(bench, taken, timeout_s=1, number=_FILE) as sending,
            reading(bench, _OTHER) as h,
        ):
            begin = sending.text.encode() + b"\r"
            self.need_room(level, begin)
            drained(bench, _QUIET_S)
            read = f"AT{READ}={h},{self._file_bytes}\r".encode()
            pulse = self._watch(read + begin + pattern(level, self.runs))
            bench.write(b"\r")
            drained(bench, _QUIET_S)
            if not bench.sync():
                bench.recover()
        return pulse

    def need_room(self, level: int, begin: bytes) -> None:
        """The command is in the ring, too."""
        assert level + len(begin) <= self.ring, (level, begin)

    def most(self) -> int:
        """The highest level that can be set: the command that begins an upload needs room, too."""
        name = self.bench.own_name(_FILE)
        return self.ring - len(f'AT{UPLOAD}="{name}",{self.ring},1\r')

    def _watch(self, data: bytes) -> Pulse:
        """Send, and look at CTS until the answer to the upload is there."""
        bench = self.bench
        said = bytearray()
        bench.write(data)
        early = not cts(bench)
        end_ns = bench.now_ns() + round(_LONGEST_S * 1e9)
        off_ns, since_ns = 0, bench.now_ns() if early else 0
        over_ns = 0
        while bench.now_ns() < (over_ns or end_ns):
            time.sleep(_LOOK_S)
            is_on, now_ns = cts(bench), bench.now_ns()
            if not is_on and not since_ns:
                since_ns = now_ns
            elif is_on and since_ns:
                off_ns, since_ns = off_ns + now_ns - since_ns, 0
            said += bench.wire.waiting()
            if not over_ns and _is_over(said, self._file_bytes):
                over_ns = now_ns + round(_AFTER_S * 1e9)
        return Pulse(off_ns + (bench.now_ns() - since_ns if since_ns else 0), early)


def _is_over(said: bytearray, file_bytes: int) -> bool:
    """The file has come, and the upload behind it has its answer."""
    if len(said) < file_bytes or b"CONNECT\r\n" not in said[file_bytes:]:
        return False
    answer = said[said.rindex(b"CONNECT\r\n") :]
    return b"OK\r\n" in answer or b"ERROR" in answer


def cts(bench: Bench) -> bool:
    """The module's RTS as the port shows it. Raises NotMeasuredError where it has no such line."""
    try:
        return bool(bench.wire.port.cts)  # type: ignore[attr-defined]
    except (OSError, AttributeError, NotImplementedError) as error:
        raise NotMeasuredError("the port does not show CTS (a pseudo terminal has none)") from error


def first_true(low: int, high: int, is_true: Callable[[int], bool]) -> int:
    """The smallest number above `low`, and up to `high`, for which it is true: so it is for all
    from there on, and for `high`.
    """
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_true(middle) else (middle, high)
    return high


def _off(levels: Levels, most: int) -> int:
    def stops(level: int) -> bool:
        return levels.pulse(level, 1).off_ns > 0

    return first_true(0, most, stops)


def _on(levels: Levels, off: int, most: int) -> int | None:
    """The level at which it says go; None where that cannot be told from the time of storing."""
    level = min(off, most)
    none_left = [levels.pulse(level, level).off_ns for _ in range(3)]
    stored = levels.pulse(level, 1).off_ns
    if max(none_left) - min(none_left) > _BLUR_NS or stored <= 2 * _LOOK_S * 1e9:
        return None
    quiet_ns = min(none_left)

    def goes(taken: int) -> bool:
        return abs(levels.pulse(level, taken).off_ns - quiet_ns) <= min(_BLUR_NS, stored // 2)

    return level - first_true(1, level, goes)


def _run(bench: Bench) -> Iterator[Finding]:
    bench.require(UPLOAD, READ)
    ring = known_ring(bench)
    cts(bench)
    set_flow(bench, _RTS_CTS)
    raise_rate(bench)
    levels = Levels(bench, ring)
    most = levels.most()
    full = levels.pulse(most, 1)
    if full.early:
        yield Finding(SCOPE, "always", "CTS with a full ring, outside of data mode")
        raise NotMeasuredError("it says stop outside of data mode, too: no level can be set then")
    yield Finding(SCOPE, "data", "CTS with a full ring, outside of data mode and in it")
    if not full.off_ns:
        raise NotMeasuredError(f"it never says stop with {most} bytes in its ring of {ring}")
    off = _off(levels, most)
    method = "CTS when an upload begins with data in the ring; RTS/CTS on, by halving"
    yield Finding(OFF, off, method, levels.runs, off, off)
    before = levels.runs
    on = _on(levels, off, most)
    if on is None:
        yield not_measured(ON, "how long the storing takes differs too much from file to file")
        return
    method = "CTS when an upload takes part of the ring; RTS/CTS on, by halving"
    yield Finding(ON, on, method, levels.runs - before, on, on)


STEP = Step(
    name="watermarks",
    title="switches RTS/CTS on and fills the ring to known levels",
    seconds=120,
    keys=KEYS,
    run=_run,
    needs=Needs(storage_bytes=40_000, written_bytes=150_000, settings=("AT+IFC", "AT+IPR")),
    is_long=True,
)
