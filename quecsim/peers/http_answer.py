"""An HTTP server's answer: its head, its body piece by piece, and what goes wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from quecsim.border import Why
from quecsim.date import day_text
from quecsim.peers.http_content import Content
from quecsim.peers.http_settings import Framing, HttpFile
from quecsim.units import ms

_PIECE_BYTES = 4096
_WEEKDAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")  # 1970 began on a Thursday
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks. Names of headers are in lower case."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]] = ()
    is_1_1: bool = True
    body: bytes = b""
    is_last: bool = False  # the client wants the connection to end

    def header(self, name: str) -> str | None:
        """The value of the first header of that name."""
        return next((value for known, value in self.headers if known == name), None)


@dataclass(slots=True)
class Answer:
    """`head`, then what `body` gives, at `bytes_per_s` where that is set; then it `ends`."""

    head: bytes
    body: Iterator[bytes] = field(default_factory=lambda: iter(()))
    status: int = 0
    delay_ns: int = 0
    bytes_per_s: int | None = None
    ends: Why | None = None


def answer(
    file: HttpFile,
    content: Content,
    request: Request,
    general: Sequence[tuple[str, str]] = (),
    *,
    status: int | None = None,
    part: tuple[int, int] | None = None,
    is_last: bool = False,
) -> Answer:
    """`file` with that `content`; of it only the `part` from a byte up to another.

    `general` are headers of the server. The connection ends behind it, where it `is_last`.
    """
    status = status or file.status or (302 if file.redirect else 200)
    start, stop = part or (0, content.size_bytes)
    size_bytes = None if stop is None else stop - start
    framing = _framing(file, request)
    ends = Why(file.ends) if file.ends else None
    if ends is None and (
        is_last or framing == "close" or file.bare or file.ends_after_bytes is not None
    ):
        ends = Why.FIN
    has_body = request.method != "HEAD" and status not in _WITHOUT_BODY
    body = _body(file, content, start, stop, framing) if has_body else iter(())
    headers = list(general)
    if file.redirect is not None:
        headers.append(("Location", file.redirect))
    headers += file.headers.items()
    if file.content_type and status not in _WITHOUT_BODY:
        headers.append(("Content-Type", file.content_type))
    if framing == "length" and status not in _WITHOUT_BODY:
        said = size_bytes if file.says_bytes is None else file.says_bytes
        headers.append(("Content-Length", str(said)))
    elif framing == "chunked" and status not in _WITHOUT_BODY:
        headers.append(("Transfer-Encoding", "chunked"))
    if ends is not None and file.ends is None and file.ends_after_bytes is None:
        headers.append(("Connection", "close"))
    head = b"" if file.bare else head_bytes(status, headers)
    return Answer(head, body, status, ms(file.delay_ms), file.bytes_per_s, ends)


def head_bytes(status: int, headers: Sequence[tuple[str, str]]) -> bytes:
    """A status line, and headers."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("utf-8", "surrogateescape")


def http_date(seconds: int) -> str:
    """`Sun, 06 Jan 1980 00:00:00 GMT`, of seconds since 1970 (UTC)."""
    year, month, day = day_text(seconds).split("-")
    days, rest = divmod(seconds, 86_400)
    time = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{_WEEKDAYS[days % 7]}, {day} {_MONTHS[int(month) - 1]} {year} {time} GMT"


def part_of(wanted: str, size_bytes: int) -> tuple[int, int] | None:
    """What a Range header asks for: from a byte up to another. None: it asks for nothing that there
    is a part for (several, or no bytes), and gets all. ValueError: there are no such bytes.
    """
    unit, _, ranges = wanted.partition("=")
    first, dash, last = ranges.strip().partition("-")
    is_number = (first or last).isdecimal() and (not (first and last) or last.isdecimal())
    if unit.strip().lower() != "bytes" or not dash or not is_number or not wanted.isascii():
        return None
    if not first:
        start, stop = max(0, size_bytes - int(last)), size_bytes
    else:
        start, stop = int(first), min(size_bytes, int(last) + 1 if last else size_bytes)
        if last and int(last) < start:
            return None
    if start >= stop:
        raise ValueError(wanted)
    return start, stop


def _framing(file: HttpFile, request: Request) -> Framing:
    framing = file.framing
    if framing is None:
        framing = "chunked" if file.endless and file.says_bytes is None else "length"
    return "close" if framing == "chunked" and not request.is_1_1 else framing


def _body(
    file: HttpFile, content: Content, start: int, stop: int | None, framing: Framing
) -> Iterator[bytes]:
    """The body as it goes out, up to where the file says that it breaks off."""
    is_chunked = framing == "chunked" and not file.bare
    most = file.chunk_bytes if is_chunked else _PIECE_BYTES
    cut = None if file.ends_after_bytes is None else start + file.ends_after_bytes
    at = start
    while (stop is None or at < stop) and (cut is None or at < cut):
        count = most if stop is None else min(most, stop - at)
        if is_chunked:
            yield b"%x\r\n" % count
        data = content.piece(at, count if cut is None else min(count, cut - at))
        at += len(data)
        yield data
        if cut is not None and at >= cut and (stop is None or at < stop):
            return
        if is_chunked:
            yield b"\r\n"
    if is_chunked and (cut is None or (stop is not None and cut > stop)):
        yield b"0\r\n\r\n"
