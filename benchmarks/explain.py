"""`quecsim explain` in this process: a file of 256 kB, text and binary, with what takes longest."""

import base64
import random
import time
from collections.abc import Iterator

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.checksum import checksum
from quecsim.explanation import Told, explain

_NEED_S = 2


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The worst of several damages for each kind of file, each at its best of some rounds."""
    source = random.Random(1)
    count = sizes.explained_bytes
    binary = source.randbytes(count)
    text = base64.encodebytes(source.randbytes(count))[:count]
    for title, data in (("binary", binary), ("text", text)):
        took = {
            name: min(_seconds(data, got) for _ in range(sizes.report_rounds))
            for name, got in _damaged(data, source)
        }
        worst = max(took, key=lambda name: took[name])
        told = f"{count} bytes; {', '.join(f'{name} {took[name]:.2f}' for name in took)}"
        yield Measurement(
            f"explain, {title}: {worst}", took[worst], "s", told, _NEED_S, is_more_better=False
        )


def _damaged(data: bytes, source: random.Random) -> Iterator[tuple[str, bytes]]:
    """(what was done, what the module has): each goes another way through the search."""
    middle = len(data) // 2 + 1
    yield "nothing", data
    yield "a hole of even size", data[:middle] + data[middle + 700 :]
    yield "a hole of odd size", data[:middle] + data[middle + 701 :]
    yield "cut", data[: -len(data) // 50]
    yield "twice", data[: middle + 1024] + data[middle:]
    yield "other line ends", data.replace(b"\n", b"\r\n")
    yield "another file", bytes(byte & 0x7F for byte in source.randbytes(len(data)))
    yield "another, shorter", source.randbytes(len(data) - 3000 if len(data) > 3000 else 100)


def _seconds(data: bytes, got: bytes) -> float:
    told = Told(len(got), checksum(got))
    begin_s = time.perf_counter()
    explain(data, told, name="file.bin")
    return time.perf_counter() - begin_s
