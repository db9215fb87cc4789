"""A train of bytes as the levels of a wire: start bit, data from the lowest bit on, parity, stop.

Each edge has its exact time from the train's origin: bit times are never added up.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from quecsim.uart.rate import Frame, UartRate
from quecsim.uart.run import ByteRun
from quecsim.units import S

IDLE, START = 1, 0


@lru_cache(maxsize=16)
def _bits(frame: Frame) -> tuple[tuple[int, ...], ...]:
    """The levels of each of the 256 bytes, bit after bit."""
    return tuple(_levels(byte, frame) for byte in range(256))


def _levels(byte: int, frame: Frame) -> tuple[int, ...]:
    data = tuple(byte >> bit & 1 for bit in range(frame.data_bits))
    odd = sum(data) & 1
    parity = {"N": (), "E": (odd,), "O": (1 - odd,), "M": (1,), "S": (0,)}[frame.parity]
    return (START, *data, *parity, *(IDLE,) * frame.stop_bits)


@lru_cache(maxsize=16)
def _changes(frame: Frame) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each byte (bit number, level) where the level changes; an idle line is before it."""
    return tuple(
        tuple(
            (bit, level)
            for bit, (before, level) in enumerate(zip((IDLE, *levels), levels, strict=False))
            if level != before
        )
        for levels in _bits(frame)
    )


def edges(run: ByteRun, begin_ns: int = 0, end_ns: int = 1 << 62) -> Iterator[tuple[int, int]]:
    """(time, level) of each change, of the bytes that are whole between `begin_ns` and `end_ns`.

    The run must be one at a UART's rate.
    """
    rate = run.rate
    assert isinstance(rate, UartRate)
    changes, bits, baud, origin_ns = _changes(rate.frame), rate.frame.bits, rate.baud, run.origin_ns
    first, last = within(run, begin_ns, end_ns)
    place = (run.first + first) * bits
    for byte in run.data[first:last]:
        for bit, level in changes[byte]:
            yield origin_ns + (place + bit) * S // baud, level
        place += bits


def count_edges(run: ByteRun, begin_ns: int = 0, end_ns: int = 1 << 62) -> int:
    """How many there are."""
    assert isinstance(run.rate, UartRate)
    changes = _changes(run.rate.frame)
    first, last = within(run, begin_ns, end_ns)
    return sum(len(changes[byte]) * count for byte, count in Counter(run.data[first:last]).items())


def within(run: ByteRun, begin_ns: int, end_ns: int) -> tuple[int, int]:
    """Which bytes are whole between two times: the first, and the one behind the last."""
    numbers = range(len(run.data))
    first = bisect_left(numbers, begin_ns, key=lambda index: run.edge_ns(index - 1))
    last = bisect_left(numbers, end_ns + 1, key=run.edge_ns)
    return first, max(first, last)
