"""Time on the model's clock: integer nanoseconds, and how people read them.

Nothing in the core uses floats for time. Convert at the edge, once, with these helpers.
"""

US = 1_000
MS = 1_000_000
S = 1_000_000_000


def us(count: int) -> int:
    """`count` microseconds in nanoseconds."""
    return count * US


def ms(count: int) -> int:
    """`count` milliseconds in nanoseconds."""
    return count * MS


def s(count: int) -> int:
    """`count` seconds in nanoseconds."""
    return count * S


def format_ns(duration_ns: int) -> str:
    """A duration as people write it: `870 ns`, `43.4 us`, `41.2 ms`, `12.345 s`."""
    magnitude = abs(duration_ns)
    if magnitude < US:
        return f"{duration_ns} ns"
    # Compared after rounding, so that 999.96 us is 1.0 ms and not 1000.0 us.
    if round(magnitude / US, 1) < 1000:
        return f"{duration_ns / US:.1f} us"
    if round(magnitude / MS, 1) < 1000:
        return f"{duration_ns / MS:.1f} ms"
    return f"{duration_ns / S:.3f} s"
