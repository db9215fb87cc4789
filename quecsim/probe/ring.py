"""The size of the receive ring: how much of what is sent to a module that does not read is kept.

A module that gives out a long file does not read its UART meanwhile: what comes stays in the ring,
and what does not fit is gone. With the echo on it shows afterwards what it has kept: the first
bytes up to the gap are as many as the ring holds.
"""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.patterns import kept_pieces, pattern
from quecsim.probe.settings import with_echo, without_flow
from quecsim.probe.step import Needs, Step
from quecsim.probe.stored import store
from quecsim.probe.transfer import READ, data_of, reading, send_listening

KEY = "uart.rx_ring_bytes"
_TAILS_BYTES = (1200, 4800, 19_200)
_SENDER_BYTES = 6144  # what a module's own transmitter may hold: it reads again that much earlier
_RUNS = 3
_QUIET_S = 0.7


def deaf_run(bench: Bench, file_bytes: int, tail: bytes) -> int:
    """Have the module give out `file_bytes`, and send it `tail` meanwhile; how many bytes from the
    first one on it has kept, by its echo.
    """
    with reading(bench) as handle:
        bench.settle(_QUIET_S / 2)
        command = f"AT{READ}={handle},{file_bytes}\r".encode()
        raw = send_listening(bench, command + tail, _QUIET_S)
        bench.write(b"\r")
        bench.settle(_QUIET_S / 2)
        if not bench.sync():
            bench.recover()
    data = data_of(raw)
    pieces_kept = kept_pieces(tail, raw[raw.rfind(data) + len(data) :]) if data else []
    return pieces_kept[0].count if pieces_kept and not pieces_kept[0].place else 0


def _measure(bench: Bench) -> Finding:
    for tail_bytes in _TAILS_BYTES:
        file_bytes = tail_bytes + _SENDER_BYTES
        store(bench, file_bytes)
        first = deaf_run(bench, file_bytes, pattern(tail_bytes, 1))
        if not first:
            raise NotMeasuredError("it echoes nothing of what it was sent while it gave out a file")
        if first < tail_bytes:
            return _repeat(bench, file_bytes, tail_bytes, first)
    raise NotMeasuredError(
        f"it lost nothing of {_TAILS_BYTES[-1]} bytes that came while it gave out a file: the ring "
        "is larger, or it reads meanwhile"
    )


def _repeat(bench: Bench, file_bytes: int, tail_bytes: int, first: int) -> Finding:
    kept = [first]
    for run in range(1, _RUNS):
        kept.append(deaf_run(bench, file_bytes, pattern(tail_bytes, 1 + run)))
    # A gap may seem to begin a byte later than it does, never earlier.
    smallest = min(kept)
    method = (
        f"overrun while it gave out {file_bytes} bytes by AT{READ}; its echo shows what was kept"
    )
    return Finding(KEY, smallest, method, len(kept), low=smallest, high=max(kept))


def _run(bench: Bench) -> Iterator[Finding]:
    bench.require(READ)
    without_flow(bench)
    with_echo(bench)
    yield _measure(bench)


STEP = Step(
    name="ring",
    title="overruns the receive ring while the module gives out a file of ours",
    seconds=25,
    keys=(KEY,),
    run=_run,
    needs=Needs(
        storage_bytes=_TAILS_BYTES[-1] + _SENDER_BYTES,
        written_bytes=sum(_TAILS_BYTES) + len(_TAILS_BYTES) * _SENDER_BYTES,
        settings=("echo", "AT+IFC"),
    ),
    is_long=True,
)
