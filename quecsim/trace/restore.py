"""A record whose payload is hidden, with the payload: what `quecsim.trace.redact` took out of it.

The payload's files are looked through for what the digests name: where the last piece has ended,
from a file's beginning, and then anywhere in it.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from quecsim.trace.redact import is_hidden_file

_MOST_WORK_BYTES = 1 << 31  # for one piece, looked for everywhere
_HINT = "give what the host uploaded: quecsim replay TRACE --payload FILE (again for each file)"


def is_hidden(record: Iterable[ev.Event]) -> bool:
    """Whether the record lacks something that it was made without."""
    return any(
        (isinstance(event, ev.HostBytes) and bool(event.hidden))
        or (isinstance(event, ev.Start) and any(map(is_hidden_file, _files(event).values())))
        for event in record
    )


def without_digests(record: Iterable[ev.Event]) -> list[ev.Event]:
    """The events of the run itself."""
    return [event for event in record if not isinstance(event, ev.PayloadDigest)]


def restored(record: Sequence[ev.Event], payloads: Sequence[bytes]) -> list[ev.Event]:
    """The events of the run, the host's bytes and the files as they were; what the device said and
    did stays hidden. Raises QuecsimError where the payload is not the one.
    """
    finder = _Finder(payloads)
    pieces = iter(_pieces(record))
    left = b""
    whole: list[ev.Event] = []
    for event in without_digests(record):
        if isinstance(event, ev.HostBytes) and event.hidden:
            data = bytearray(event.data)
            for start, count in event.hidden:
                while len(left) < count:
                    left += finder.find(*next(pieces))
                data[start : start + count] = left[:count]
                left = left[count:]
            whole.append(replace(event, data=bytes(data), hidden=()))
        elif isinstance(event, ev.Start):
            whole.append(_with_files(event, finder))
        else:
            whole.append(event)
    return whole


def _pieces(record: Iterable[ev.Event]) -> Iterator[tuple[int, str, int]]:
    """(bytes, digest, place in the host's stream) of what is hidden, piece by piece."""
    count, offset = 0, 0
    for event in record:
        if isinstance(event, ev.HostBytes) and event.hidden:
            offset = offset if count else event.offset + event.hidden[0][0]
            count += sum(hidden for _, hidden in event.hidden)
            if any(start + many > len(event.data) for start, many in event.hidden):
                raise _damaged()
        elif isinstance(event, ev.PayloadDigest):
            if event.count != count:
                raise _damaged()
            yield count, event.sha256, offset
            count = 0
    if count:  # the record was cut short
        yield count, "", offset


class _Finder:
    """The payload's files, and where in them the last piece has ended."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._payloads = payloads
        self._file, self._at = 0, 0

    def find(self, count: int, digest: str, offset: int) -> bytes:
        """The piece. Raises QuecsimError."""
        if not self._payloads:
            raise QuecsimError("the record holds digests in place of the payload", hint=_HINT)
        for file, at in self._places(count, everywhere=bool(digest)):
            piece = self._payloads[file][at : at + count]
            if len(piece) == count and digest in ("", sha256(piece).hexdigest()):
                self._file, self._at = file, at + count
                return piece
        raise QuecsimError(
            f"the payload given has nothing like the {count} bytes that the host wrote from byte "
            f"{offset} on",
            hint=_HINT,
        )

    def file(self, told: str) -> bytes:
        """A file that was there before. Raises QuecsimError."""
        _, count, digest = told.split(" ")
        for data in self._payloads:
            if len(data) == int(count) and digest in ("", sha256(data).hexdigest()):
                return data
        raise QuecsimError(
            f"the run began with a file of {count} bytes that is not in the record", hint=_HINT
        )

    def _places(self, count: int, *, everywhere: bool) -> Iterator[tuple[int, int]]:
        yield self._file, self._at
        for file in range(len(self._payloads)):
            yield file, 0
        for file, data in enumerate(self._payloads):
            if everywhere and (len(data) - count) * count <= _MOST_WORK_BYTES:
                for at in range(1, len(data) - count + 1):
                    yield file, at


def _files(start: ev.Start) -> dict[str, Any]:
    files: dict[str, Any] = start.config.get("contents", {})
    return files


def _with_files(start: ev.Start, finder: _Finder) -> ev.Start:
    if not any(map(is_hidden_file, _files(start).values())):
        return start
    contents = {
        name: b64encode(finder.file(data)).decode() if is_hidden_file(data) else data
        for name, data in _files(start).items()
    }
    return replace(start, config={**start.config, "contents": contents})


def _damaged() -> QuecsimError:
    return QuecsimError(
        "what is said to be hidden does not fit together",
        hint="the file was changed, or damaged, after it was written",
    )
