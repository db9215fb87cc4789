"""What was heard in order, time never going back, and bytes that follow one another as one run.

A run ends where the line was idle, or the other side says something: so what came before what stays
as it was heard.
"""

from collections.abc import Iterator

from quecsim.captures.opened import Tally, Told
from quecsim.observed.heard import Heard
from quecsim.units import S

MOST_BYTES = 4096
"""No run is longer."""
_STEP_NS = S
_LONGEST_NS = 100 * 365 * 86_400 * S


def in_order(told: Iterator[Told], *, is_clock: bool, tally: Tally) -> Iterator[Told]:
    """Times from the start of the capture: those of a clock on the wall, and those from before a
    trigger, count from the first. One that goes back, or cannot be, is set to the last; where a
    clock was set back, or a log begun anew, all that follow go on from there.
    """
    origin_ns: int | None = None
    last_ns = 0
    for each in told:
        if origin_ns is None:
            origin_ns = each.at_ns if is_clock or each.at_ns < 0 else 0
        at_ns = each.at_ns - origin_ns
        if at_ns + _STEP_NS < last_ns:
            origin_ns = each.at_ns - last_ns
        if not last_ns <= at_ns <= _LONGEST_NS:
            tally.backward += 1
            at_ns = last_ns
        last_ns = at_ns
        yield each if at_ns == each.at_ns else _moved(each, at_ns)


def joined(told: Iterator[Told], byte_ns: int) -> Iterator[Told]:
    """Runs: each byte comes `byte_ns` after the one before, give or take half of that. With 0 the
    time of a byte is not known, and only what was heard at one time is one run.
    """
    joiner = _Joiner(byte_ns)
    for each in told:
        yield from joiner.feed(each) if isinstance(each, Heard) else [*joiner.end(), each]
    yield from joiner.end()


class _Run:
    """A run that may go on."""

    def __init__(self, first: Heard) -> None:
        self.at_ns, self.side = first.at_ns, first.side
        self.data = bytearray(first.data)

    def goes_on(self, each: Heard, byte_ns: int) -> bool:
        """`each` is of the same side, and right behind it."""
        if each.side != self.side or len(self.data) + len(each.data) > MOST_BYTES:
            return False
        late_ns = each.at_ns - self.at_ns - len(self.data) * byte_ns
        return abs(late_ns) * 2 <= byte_ns if byte_ns else each.at_ns == self.at_ns

    def heard(self) -> Heard:
        """All of it."""
        return Heard(self.at_ns, self.side, bytes(self.data))


class _Joiner:
    """The run that may go on; and where that is a command of the host's, the device's `_echo` of
    it, which comes in between and says nothing new.
    """

    def __init__(self, byte_ns: int) -> None:
        self._byte_ns = byte_ns
        self._run: _Run | None = None
        self._echo: _Run | None = None

    def feed(self, each: Heard) -> list[Heard]:
        """One piece more; returns the runs that are over."""
        run, echo = self._run, self._echo
        over: list[Heard] = []
        if run is not None and echo is not None:
            if run.goes_on(each, self._byte_ns) and _is_command(run.data + each.data):
                run.data += each.data
                return []
            if echo.goes_on(each, self._byte_ns) and run.data.startswith(echo.data + each.data):
                echo.data += each.data
                return []
            over = [run.heard()]
            run = self._run = echo
            self._echo = None
        if run is not None and run.goes_on(each, self._byte_ns):
            run.data += each.data
        elif run is not None and _is_echo(run, each):
            self._echo = _Run(each)
        else:
            over += [run.heard()] if run is not None else []
            self._run = _Run(each)
        return over

    def end(self) -> list[Heard]:
        """Nothing goes on any more."""
        over = [run.heard() for run in (self._run, self._echo) if run is not None]
        self._run = self._echo = None
        return over


def _is_echo(run: _Run, each: Heard) -> bool:
    """`each` of the device's is the begin of what the host has said, and that is a command."""
    is_command = run.side == "host" and _is_command(run.data)
    return is_command and each.side == "device" and run.data.startswith(each.data)


def _is_command(data: bytes | bytearray) -> bool:
    """What is said may be a command, as far as it goes."""
    return b"AT".startswith(data[:2].upper())


def _moved(each: Told, at_ns: int) -> Told:
    if isinstance(each, Heard):
        return Heard(at_ns, each.side, each.data)
    from msgspec.structs import replace

    return replace(each, at_ns=at_ns)
