"""The letters of ACK mode: after how many bytes, in which form, and when."""

import re
from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.sending import UPLOAD, Sending, sending
from quecsim.probe.step import Needs, Step

_LARGEST_BYTES = 16_384
_LOOK_S = 0.25
_ACK_S = 3.0
_PAUSE_S = 0.3
_BLOCKS = 8
_FORMS = {b"A": "bare", b"\r\nA\r\n": "crlf"}
_LEAST_SPREAD_MS = 5.0
_LEAST_END_MS = 12.0
_ENDS = 3


def _letters(bench: Bench) -> Iterator[Finding]:
    bench.require(UPLOAD)
    block, runs = _block(bench)
    method = f"no A after {block - 1} bytes, and one after {block}"
    yield Finding("files.ack_block_bytes", block, method, runs, block, block)
    yield _form(bench, block)
    yield _final(bench, block)
    yield _when(bench, block)


def _block(bench: Bench) -> tuple[int, int]:
    """The bytes that one A answers for, and in how many uploads that was found."""
    usual = bench.base.files.ack_block_bytes
    if _acks(bench, usual) and not _acks(bench, usual - 1):
        return usual, 2
    short, long, runs = 0, usual if _acks(bench, usual) else 2 * usual, 3
    while not _acks(bench, long):
        short, long, runs = long, 2 * long, runs + 1
        if long > _LARGEST_BYTES:
            raise NotMeasuredError(f"there is no A after {short} bytes in ACK mode")
    while long - short > 1:
        middle, runs = (short + long) // 2, runs + 1
        short, long = (short, middle) if _acks(bench, middle) else (middle, long)
    return long, runs


def _acks(bench: Bench, count: int) -> bool:
    """Whether there is an A after so many bytes of a longer upload."""
    with sending(bench, count + 1, timeout_s=2, ack=True) as out:
        out.begin()
        out.send(b"." * count)
        has_ack = _letters_in(out.hears(_LOOK_S)) > 0
        out.fill()
        out.end()
    return has_ack


def _letters_in(said: bytes) -> int:
    """How many `A` of ACK mode are in it: they stand alone, unlike those in words."""
    return sum(len(part) for part in re.split(rb"[\r\n]+", said) if set(part) == {ord("A")})


def _form(bench: Bench, block: int) -> Finding:
    """What is said for the first of two blocks."""
    with sending(bench, block + 1, timeout_s=2, ack=True) as out:
        out.begin()
        out.send(b"." * block)
        said = out.hears(_LOOK_S)
        out.send(b".")
        out.end()
    form = _FORMS.get(said)
    if form is None:
        return not_measured("files.ack_framing", f"after a block comes {said[:16]!r}")
    return Finding("files.ack_framing", form, f"after a block of {block} bytes comes {said!r}")


def _final(bench: Bench, block: int) -> Finding:
    """Whether a block that is also the last has an A."""
    with sending(bench, block, timeout_s=2, ack=True) as out:
        out.begin()
        out.send(b"." * block)
        said = out.end().reply.raw
    has_ack = _letters_in(said.partition(b"+QFUPL")[0]) > 0
    method = f"an upload of {block} bytes: {said[:24]!r}"
    return Finding("files.ack_final_full_block", has_ack, method)


def _when(bench: Bench, block: int) -> Finding:
    """Whether the A waits for the flash.

    One that does takes as long as the flash, now shorter and now longer. One that does not comes
    at once, each time; then it is what follows that waits: a last byte sent right behind the A.
    """
    key = "files.ack_when"
    times = _times_ms(bench, block)
    spread = max(times) - min(times)
    told = f"the times until the A differ by {spread:.1f} ms"
    if spread >= _LEAST_SPREAD_MS:
        return Finding(key, "stored", told, _BLOCKS)
    ends = sorted(_end_ms(bench, block) for _ in range(_ENDS))
    told = f"{told}, and a byte right behind it ends the upload after {ends[0]:.1f} ms or more"
    if ends[0] >= _LEAST_END_MS:
        return Finding(key, "received", told, _BLOCKS + _ENDS)
    return not_measured(key, f"{told}: the flash is too fast to tell")


def _times_ms(bench: Bench, block: int) -> list[float]:
    """From the last byte of each block to its A, with a pause behind each."""
    with sending(bench, _BLOCKS * block + 1, timeout_s=10, ack=True) as out:
        out.begin()
        times = []
        for _ in range(_BLOCKS):
            times.append(_time_ms(bench, out, block))
            bench.pause(_PAUSE_S)
        out.fill()
        out.end()
    return times


def _end_ms(bench: Bench, block: int) -> float:
    """From the last byte, which follows the A at once, to the end of the upload."""
    with sending(bench, block + 1, timeout_s=2, ack=True) as out:
        out.begin()
        _time_ms(bench, out, block)
        out.send(b".")
        sent_ns = bench.now_ns()
        at_ns = out.end().reply.last_ns
    return (at_ns - sent_ns) / 1e6


def _time_ms(bench: Bench, out: Sending, block: int) -> float:
    """From the last byte of a block to its A. Raises NotMeasuredError where none comes."""
    out.send(b"." * block)
    sent_ns = bench.now_ns()
    pieces = bench.wire.pieces(_ACK_S, lambda raw: _letters_in(raw) > 0)
    if not _letters_in(b"".join(data for _, data in pieces)):
        raise NotMeasuredError("an A did not come")
    return (pieces[-1][0] - sent_ns) / 1e6


LETTERS = Step(
    name="acks",
    title="uploads files in ACK mode, up to 8 KB",
    seconds=9,
    keys=(
        "files.ack_block_bytes",
        "files.ack_framing",
        "files.ack_final_full_block",
        "files.ack_when",
    ),
    run=_letters,
    needs=Needs(storage_bytes=32_768, written_bytes=6 * 4096 + 2 * 8192),
)
