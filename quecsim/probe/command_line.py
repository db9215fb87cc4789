"""How the module reads a command line: echo, the LF behind a CR, blanks, the longest line."""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.identity import marker
from quecsim.probe.prepare import set_echo
from quecsim.probe.step import Needs, Step

_LONGEST_BYTES = 8192
_SHORTEST_BYTES = 64
_LF_RUNS = 3
_ECHO_S = 1.0


def _echo(bench: Bench) -> Iterator[Finding]:
    """With the echo on: what comes back for CR LF."""
    bench.undo("echo off", lambda: set_echo(bench, on=False))
    if not set_echo(bench, on=True):
        raise NotMeasuredError("the echo cannot be switched on")
    told = {_echo_of_lf(bench) for _ in range(_LF_RUNS)}
    if len(told) > 1 or None in told:
        yield not_measured("at.echo_lf", "the echo of AT CR LF was not the same each time")
    else:
        yield Finding("at.echo_lf", told.pop(), "AT CR LF with the echo on", _LF_RUNS)


def _echo_of_lf(bench: Bench) -> bool | None:
    bench.settle(0.1)
    bench.write(b"AT\r\n")
    raw = bench.read(_ECHO_S, b"OK\r\n")
    return raw.startswith(b"AT\r\n\r\n") if raw.startswith(b"AT\r") else None


ECHO = Step(
    name="echo",
    title="switches the echo on, and looks whether it has the LF of CR LF too",
    seconds=2,
    keys=("at.echo_lf",),
    run=_echo,
    needs=Needs(settings=("echo",)),
)


def _lines(bench: Bench) -> Iterator[Finding]:
    name = marker(bench)
    middle = len(name) // 2
    spaced = bench.command(f"AT{name[:middle]} {name[middle:]}")
    if not spaced.final and bench.refusal:
        yield not_measured("at.spaces", "no answer to a command with a blank in its name")
    else:
        spaces = "ignored" if spaced.ok and spaced.lines else "kept"
        yield Finding("at.spaces", spaces, f"AT{name} with a blank in the name")
    yield _longest(bench, name)


def _longest(bench: Bench, name: str) -> Finding:
    """The longest line that is read: one that is too long is an error, or ends too early."""
    key, method = "at.line_bytes", "lines filled with ATE0E0..., longer and shorter"
    if not _is_read(bench, name, _SHORTEST_BYTES):
        return not_measured(key, "the module does not take ATE0E0 in front of a command")
    short, long, runs = _SHORTEST_BYTES, 2 * _SHORTEST_BYTES, 1
    while _is_read(bench, name, long):
        short, long, runs = long, 2 * long, runs + 1
        if long > _LONGEST_BYTES:
            return not_measured(
                key, f"lines of {short} bytes are still read, and no more was tried"
            )
    while long - short > 1:
        middle, runs = (short + long) // 2, runs + 1
        short, long = (middle, long) if _is_read(bench, name, middle) else (short, middle)
    return Finding(key, short, method, runs, short, short)


def _is_read(bench: Bench, name: str, length: int) -> bool:
    """Whether a line of `length` bytes, with its CR, is read to its end: the command `name` there
    has its answer.
    """
    reply = bench.command(_line(bench, name, length - 1))
    return reply.ok and any(line for line in reply.lines if not line.startswith("ATE"))


def _line(bench: Bench, name: str, length: int) -> str:
    """A line of that length that ends with the command, and does nothing before that."""
    room = length - len("AT") - len(name)
    if not bench.command("ATE0E0").ok:
        return f"AT{' ' * room}{name}"
    one = "E" if room % 2 else ""
    return f"AT{one}{'E0' * (room // 2)}{name}"


LINES = Step(
    name="lines",
    title="sends command lines with blanks, and long ones",
    seconds=4,
    keys=("at.spaces", "at.line_bytes"),
    run=_lines,
)
