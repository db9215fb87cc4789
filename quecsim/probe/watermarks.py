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
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.latency import LATENCY
from quecsim.probe.patterns import pattern
from quecsim.probe.sending import UPLOAD
from quecsim.probe.settings import raise_rate, set_flow
from quecsim.probe.step import Needs, Step
from quecsim.probe.stored import store
from quecsim.probe.transfer import READ, byte_ns, drained, reading, upload

OFF, ON, SCOPE = "uart.rts_off_bytes", "uart.rts_on_bytes", "uart.flow_scope"
KEYS = (OFF, ON, SCOPE)
_RTS_CTS = (2, 2)
SENDER_BYTES = 6144
_LOOK_S = 0.0002
_MARGIN_NS = 50_000_000
_CONFIRMED = 2
_LOOKS = 2
_HIGHER, _LEAST_HIGHER = 37, 5
_STEP_BYTES = 48
_MOST_PLATEAUS = 6
_AFTER_S = 0.02
_LONGEST_S = 60.0
_QUIET_S = 0.1
_FILE, _OTHER = 0, 1  # the numbers of our files
_BLUR_NS = 400_000


@dataclass(frozen=True, slots=True)
class Pulse:
    """How long CTS was off, in ns, in all, and when that began, from the sending on; `early`: it
    was so before the upload can have begun. `after_ns` is from then when it was on again to the
    answer to the upload.
    """

    off_ns: int
    begin_ns: int
    early: bool
    after_ns: int


class Levels:
    """Finds them, with a ring of known size."""

    def __init__(self, bench: Bench, ring: int) -> None:
        self.bench = bench
        self.ring = ring
        self.runs = 0
        self._file_bytes = ring + SENDER_BYTES
        self._first_ns = 0
        store(bench, self._file_bytes, _OTHER)

    def pulse(self, level: int, taken: int, fillers: int = 0) -> Pulse:
        """An upload of `taken` bytes begins with `level` bytes in the ring. So many commands AT go
        before it: meanwhile what was said before leaves the module, and its answer comes at once.
        """
        bench = self.bench
        self.runs += 1
        with (
            upload(bench, taken, timeout_s=1, number=_FILE) as out,
            reading(bench, _OTHER) as handle,
        ):
            begin = b"AT\r" * fillers + out.text.encode() + b"\r"
            self.need_room(level, begin)
            drained(bench, _QUIET_S)
            read = f"AT{READ}={handle},{self._file_bytes}\r".encode()
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
        bench, said, watch = self.bench, bytearray(), _Watch()
        begin_ns = bench.write(data)
        watch.see(is_on=cts(bench), now_ns=bench.now_ns())
        early = watch.since_ns > 0
        if (idle_ns := begin_ns + self._first_ns - _MARGIN_NS - bench.now_ns()) > 0:
            time.sleep(idle_ns / 1e9)  # it is deaf: nothing happens before
        end_ns, answer_ns = bench.now_ns() + round(_LONGEST_S * 1e9), 0
        while bench.now_ns() < end_ns:
            time.sleep(_LOOK_S)
            watch.see(is_on=cts(bench), now_ns=bench.now_ns())
            said += bench.wire.waiting()
            answer = _answer(said, self._file_bytes)
            if answer and not answer_ns:
                answer_ns = bench.now_ns()
            if _is_final(answer):
                end_ns = min(end_ns, answer_ns + round(_AFTER_S * 1e9))
        watch.see(is_on=True, now_ns=bench.now_ns())
        after_ns = answer_ns - watch.on_ns if watch.on_ns else 0
        return Pulse(watch.off_ns, watch.first_ns - begin_ns, early, after_ns)

    def begin_at(self, *pulses: Pulse) -> None:
        """None begins sooner than the first of those: do not look before, from now on."""
        self._first_ns = max(0, min(pulse.begin_ns for pulse in pulses))


@dataclass(slots=True)
class _Watch:
    """Adds up how long CTS is off."""

    off_ns: int = 0
    since_ns: int = 0
    first_ns: int = 0
    on_ns: int = 0

    def see(self, *, is_on: bool, now_ns: int) -> None:
        """It is on, or off, now."""
        if not is_on and not self.since_ns:
            self.since_ns = now_ns
            self.first_ns = self.first_ns or now_ns
        elif is_on and self.since_ns:
            self.off_ns, self.since_ns = self.off_ns + now_ns - self.since_ns, 0
            self.on_ns = now_ns


def _answer(said: bytearray, file_bytes: int) -> bytearray:
    """What has come behind the file and the upload's CONNECT."""
    place = said.find(b"CONNECT\r\n", file_bytes)
    return said[place + len(b"CONNECT\r\n") :] if place >= 0 else bytearray()


def _is_final(answer: bytearray) -> bool:
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


def _confirmed(value: int, is_true: Callable[[int], bool], what: str) -> int:
    """It is true for `value`, and not for one less. Raises NotMeasuredError where it varies."""
    for _ in range(_CONFIRMED):
        if not is_true(value) or is_true(value - 1):
            raise NotMeasuredError(f"{what} differs from one time to the next")
    return value


def _off(levels: Levels, most: int) -> int:
    def stops(level: int) -> bool:
        return levels.pulse(level, 1).off_ns > 0

    return _confirmed(first_true(0, most, stops), stops, "the level at which it says stop")


