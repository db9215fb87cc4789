"""How the time for storing depends on what is written: behind the end of a file, over its start,
and when the storage is nearly full.

A profile has no keys for that: it follows from the flash. It is told, since a module's file system
may do it in another way than the simulated one's.
"""

from collections.abc import Iterator

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.bursts import Bursts
from quecsim.probe.estimate import median
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.patterns import pattern
from quecsim.probe.sending import UPLOAD, WRITE, close, open_own
from quecsim.probe.step import Needs, Step
from quecsim.probe.stored import store
from quecsim.probe.transfer import byte_ns, wait

APPENDED, OVERWRITTEN, NEARLY_FULL = "seen.append_ms", "seen.overwrite_ms", "seen.nearly_full_ms"
_SIZE_BYTES = 3000
_BLOCK_BYTES = 1024
_RUNS = 8
_TIMEOUT_S = 5
_SETTLE_S = 0.6
_LEFT_BYTES = 16_384
_MOST_FREE_BYTES = 400_000
_FULL_BLOCKS = 9
_MS = 1_000_000
_FILE, _FILLER = 0, 1


def written_ns(bench: Bench, *, at_end: bool) -> int:
    """How long after the last of 1024 bytes AT+QFWRITE answers, written to a file that was closed:
    behind its end, or over its start.
    """
    handle = open_own(bench, _FILE, 0)
    if at_end and not bench.command(f"AT+QFSEEK={handle},0,2").ok:
        raise NotMeasuredError("the module does not take AT+QFSEEK to a file's end")
    text = f"AT{WRITE}={handle},{_BLOCK_BYTES},{_TIMEOUT_S}"
    bench.data_s = _TIMEOUT_S
    if not bench.command(text, FILE_COMMAND_S).connected:
        raise NotMeasuredError(f"no CONNECT to {text}")
    block = pattern(_BLOCK_BYTES, 1)
    Bursts(bench).gently(block[:-1])
    wait(bench, _SETTLE_S)
    sent_ns = bench.write(block[-1:])
    reply = bench.read_reply(text, _TIMEOUT_S + FILE_COMMAND_S)
    bench.data_s = 0.0
    wait(bench, _SETTLE_S / 4)
    close(bench, handle)
    if not reply.ok:
        raise NotMeasuredError(f"{text}: {reply.final or 'no answer'}")
    return reply.first_ns - sent_ns - round(2 * byte_ns(bench))


def _blur_ns(bench: Bench) -> int:
    """What the port cannot resolve."""
    return round(byte_ns(bench)) + _MS // 10


def _changes(bench: Bench) -> Iterator[Finding]:
    bench.require(WRITE)
    store(bench, _SIZE_BYTES, _FILE)
    ways = {OVERWRITTEN: (False, "over its start"), APPENDED: (True, "behind its end")}
    for key, (at_end, words) in ways.items():
        times = median([written_ns(bench, at_end=at_end) for _ in range(_RUNS)]).wider(
            _blur_ns(bench)
        )
        value, low, high = (each / _MS for each in (times.value, times.low, times.high))
        method = f"{_BLOCK_BYTES} bytes by AT{WRITE}, {words}: last byte to answer, median"
        yield Finding(key, value, method, times.runs, low, high)


def _nearly_full(bench: Bench) -> Iterator[Finding]:
    bench.require(UPLOAD)
    told = bench.command('AT+QFLDS="UFS"').info("+QFLDS:")
    free = int(told[0].split(",")[0]) if told else 0
    if not _LEFT_BYTES + _BLOCK_BYTES < free <= _MOST_FREE_BYTES:
        raise NotMeasuredError(f"{free} bytes are free: filling them is more than a probe writes")
    bursts = Bursts(bench)
    bursts.acks_at_once((free - _LEFT_BYTES) // _BLOCK_BYTES, _BLOCK_BYTES, _FILLER)
    times = median(bursts.acks(_FULL_BLOCKS, _BLOCK_BYTES)).wider(_blur_ns(bench))
    value, low, high = (each / _MS for each in (times.value, times.low, times.high))
    method = f"time of each A with {_LEFT_BYTES} bytes free, median"
    yield Finding(NEARLY_FULL, value, method, times.runs, low, high)


CHANGES = Step(
    name="changes",
    title="writes over a file of ours, and behind its end",
    seconds=30,
    keys=(OVERWRITTEN, APPENDED),
    run=_changes,
    needs=Needs(storage_bytes=16_384, written_bytes=25_000),
    is_long=True,
)
FULL = Step(
    name="full",
    title="fills a small storage up, but for 16 kB",
    seconds=40,
    keys=(NEARLY_FULL,),
    run=_nearly_full,
    needs=Needs(storage_bytes=_MOST_FREE_BYTES, written_bytes=_MOST_FREE_BYTES),
    is_long=True,
)
