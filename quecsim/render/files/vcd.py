"""The waveforms of a run, as a logic analyser at the host's side of the line would have them.

A value change dump (IEEE 1364), in nanoseconds, for GTKWave, PulseView and the like. What is one
wire there is one here; levels and counters are vectors, and words are vectors of ASCII.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from io import TextIOWrapper
from typing import BinaryIO

from vcd import VCDWriter

from quecsim.render.files.serial_wave import count_edges
from quecsim.render.files.vcd_signals import Signal, is_serial, signals, window_of
from quecsim.render.files.words import origin_line
from quecsim.render.recorded import Recorded

_SCOPE = "quecsim"
_BITS = {"wire": 1}
_BYTES_AN_EDGE = 17
_LARGE_BYTES = 100_000_000

Change = tuple[int, int, int]
"""(time, number of the signal, value)"""


def write_vcd(recorded: Recorded, stream: BinaryIO) -> None:
    """The run, or its window. TXD and RXD are missing where the record cannot be run again."""
    begin_ns, end_ns = window_of(recorded)
    made = signals(recorded)
    text = TextIOWrapper(stream, encoding="ascii", newline="\n")
    try:
        _write(made, text, begin_ns, end_ns, _comment(recorded, made))
    finally:
        text.detach()


def _write(
    made: Sequence[Signal], text: TextIOWrapper, begin_ns: int, end_ns: int, comment: str
) -> None:
    first = [signal.first for signal in made]
    streams = [_numbered(number, signal.changes) for number, signal in enumerate(made)]
    with VCDWriter(
        text, "1 ns", date="", comment=comment, version="quecsim", init_timestamp=begin_ns,
        check_values=False,
    ) as writer:  # fmt: skip
        later = _set_first(merge(*streams), first, begin_ns)
        variables = [
            writer.register_var(
                _SCOPE, signal.name, signal.kind, _BITS.get(signal.kind), init=value
            )
            for signal, value in zip(made, first, strict=True)
        ]
        change = writer.change
        for at_ns, number, value in later:
            if at_ns > end_ns:
                break
            change(variables[number], at_ns, value)
        writer.close(end_ns)


def _numbered(number: int, changes: Iterable[tuple[int, int]]) -> Iterator[Change]:
    return ((at_ns, number, value) for at_ns, value in changes)


def _set_first(changes: Iterator[Change], first: list[int], begin_ns: int) -> Iterator[Change]:
    """Those behind the beginning; those before it have made the values that it begins with."""
    for change in changes:
        if change[0] > begin_ns:
            return _put_back(change, changes)
        first[change[1]] = change[2]
    return iter(())


def _put_back(change: Change, changes: Iterator[Change]) -> Iterator[Change]:
    yield change
    yield from changes


def _comment(recorded: Recorded, made: Sequence[Signal]) -> str:
    """What was run, and what each signal is; `$` would be a keyword of the format's."""
    lines = [ascii(origin_line(recorded))[1:-1].replace("$", "")]
    lines += [f"{signal.name}: {signal.what}" for signal in made]
    if recorded.wire.tap is None:
        lines.append(f"TXD and RXD are missing: {ascii(recorded.wire.why_not)[1:-1]}")
    return "\n".join(lines).replace("$", "")


def vcd_notes(recorded: Recorded) -> list[str]:
    """What must be known before it is written: that wires are missing, that the file is large."""
    tap = recorded.wire.tap
    if tap is None:
        return [f"there is no TXD and no RXD: {recorded.wire.why_not}"]
    runs = [*tap.to_device.runs(), *tap.to_host.runs()]
    if not is_serial(runs):
        return []
    window = window_of(recorded)
    size = _BYTES_AN_EDGE * sum(count_edges(run, *window) for run in runs)
    if size < _LARGE_BYTES:
        return []
    less = "--from and --to, or --around-loss N, make a part of it"
    return [f"it will have about {size // 1_000_000} MB: {less}"]
