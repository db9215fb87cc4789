"""How many bytes the host's own UART still sends when the module has said stop.

That is no property of the module, but it decides with it: those bytes must fit above the level at
which it says stop. The port obeys CTS by itself here, as a host program's would; it is the bytes
that the system says are left to send, at the moment when CTS goes off and when no more go.
What an adapter has taken into a buffer of its own counts as sent: such a buffer does not show.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.bursts import known_ring
from quecsim.probe.estimate import Estimate
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.patterns import pattern
from quecsim.probe.sending import UPLOAD
from quecsim.probe.settings import raise_rate, set_flow
from quecsim.probe.stalls import PLACES
from quecsim.probe.step import Needs, Step
from quecsim.probe.stored import store
from quecsim.probe.transfer import READ, byte_ns, drained, reading, upload, wait
from quecsim.probe.watermarks import OFF, ON, SENDER_BYTES, cts

LAG = "seen.lag_bytes"
_RTS_CTS = (2, 2)
_TRIES, _RUNS = 6, 3
_FILE_BYTES = 700  # more than a file system keeps beside the name: storing them needs an erase
_STILL_BYTES = 3
_FEED_BYTES = 512
_QUEUE_BYTES = 1024
_LOOK_S, _IDLE_S = 0.000_002, 0.001
_EARLIER_NS = 15_000_000
_LONGEST_S = 30.0
_QUIET_S = 0.1
_FILE, _OTHER = 0, 1
_TIMEOUT_S = 3
_SETTLE_S = 1.0
_MOST_LAG_BYTES = 160


@dataclass(frozen=True, slots=True)
class Look:
    """Whether CTS was on, and how many bytes were left to send."""

    is_on: bool
    left: int


def look(bench: Bench) -> Look:
    """At the port. Raises NotMeasuredError where it does not tell."""
    is_on = cts(bench)
    try:
        return Look(is_on, int(bench.wire.port.out_waiting))  # type: ignore[attr-defined]
    except (OSError, AttributeError, NotImplementedError) as error:
        raise NotMeasuredError("the port does not tell how many bytes are left to send") from error


class Feed:
    """A host that obeys, and sends on and on until the module says stop."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._idle_ns = 0
        """So long nothing happens: to look closely all the while is a lot of work."""

    def before_upload(self, file_bytes: int, taken: int) -> Estimate:
        """While the module gives out a file, and then begins an upload of `taken` bytes: it finds
        its ring full, and what is left of that is still too much.
        """
        bench = self.bench
        with (
            upload(bench, taken, timeout_s=1, number=_FILE) as out,
            reading(bench, _OTHER) as handle,
        ):
            drained(bench, _QUIET_S)
            text = f"AT{READ}={handle},{file_bytes}\r{out.text}\r"
            begin_ns = bench.write(text.encode())
            lag = self._at_stop(begin_ns, pattern(2 * file_bytes, 1))
            _stop_sending(bench)
        return lag

    def in_stall(self, place: int, most: int) -> Estimate:
        """While an upload stalls at `place`: so long that `most` bytes can come."""
        bench = self.bench
        data = pattern(place + 2 * most, 1)
        with upload(bench, len(data), timeout_s=_TIMEOUT_S, number=_FILE) as out:
            out.begin()
            bench.write(data[: place - 1])
            wait(bench, _SETTLE_S + place * byte_ns(bench) / 1e9)
            lag = self._at_stop(bench.now_ns(), data[place - 1 :])
            bench.wire.port.reset_output_buffer()
            out.end(_TIMEOUT_S + FILE_COMMAND_S)
        bench.settle()
        return lag

    def _at_stop(self, begin_ns: int, data: bytes) -> Estimate:
        """Feed the port, never with much at a time, until CTS goes off and no more bytes go."""
        bench = self.bench
        end_ns, sent = bench.now_ns() + round(_LONGEST_S * 1e9), 0
        before = look(bench)
        while bench.now_ns() < end_ns:
            now = look(bench)
            if not now.is_on:
                begun_ns = bench.now_ns() - begin_ns - _EARLIER_NS
                self._idle_ns = min(self._idle_ns or begun_ns, begun_ns)
                still = _still(bench, now)
                low, high = now.left - still, before.left - still
                return Estimate((low + high) // 2, low, high, 1)
            if now.left < _QUEUE_BYTES and sent < len(data):
                bench.write(data[sent : sent + _FEED_BYTES])
                sent += _FEED_BYTES
                now = look(bench)
            before = now
            bench.wire.waiting()
            is_near = self._idle_ns and bench.now_ns() - begin_ns > self._idle_ns
            time.sleep(_LOOK_S if is_near else _IDLE_S)
        raise NotMeasuredError("the module did not say stop to a host that obeys")


def _still(bench: Bench, now: Look) -> int:
    """How many bytes are left once no more go, while CTS is off."""
    wait_s = _STILL_BYTES * byte_ns(bench) / 1e9
    last = now
    while True:
        time.sleep(wait_s)
        again = look(bench)
        if again.is_on:
            raise NotMeasuredError("the module said go before the host had stopped")
        if again.left == last.left:
            return again.left
        last = again


def _stop_sending(bench: Bench) -> None:
    """What is still to be sent is not wanted any more."""
    bench.wire.port.reset_output_buffer()
    bench.settle()
    bench.write(b"\r")
    bench.settle()
    if not bench.sync():
        bench.recover()


def _long_stall(bench: Bench, off: int) -> tuple[int, int] | None:
    """The place of a stall in which the ring gets fuller than `off`, and how many bytes come in it;
    None where none is known.
    """
    finding = bench.found.get(PLACES)
    if finding is None or not finding.is_measured:
        return None
    for place, length_ms in finding.value:
        most = int(length_ms * 1e6 / byte_ns(bench))
        if most > off + _MOST_LAG_BYTES:
            return place, off + _MOST_LAG_BYTES
    return None


def _lags(bench: Bench, ring: int) -> tuple[list[Estimate], str]:
    """Several times, and how. The first time only shows when to look closely, and now and then the
    module is done sooner than that: those that were looked at most closely count.
    """
    feed, off = Feed(bench), bench.found[OFF].value
    if (stall := _long_stall(bench, off)) is not None:
        way = f"in the stall at byte {stall[0]} of an upload"
        lags = [feed.in_stall(*stall) for _ in range(_TRIES)]
    else:
        way = "when an upload finds the ring full"
        file_bytes = ring + SENDER_BYTES
        store(bench, file_bytes, _OTHER)
        on = bench.found.get(ON)
        lowest = on.value if on is not None and on.is_measured else off // 2
        taken = max(1, min(_FILE_BYTES, (ring - lowest) // 2))
        lags = [feed.before_upload(file_bytes, taken) for _ in range(_TRIES)]
    return sorted(lags, key=lambda lag: lag.high - lag.low)[:_RUNS], way


def _run(bench: Bench) -> Iterator[Finding]:
    bench.require(UPLOAD, READ)
    ring = known_ring(bench)
    if OFF not in bench.found or not bench.found[OFF].is_measured:
        raise NotMeasuredError("the level at which the module says stop is not known")
    look(bench)
    set_flow(bench, _RTS_CTS)
    raise_rate(bench)
    bench.undo("RTS/CTS of the port off", lambda: _obey(bench, on=False))
    _obey(bench, on=True)
    lags, way = _lags(bench, ring)
    low, high = min(lag.low for lag in lags), max(lag.high for lag in lags)
    value = sorted(lag.value for lag in lags)[_RUNS // 2]
    method = f"bytes that the system still sent with CTS off, {way}"
    yield Finding(LAG, value, method, _RUNS, max(0, low - 1), high + 1)


def _obey(bench: Bench, *, on: bool) -> bool:
    bench.wire.port.rtscts = on  # type: ignore[attr-defined]
    return True


STEP = Step(
    name="lag",
    title="switches RTS/CTS on at both ends, and sends until the module says stop",
    seconds=35,
    keys=(LAG,),
    run=_run,
    needs=Needs(storage_bytes=24_000, written_bytes=60_000, settings=("AT+IFC", "AT+IPR")),
    is_long=True,
)
