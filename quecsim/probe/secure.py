"""The certificate store of AT+QSECWRITE: its time-outs, names and longest certificates."""

import re
from collections.abc import Iterator

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.causes import KEYS as ERROR_KEYS
from quecsim.probe.causes import by_text, provoke, tell
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.sending import Ended, Sending
from quecsim.probe.step import Needs, Step

_WRITE = "+QSECWRITE"
_NAME = "QSIMPROBE.TMP"
_SLOT = "QSIMPROBE"
_KEYS = (
    "secure.timeout_min_s",
    "secure.timeout_max_s",
    "secure.write_timeout",
    "secure.slot_names",
    "secure.ram_max_bytes",
)


def _run(bench: Bench) -> Iterator[Finding]:
    bench.require(_WRITE)
    store = bench.base.secure
    if store is None:
        raise NotMeasuredError(f"{bench.base.name}, the nearest profile, has no AT{_WRITE}")
    _claim(bench, f"RAM:{_NAME}")
    _claim(bench, f"NVRAM:{_SLOT}")
    provoke(bench, "invalid_parameter", by_text(bench, 'AT+QSECREAD="X:y"'))
    told = re.findall(r"\((\d+)-(\d+)\)", " ".join(bench.command(f"AT{_WRITE}=?").lines))
    low, high = map(int, told[-1]) if told else (store.timeout_min_s, store.timeout_max_s)
    for key, limit, beyond in (("min", low, low - 1), ("max", high, high + 1)):
        yield _limit(bench, f"secure.timeout_{key}_s", limit, beyond)
    yield _cut_short(bench, low)
    yield _slots(bench, low)
    yield _most(bench, store.ram_max_bytes, low)
    yield from tell(bench)


def _claim(bench: Bench, name: str) -> None:
    """Nobody has that name; what is there in the end is deleted. Raises NotMeasuredError."""
    if bench.command(f'AT+QSECREAD="{name}"', FILE_COMMAND_S).ok:
        raise NotMeasuredError(f"the module has {name} already")
    bench.undo(f"delete {name}", lambda: _delete(bench, name))


def _delete(bench: Bench, name: str) -> bool:
    bench.command(f'AT+QSECDEL="{name}"', FILE_COMMAND_S)
    return not bench.command(f'AT+QSECREAD="{name}"', FILE_COMMAND_S).ok


def _written(
    bench: Bench, name: str, size: int, timeout_s: int, data: bytes = b"x"
) -> Ended | None:
    """What comes of a certificate of `size` bytes of which `data` is sent; None: it is refused."""
    _delete(bench, name)
    out = Sending(bench, _WRITE, f'AT{_WRITE}="{name}",{size},{timeout_s}', size, timeout_s)
    try:
        out.begin()
    except NotMeasuredError:
        return None
    out.send(data)
    return out.end()


def _limit(bench: Bench, key: str, limit: int, beyond: int) -> Finding:
    name = f"RAM:{_NAME}"
    if _written(bench, name, 1, limit) is None or _written(bench, name, 1, beyond) is not None:
        return not_measured(key, f"{limit} s is not the limit that AT{_WRITE}=? says it is")
    return Finding(key, limit, f"a time-out of {limit} is taken, and {beyond} is not", 2)


def _cut_short(bench: Bench, timeout_s: int) -> Finding:
    key = "secure.write_timeout"
    ended = _written(bench, f"RAM:{_NAME}", 10, timeout_s)
    if ended is None or not ended.style:
        return not_measured(key, f"no time-out of AT{_WRITE} was seen")
    told = " / ".join((*ended.reply.lines, ended.reply.final))
    return Finding(key, ended.style, f"AT{_WRITE} of 10 bytes, and 1 sent: {told}")


def _slots(bench: Bench, timeout_s: int) -> Finding:
    """Whether NVRAM: has room for a name of ours; it is deleted again."""
    ended = _written(bench, f"NVRAM:{_SLOT}", 1, timeout_s)
    word = "listed" if ended is None else "any"
    return Finding("secure.slot_names", word, f'AT{_WRITE}="NVRAM:{_SLOT}"')


def _most(bench: Bench, usual: int, timeout_s: int) -> Finding:
    key, name = "secure.ram_max_bytes", f"RAM:{_NAME}"
    if _written(bench, name, usual + 1, timeout_s) is not None:
        return not_measured(key, f"{usual + 1} bytes are taken, and no more was tried")
    if _written(bench, name, usual, timeout_s) is None:
        return not_measured(key, f"{usual} bytes are refused, and no less was tried")
    return Finding(key, usual, f"{usual} bytes are taken, one more is refused", 2)


STEP = Step(
    name="secure",
    title="writes certificates of its own (AT+QSECWRITE), and deletes them",
    seconds=12,
    keys=(*_KEYS, *ERROR_KEYS),
    run=_run,
    needs=Needs(storage_bytes=4096, written_bytes=4 * 4096, settings=("AT+CMEE",)),
)
