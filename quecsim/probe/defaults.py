"""How much a module expects where the command does not say, and how much it takes at most."""

from collections.abc import Iterator
from contextlib import contextmanager

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.sending import WRITE, Sending, sending
from quecsim.probe.step import Needs, Step

_CHUNK_BYTES = 512
_MOST_BYTES = 32_768
_LOOK_S = 0.02
_END_S = 0.5
_BYTE = b"\n"
_USUAL_TIMEOUT_S = 60


def _run(bench: Bench) -> Iterator[Finding]:
    yield _default(bench)
    yield _most(bench)


def _default(bench: Bench) -> Finding:
    """An upload without a size: where it ends by itself."""
    key, usual = "files.default_size_bytes", bench.base.files.default_size_bytes
    if usual > _MOST_BYTES:
        return not_measured(key, f"{usual} bytes are more than a probe writes for it")
    count: int | None = usual
    if not _ends_at(bench, usual):
        count = _swept(bench)
        if not count or count == usual or not _ends_at(bench, count):
            return not_measured(key, f"an upload without a size ends at no fixed size ({count})")
    return Finding(key, count, f"an upload without a size ends with byte {count}, and OK")


def _ends_at(bench: Bench, count: int) -> bool:
    """Whether an upload without a size is over with byte `count`, and not before."""
    with _unsized(bench) as out:
        _send(out, count - 1)
        is_other = out.has_ended(_LOOK_S)
        if not is_other:
            out.send(_BYTE)
            is_other = not out.has_ended(_END_S)
        ended = out.end()
    return not is_other and ended.reply.ok and ended.count == count


def _swept(bench: Bench) -> int | None:
    """How many bytes an upload without a size takes."""
    with _unsized(bench) as out:
        _send(out, _MOST_BYTES)
        return out.end().count


@contextmanager
def _unsized(bench: Bench) -> Iterator[Sending]:
    with sending(bench, 0, timeout_s=_USUAL_TIMEOUT_S) as out:
        out.text = out.text.rpartition(",0,")[0]
        out.begin()
        yield out


def _send(out: Sending, count: int) -> None:
    """So many bytes, slowly enough for any flash, until the module says something.

    They are line feeds: what is too much does no harm on the command line.
    """
    while count > 0 and not out.has_ended(_LOOK_S):
        out.send(_BYTE * min(count, _CHUNK_BYTES))
        count -= _CHUNK_BYTES


def _most(bench: Bench) -> Finding:
    """The longest AT+QFWRITE: the usual one is taken, and one byte more is not."""
    key, usual = "files.write_max_bytes", bench.base.files.write_max_bytes
    bench.require(WRITE)
    for most in dict.fromkeys((usual, (1 << 31) - 1, 65_535, 65_536, 10_240, 4096, 2048, 1024)):
        if _takes(bench, most) and not _takes(bench, most + 1):
            return Finding(key, most, f"AT+QFWRITE of {most} bytes is taken, one more is not", 2)
    return not_measured(key, "the limit is none of the usual ones")


def _takes(bench: Bench, size: int) -> bool:
    with sending(bench, size, by=WRITE) as out:
        try:
            out.begin()
        except NotMeasuredError:
            return False
        out.end()
    return True


STEP = Step(
    name="defaults",
    title="uploads a file without saying its size, and asks for the longest write",
    seconds=7,
    keys=("files.default_size_bytes", "files.write_max_bytes"),
    run=_run,
    needs=Needs(storage_bytes=32_768, written_bytes=24_576),
)