def _on(levels: Levels, off: int, most: int, latency_us: int) -> int:
    """The level at which it says go. Raises NotMeasuredError."""
    told_ns = SENDER_BYTES * byte_ns(levels.bench)
    fillers = 1 + round(told_ns / max(1, latency_us) / 1000)
    if off + fillers * len("AT\r") <= most:
        by_answer = GoByAnswer(levels, off, fillers)
        if by_answer.can_tell():
            return by_answer.find()
    return GoByStalls(levels, off, most).find()


class GoByAnswer:
    """When it says go: some time before the answer, since the storing comes between; or together
    with the end of the upload. That needs a module whose answer comes at once (`fillers`).
    """

    def __init__(self, levels: Levels, off: int, fillers: int) -> None:
        self._levels = levels
        self._off = off
        self._fillers = fillers
        self._storing_ns = 0

    def can_tell(self) -> bool:
        """Whether the two can be told apart: where it says go at once, CTS is never off."""
        at_end = [self._levels.pulse(self._off, taken, self._fillers) for taken in (1, 2)]
        self._storing_ns = min(pulse.off_ns for pulse in at_end)
        is_seen = self._storing_ns > _LOOKS * _LOOK_S * 1e9
        return is_seen and all(pulse.after_ns < self._storing_ns // 2 for pulse in at_end)

    def goes(self, taken: int) -> bool:
        """Whether it says go when an upload has taken so many from the level of stop."""
        pulse = self._levels.pulse(self._off, taken, self._fillers)
        return not pulse.off_ns or pulse.after_ns > self._storing_ns // 2

    def find(self) -> int:
        """By halving."""
        taken = first_true(1, self._off, self.goes)
        return self._off - _confirmed(taken, self.goes, "the level at which it says go")


class GoByStalls:
    """The same by how long CTS is off: as long as the stalls before, or for the storing of what was
    taken, too. Where there are no such stalls, it is not off at all once it says go.
    """

    def __init__(self, levels: Levels, off: int, most: int) -> None:
        self._levels = levels
        self._off = off
        self._higher = min(_HIGHER, most - off)
        looks = [levels.pulse(off, off).off_ns for _ in range(3)]
        self._closing_ns = levels.pulse(off, 1).off_ns
        self._stalls_ns = min(looks)
        if max(looks) - min(looks) > _BLUR_NS or self._closing_ns <= _LOOKS * _LOOK_S * 1e9:
            raise NotMeasuredError("how long the storing takes differs too much from file to file")

    def find(self) -> int:
        """Raises NotMeasuredError where it does not show."""
        low = 1
        for _ in range(_MOST_PLATEAUS):
            taken = first_true(low, self._off, self.goes)
            if self._is_edge(taken):
                return self._off - taken
            # By chance the storing of less takes as long as the stalls: look behind that.
            higher = range(taken + _STEP_BYTES, self._off, _STEP_BYTES)
            low = next((each for each in higher if not self.goes(each)), 0)
            if not low:
                break
        raise NotMeasuredError("the level at which it says go does not show for sure")

    def goes(self, taken: int, higher: int = 0) -> bool:
        """Whether it says go when an upload has taken so many from the level of stop, or `higher`.

        It is true for all numbers from some one on.
        """
        off_ns = self._levels.pulse(self._off + higher, taken).off_ns
        return abs(off_ns - self._stalls_ns) <= min(_BLUR_NS, self._closing_ns // 2)

    def _is_edge(self, taken: int) -> bool:
        """It says go then, and with one less it does not; and with more in the ring, it takes that
        much more.
        """
        places = [(taken, 0)] * _CONFIRMED
        if self._stalls_ns:
            places += [(taken + self._higher, self._higher)]
            if self._higher < _LEAST_HIGHER:
                return False
        return all(self.goes(at, by) and not self.goes(at - 1, by) for at, by in places)


def _run(bench: Bench) -> Iterator[Finding]:
    bench.require(UPLOAD, READ)
    ring = known_ring(bench)
    if bench.value("files.early_bytes") == "discard":
        raise NotMeasuredError("it throws away what comes before CONNECT: no level can be set")
    cts(bench)
    set_flow(bench, _RTS_CTS)
    raise_rate(bench)
    levels = Levels(bench, ring)
    most = levels.most()
    full = levels.pulse(most, 1)
    if full.early:
        yield Finding(SCOPE, "always", "CTS with a full ring, outside of data mode")
        raise NotMeasuredError("it says stop outside of data mode, too: no level can be set then")
    if not full.off_ns:
        why = f"CTS stays on with {most} bytes in the ring of {ring}"
        raise NotMeasuredError(f"{why}, or is off too briefly to be seen")
    yield Finding(SCOPE, "data", "CTS with a full ring, outside of data mode and in it")
    levels.begin_at(full, levels.pulse(most, 1))
    off = _off(levels, most)
    method = "CTS when an upload begins with data in the ring; RTS/CTS on, by halving"
    yield Finding(OFF, off, method, levels.runs, off, off)
    before, latency_us = levels.runs, bench.value(LATENCY)
    assert isinstance(latency_us, int)
    on = _on(levels, off, most, latency_us)
    method = "CTS when an upload takes part of the ring; RTS/CTS on, by halving"
    yield Finding(ON, on, method, levels.runs - before, on, on)


STEP = Step(
    name="watermarks",
    title="switches RTS/CTS on and fills the ring to known levels",
    seconds=45,
    keys=KEYS,
    run=_run,
    needs=Needs(storage_bytes=24_000, written_bytes=60_000, settings=("AT+IFC", "AT+IPR")),
    is_long=True,
)
