"""How long the flash takes, from the times of the `A` in ACK mode; where there is none, from those
of the answers to uploads.

A module that answers when a block is stored tells with each `A` how long that took. The blocks come
in two kinds: most are programmed only, and now and then one needs an erased block of flash first.
The difference is the time of an erase; what adapter and system add is in both, and cancels.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from quecsim.probe.bench import Bench
from quecsim.probe.bursts import Bursts
from quecsim.probe.estimate import Estimate, median, parted, quantile
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.latency import overhead_ns
from quecsim.probe.sending import UPLOAD
from quecsim.probe.step import Needs, Step
from quecsim.probe.transfer import byte_ns

PROGRAM, ERASE = "flash.program_page_typ_us", "flash.erase_block_typ_ms"
PROGRAM_MAX, ERASE_MAX = "flash.program_page_max_us", "flash.erase_block_max_ms"
BLOCK, ACK = "files.block_bytes", "seen.ack_us"
KEYS = (PROGRAM, PROGRAM_MAX, ERASE, ERASE_MAX, BLOCK, ACK)

_ACK_BYTES = 1024
_BLOCKS = 16
_UPLOADS = 6
_PAIRS = 12
_SMALL_BYTES = 16
_US, _MS = 1000, 1_000_000
_APART_NS = 4 * _MS  # an erase takes tens of ms, a page some tenths of one
_SLOWEST_READ_NS = 200  # per byte: what was programmed is read back
_STORED_NS = 2 * _MS


Delays: TypeAlias = tuple[int, ...]
"""How long the blocks of an upload took, in ns, each of 1024 bytes; the first one first."""


def by_ends(bursts: Bursts, blocks: int = _BLOCKS) -> Delays:
    """Uploads of 1, 2, 3 ... blocks, the last byte of each after a pause: how long after it the
    answer came. That includes the closing of the file, which is the same for all.
    """
    sizes = (blocks_sent * _ACK_BYTES for blocks_sent in range(1, blocks))
    return tuple(bursts.delay(size - 1, size) for size in sizes)


def _blur_ns(bench: Bench) -> int:
    """What the port cannot resolve: a byte, and 50 us for our own looking."""
    return round(byte_ns(bench)) + 50 * _US


def _in_two(delays: Sequence[int]) -> tuple[list[int], list[int]]:
    """Those without an erase, and those with one (none, where there are not two
    kinds). Now and then there is one with two, when the file system tidies up."""
    short = parted(delays, _APART_NS)[0]
    long = [delay for delay in delays if delay > max(short)]
    most_ns = median(long).value * 9 // 5 if long else 0
    return short, [delay for delay in long if delay <= most_ns]


def flash_findings(
    bench: Bench, uploads: Sequence[Delays], page: Estimate | None, method: str
) -> Iterator[Finding]:
    """What the uploads say of the flash; `page` is the time of one page, where it was measured
    apart (the delays include the closing of the file then).
    """
    delays = [delay for delays in uploads for delay in delays]
    short, long = _in_two(delays)
    blur_ns = _blur_ns(bench)
    block = _block(uploads, min(long)) if long else not_measured(BLOCK, "no block took longer")
    program = page or _page(bench, median(short).wider(overhead_ns(bench), 0), blur_ns)
    yield _program(program, block if page is None else None, f"{method}; those without an erase")
    yield _longest(PROGRAM_MAX, short)
    yield block
    if not block.is_measured:
        yield not_measured(ERASE, f"blocks with an erase cannot be told apart: {block.why_not}")
        return
    erase = median(long).minus(median(short)).wider(blur_ns)
    yield _finding(ERASE, erase.rounded(_MS), f"{method}; blocks with an erase less those without")
    yield _longest(ERASE_MAX, long)


def _program(page: Estimate, block: Finding | None, method: str) -> Finding:
    """The time of a page. Where it was taken from that of `block`s, those with an erase must show
    among them: what the others do is not known, else.
    """
    if block is not None and not block.is_measured:
        return not_measured(
            PROGRAM, f"what a block's time consists of is not sure: {block.why_not}"
        )
    if page.low <= 0:
        most = f"at most {page.high / _MS:.1f} ms"
        why = f"{most}: it differs too much from time to time, or the port is too slow"
        return not_measured(PROGRAM, why)
    return _finding(PROGRAM, page.rounded(_US).plain(), f"{method}, median")


def _page(bench: Bench, block: Estimate, blur_ns: int) -> Estimate:
    """The time of a page from that of a block, which is also read back."""
    flash = bench.base.flash
    pages = max(1, _ACK_BYTES // flash.page_bytes)
    read_ns, slowest_ns = (_ACK_BYTES * each for each in (flash.read_byte_ns, _SLOWEST_READ_NS))
    low_ns = block.low - max(read_ns, slowest_ns) - blur_ns
    value_ns, high_ns = block.value - read_ns, block.high + blur_ns
    return Estimate(value_ns // pages, low_ns // pages, high_ns // pages, block.runs)


def _finding(key: str, estimate: Estimate, method: str) -> Finding:
    return Finding(key, estimate.value, method, estimate.runs, estimate.low, estimate.high)


def _longest(key: str, delays: Sequence[int]) -> Finding:
    """The worst that a flash can do no number of runs shows."""
    longest, many = max(delays) / _MS, quantile(delays, 95) / _MS
    why = f"no run shows the worst: of {len(delays)} blocks the longest took {longest:.1f} ms"
    return not_measured(key, f"{why}, and 95 of 100 no more than {many:.1f} ms")


def _block(uploads: Sequence[Delays], shortest_long: int) -> Finding:
    """How many bytes lie between two erases: the size of a block of flash, a power of two."""
    # Those of every upload, and not those where the file system happens to tidy up.
    always = set.intersection(*(_erased(delays, shortest_long) for delays in uploads))
    places = sorted(always)
    if len(places) < 3:
        return not_measured(BLOCK, "fewer than three of them in an upload")
    mean = (places[-1] - places[0]) / (len(places) - 1) * _ACK_BYTES
    power = 1 << (round(mean) - 1).bit_length()  # a block holds a little less than its size
    expected = [place * power / _ACK_BYTES for place in range(len(places))]
    if any(not 0 <= ideal - at <= 1 for ideal, at in zip(expected, places, strict=True)):
        return not_measured(BLOCK, "not at equal distances")
    runs = len(places) * len(uploads)
    return Finding(BLOCK, power, "bytes between two erases, up to a power of two", runs)


def _erased(delays: Delays, shortest_long: int) -> set[int]:
    """Which of the blocks needed an erase."""
    return {at for at, delay in enumerate(delays) if delay >= shortest_long}


def _ack_findings(bench: Bench) -> Iterator[Finding]:
    bursts = Bursts(bench)
    uploads = [bursts.acks(_BLOCKS, _ACK_BYTES) for _ in range(_UPLOADS)]
    delays = [delay for delays in uploads for delay in delays]
    middle = median(delays).wider(_blur_ns(bench)).rounded(_US)
    yield _finding(ACK, middle, "from the last byte of a block to its A; median")
    if max(delays) < _STORED_NS + _blur_ns(bench):
        raise NotMeasuredError("each A came at once: it says nothing of the flash")
    yield from flash_findings(bench, uploads, None, "time of each A in ACK mode")


def _end_findings(bench: Bench) -> Iterator[Finding]:
    bursts = Bursts(bench)
    page = _page_by_ends(bursts)
    uploads = [by_ends(bursts) for _ in range(_UPLOADS // 2)]
    for finding in flash_findings(bench, uploads, page, "time from the last byte to the answer"):
        needs_other_way = finding.key == ERASE and not finding.is_measured
        yield _erase_by_sizes(bursts, page) if needs_other_way else finding


def _erase_by_sizes(bursts: Bursts, page: Estimate) -> Finding:
    """A file of a few bytes is kept beside its name, and needs no erase; one of four pages does."""
    small = median([bursts.backlog(_SMALL_BYTES - 1, _SMALL_BYTES) for _ in range(_PAIRS)])
    large = median([bursts.backlog(_ACK_BYTES - 1, _ACK_BYTES) for _ in range(_PAIRS)])
    pages = max(1, _ACK_BYTES // bursts.bench.base.flash.page_bytes)
    programs = Estimate(page.value * pages, page.low * pages, page.high * pages, page.runs)
    erase = large.minus(small).minus(programs).wider(_blur_ns(bursts.bench) + page.value)
    if erase.low < _APART_NS:
        return not_measured(ERASE, "a file of four pages takes no longer than programming them")
    method = "answer to a file of four pages, less that to one of a few bytes and four pages"
    return _finding(ERASE, erase.rounded(_MS), method)


def _page_by_ends(bursts: Bursts) -> Estimate:
    """Files that end in the first page of a block, and two pages on."""
    first, third = _ACK_BYTES + 128, _ACK_BYTES + 640
    pairs = [
        (bursts.delay(first - 1, first), bursts.delay(third - 1, third)) for _ in range(_PAIRS)
    ]
    page = median([(later - sooner) // 2 for sooner, later in pairs])
    flash = bursts.bench.base.flash
    read_ns = flash.page_bytes * flash.read_byte_ns
    low_ns = page.low - max(read_ns, flash.page_bytes * _SLOWEST_READ_NS)
    blur_ns = _blur_ns(bursts.bench) // 2
    return Estimate(page.value - read_ns, low_ns - blur_ns, page.high + blur_ns, page.runs)


def _run(bench: Bench) -> Iterator[Finding]:
    if bench.has(UPLOAD):
        yield from _ack_findings(bench)
    else:
        yield from _end_findings(bench)


STEP = Step(
    name="stores",
    title="uploads files of its own, and takes the time of each block",
    seconds=100,
    keys=KEYS,
    run=_run,
    needs=Needs(storage_bytes=_BLOCKS * _ACK_BYTES, written_bytes=450_000),
    is_long=True,
)
