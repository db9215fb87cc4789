"""What became of the data of an upload, from what the host sent and what the device says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from quecsim.checksum import checksum

_ESCAPE = b"+++"
_LINE_END = re.compile(rb"\r\n?")
_MOST_LINES, _MOST_TRIED = 16, 256  # one in 65,536 fits by chance


@dataclass(frozen=True, slots=True)
class Said:
    """The device's line about an upload: how many bytes, and the checksum, where it has one."""

    count: int
    checksum: int | None = None
    file_bytes: int | None = None

    @property
    def weak(self) -> bool:
        """It counts, and does not tell whether the bytes are right."""
        return self.checksum is None


@dataclass(frozen=True, slots=True)
class Account:
    """`window` bytes of the host's were the upload's, `escape` of them its `+++`; `stored` arrived,
    `missing` did not. `thrown_away` early bytes came before CONNECT and did not count.
    `is_altered`: all arrived, and the checksum is that of others. `inserted` came that nobody sent.
    """

    window: int
    stored: int
    missing: int = 0
    inserted: int = 0
    thrown_away: int = 0
    escape: int = 0
    is_altered: bool = False


def account(data: bytes, size: int, said: Said, *, early: int = 0, late: int = 0) -> Account:
    """`data` is all that the host has sent from the end of its command to the device's line. The
    first `early` bytes came before CONNECT; the last `late` came after a pause in which the device
    would have answered, if it had had all of them before.

    Where the numbers do not decide it, the device is taken to have counted right: it takes `size`
    bytes if it gets them, and what it lacks was lost on the way.
    """
    for thrown in _thrown(data, said, early):
        rest = data[thrown:]
        is_all = len(rest) == said.count or (said.count == size and not (late and said.weak))
        if is_all and _fits(rest[: said.count], said):
            return Account(thrown + said.count, said.count, thrown_away=thrown)
    body, escape = _without_escape(data, size, said)
    if said.count > len(body):
        return Account(len(data), said.count, inserted=said.count - len(body), escape=escape)
    missing = len(body) - said.count
    return Account(
        len(data), said.count, missing, escape=escape, is_altered=not (missing or _fits(body, said))
    )


def _thrown(data: bytes, said: Said, early: int) -> Iterator[int]:
    """How many of the early bytes may not have counted: none, all, or so many that the checksum
    decides. The last of them may have been on their way at CONNECT; or an upload command of those
    before the last had not been read, and the data begins behind a later one.
    """
    yield 0
    if early:
        yield early
    if not early or said.weak:
        return
    short = len(data) - said.count
    if 0 < short < early:
        yield short
    lines = (found.end() for found in _LINE_END.finditer(data, 0, early))
    yield from islice(lines, _MOST_LINES)
    yield from range(1, min(early, _MOST_TRIED))


def _fits(data: bytes, said: Said) -> bool:
    if len(data) != said.count:
        return False
    return said.checksum is None or checksum(data) == said.checksum


def _without_escape(data: bytes, size: int, said: Said) -> tuple[bytes, int]:
    """The data without the `+++` that ended it, and how long that is."""
    is_escape = data.endswith(_ESCAPE) and said.count < size and said.count <= len(data) - 3
    return (data[:-3], 3) if is_escape else (data, 0)
