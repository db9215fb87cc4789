"""How the module starts: restarted by command, and its radio switched off and on again.

Only where the user has allowed it (--allow-reset).
"""

import re
from collections.abc import Iterator

from quecsim.probe.bench import COMMAND_S, Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.line_settings import reports
from quecsim.probe.prepare import found
from quecsim.probe.reply import Piece, has_final, read_reply
from quecsim.probe.step import Needs, Step
from quecsim.probe.wire import NS_PER_S
from quecsim.profiles.schema import BootUrc, RadioUrc

_RESTARTS = ("AT+CFUN=1,1", "AT+QRST")
_NS_PER_MS = 1_000_000
_FIRST_S, _QUIET_S, _MOST_S = 20.0, 15.0, 90.0
_OF_NETWORK = ("+CREG", "+CGREG", "+CEREG", "+QIURC", "+QSTASTAT", "+CTZ", "+QNITZ")


def _restart(bench: Bench) -> Iterator[Finding]:
    """OK, then nothing, then the lines of the start."""
    if not bench.allows_restart:
        raise NotMeasuredError("the module may not be restarted without --allow-reset")
    with bench.restarting():
        ok_ns = _restarted(bench)
        lines = _lines(_listened(bench, _FIRST_S))
        yield from _told(ok_ns, lines)
        bench.recover()
        yield from (each for each in reports(found(bench), "after a restart"))
        yield from _flow(bench)
    bench.recover()


def _restarted(bench: Bench) -> int:
    """When the OK to the restart had come. Raises NotMeasuredError where there is none."""
    for text in _RESTARTS:
        sent_ns = bench.write(text.encode() + b"\r")
        reply = read_reply(text, sent_ns, bench.wire.pieces(COMMAND_S, has_final))
        if reply.ok:
            return reply.last_ns
    raise NotMeasuredError(f"the module takes none of {', '.join(_RESTARTS)}")


def _listened(bench: Bench, first_s: float) -> list[Piece]:
    """What comes until it has been quiet for some time."""
    pieces: list[Piece] = []
    end_ns = bench.now_ns() + round(_MOST_S * NS_PER_S)
    wait_s = first_s
    while bench.now_ns() < end_ns:
        new = bench.wire.pieces(wait_s, bool)
        if not new:
            break
        pieces += new
        wait_s = _QUIET_S
    return pieces


def _lines(pieces: list[Piece]) -> list[tuple[int, str]]:
    """The lines in what came, each with the time at which it began; those of a network left out."""
    raw = b"".join(data for _, data in pieces)
    times = [at_ns for at_ns, data in pieces for _ in data]
    found_lines = []
    for match in re.finditer(rb"[^\r\n]+", raw):
        text = match[0].decode("ascii", "replace").strip()
        if re.fullmatch(r"[ -~]{1,80}", text) and not text.startswith(_OF_NETWORK):
            found_lines.append((times[match.start()], text))
    return found_lines


def _told(ok_ns: int, lines: list[tuple[int, str]]) -> Iterator[Finding]:
    if not lines:
        yield not_measured("boot.urcs", "the module says nothing when it starts")
        yield not_measured("boot.restart_ms", "the module says nothing when it starts")
        return
    ready_ns = lines[0][0]
    urcs = tuple(BootUrc(text, (at_ns - ready_ns) // _NS_PER_MS) for at_ns, text in lines)
    yield Finding("boot.urcs", urcs, "what comes behind the OK of the restart")
    restart_ms = (ready_ns - ok_ns) // _NS_PER_MS
    yield Finding("boot.restart_ms", restart_ms, "from the OK of the restart to its first word",
                  low=restart_ms - 20, high=restart_ms + 20)  # fmt: skip


def _flow(bench: Bench) -> Iterator[Finding]:
    for info in bench.command("AT+IFC?").info("+IFC:"):
        if pair := re.fullmatch(r"(\d),\s*(\d)", info):
            yield Finding("uart.ifc_default", (int(pair[1]), int(pair[2])), "after a restart")


RESTART = Step(
    name="restart",
    title="restarts the module, and listens to its start",
    seconds=35,
    keys=("boot.urcs", "boot.restart_ms"),
    run=_restart,
    needs=Needs(restarts=True),
)


def _radio(bench: Bench) -> Iterator[Finding]:
    """What comes when the radio is switched on again."""
    if not bench.allows_restart:
        raise NotMeasuredError("the radio may not be switched off without --allow-reset")
    if bench.command("AT+CFUN?").info("+CFUN:") != ["1"]:
        raise NotMeasuredError("the radio is off, or there is none")
    bench.undo("AT+CFUN=1", lambda: bench.command("AT+CFUN=1", _FIRST_S).ok)
    if not bench.command("AT+CFUN=0", _FIRST_S).ok:
        raise NotMeasuredError("the module does not take AT+CFUN=0")
    bench.settle(2.0)
    reply = bench.command("AT+CFUN=1", _FIRST_S)
    if not reply.ok:
        raise NotMeasuredError("the module does not take AT+CFUN=1")
    lines = _lines(_listened(bench, _QUIET_S))
    urcs = tuple(RadioUrc(t, (at_ns - reply.last_ns) // _NS_PER_MS) for at_ns, t in lines)
    yield Finding("boot.radio_urcs", urcs, "what comes behind the OK of AT+CFUN=1")


RADIO = Step(
    name="radio",
    title="switches the radio off and on again: the module loses its network for that time",
    seconds=25,
    keys=("boot.radio_urcs",),
    run=_radio,
    needs=Needs(settings=("AT+CFUN",), restarts=True),
)
