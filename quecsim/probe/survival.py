"""What a restart leaves of a file that was written and never closed.

When the power goes in the middle of an upload, a file has what was brought to the flash by then
(`files.sync_every_bytes`). That itself no command can show: a module that takes data takes none.
"""

from collections.abc import Iterator

from quecsim.probe.bench import COMMAND_S, Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.patterns import pattern
from quecsim.probe.reply import has_final, read_reply
from quecsim.probe.sending import WRITE, sending
from quecsim.probe.step import Needs, Step

SYNC, LEFT = "files.sync_every_bytes", "seen.unclosed_bytes"
_RESTARTS = ("AT+CFUN=1,1", "AT+QRST")
_SIZE_BYTES = 3000
_PIECE_BYTES, _PIECE_S = 128, 0.05
_TIMEOUT_S = 5
_START_S = 20.0


def _sync(_bench: Bench) -> Iterator[Finding]:
    why = "only a module whose power is taken away in the middle of an upload shows it, and no "
    yield not_measured(SYNC, f"{why}command can do that while it takes data")


def _left(bench: Bench) -> Iterator[Finding]:
    if not bench.allows_restart:
        raise NotMeasuredError("the module may not be restarted without --allow-reset")
    bench.require(WRITE)
    with sending(bench, _SIZE_BYTES, timeout_s=_TIMEOUT_S, by=WRITE) as out:
        out.begin()
        data = pattern(_SIZE_BYTES, 1)
        for start in range(0, _SIZE_BYTES, _PIECE_BYTES):
            out.send(data[start : start + _PIECE_BYTES])
            bench.pause(_PIECE_S)
        out.end()
        with bench.restarting():
            _restart(bench)
            bench.pause(_START_S)
            bench.recover()
    sizes = bench.command("AT+QFLST").info("+QFLST:")
    name = bench.own_name(0)
    left = [int(line.split(",")[1]) for line in sizes if name in line]
    method = f"{_SIZE_BYTES} bytes by AT{WRITE}, then a restart without closing the file"
    yield Finding(LEFT, left[0] if left else 0, method)


def _restart(bench: Bench) -> None:
    for text in _RESTARTS:
        sent_ns = bench.write(text.encode() + b"\r")
        if read_reply(text, sent_ns, bench.wire.pieces(COMMAND_S, has_final)).ok:
            return
    raise NotMeasuredError(f"the module takes none of {', '.join(_RESTARTS)}")


STEP = Step(
    name="sync",
    title="says why a probe cannot see when an upload is brought to the flash",
    seconds=1,
    keys=(SYNC,),
    run=_sync,
    is_long=True,
)
RESTART = Step(
    name="unclosed",
    title="restarts the module while a file of ours is open",
    seconds=30,
    keys=(LEFT,),
    run=_left,
    needs=Needs(storage_bytes=_SIZE_BYTES, written_bytes=_SIZE_BYTES, restarts=True),
    is_long=True,
)
