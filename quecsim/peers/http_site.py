"""What an HTTP server has, and gives to whom: from requests to answers."""

from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from urllib.parse import unquote

from msgspec.structs import replace

from quecsim.peers.http_answer import Answer, Request, answer, http_date, part_of
from quecsim.peers.http_content import Content, content_of
from quecsim.peers.http_settings import HttpFile, HttpSettings, Takes
from quecsim.peers.http_view import WebRequest
from quecsim.units import S

_MOST_REQUESTS = 200  # that are remembered
_READS = ("GET", "HEAD")
_WRITES = ("POST", "PUT")
_TYPES = {
    "bin": "application/octet-stream",
    "css": "text/css",
    "htm": "text/html",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "pem": "application/x-pem-file",
    "txt": "text/plain",
    "xml": "text/xml",
}
_OTHER_TYPE = "application/octet-stream"


class Site:
    """The files of `settings`, and those that clients have stored; the last `requests` to any.
    `clock_s` is the time (seconds
    since 1970, UTC) when the model's time begins; None: nobody knows it.
    """

    def __init__(self, settings: HttpSettings, clock_s: int | None = None) -> None:
        self._settings = settings
        self._clock_s = clock_s
        self._stored: dict[str, tuple[bytes, str]] = {}
        self._refused = 0
        self.requests: deque[WebRequest] = deque(maxlen=_MOST_REQUESTS)

    @property
    def stored(self) -> Mapping[str, bytes]:
        """What clients have stored, by path."""
        return {path: data for path, (data, _) in self._stored.items()}

    def objection(self, now_ns: int, request: Request) -> Answer | None:
        """The answer to a request whose body need not come, as it is refused anyway."""
        if not self._is_let_in(request):
            return self.error(now_ns, 401, request, is_last=True)
        if self._takes(request) == "refuse":
            return self.error(now_ns, 405, request, is_last=True)
        return None

    def keeps_body(self, request: Request) -> bool:
        """Whether the answer needs what comes with it."""
        return self._takes(request) in ("echo", "store")

    def answer(self, now_ns: int, request: Request) -> Answer:
        """The answer, once the body is there."""
        settings = self._settings
        if settings.refuse is not None and (
            settings.refuse_first is None or self._refused < settings.refuse_first
        ):
            self._refused += 1
            return self.error(now_ns, settings.refuse, request)
        if not self._is_let_in(request):
            return self.error(now_ns, 401, request)
        if request.method in _READS:
            return self._read(now_ns, request)
        if request.method in _WRITES:
            return _WRITE[self._takes(request)](self, now_ns, request)
        if request.method == "DELETE" and self._settings.put == "store":
            return self._delete(now_ns, request)
        return self.error(now_ns, 405, request)

    def error(
        self, now_ns: int, status: int, request: Request | None = None, *, is_last: bool = False
    ) -> Answer:
        """An answer that says no. Without a request that could be read, the connection ends."""
        headers = {}
        if status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="quecsim"'
        elif status == 405:
            headers["Allow"] = "GET, HEAD, POST, PUT"
        file = HttpFile(status=status, headers=headers)
        asked = request or Request("GET", "*", is_last=True)
        return self._plain(now_ns, asked, file, is_last=is_last)

    def _is_let_in(self, request: Request) -> bool:
        users = self._settings.users
        if not users:
            return True
        scheme, _, given = (request.header("authorization") or "").partition(" ")
        tokens = (b64encode(f"{name}:{users[name]}".encode()).decode() for name in users)
        return scheme.lower() == "basic" and given.strip() in tokens

    def _find(self, target: str) -> tuple[str, HttpFile] | None:
        """What is there: as it was asked for, without the query, and as a person writes it."""
        files = self._settings.files
        path = target.partition("?")[0]
        for name in (target, path, unquote(path, errors="surrogateescape")):
            if name in files:
                return name, files[name]
        return None

    def _takes(self, request: Request) -> Takes:
        """What becomes of the body that is sent there."""
        if request.method not in _WRITES:
            return "answer"
        found = self._find(request.target)
        if found is not None:
            return found[1].takes
        return self._settings.post if request.method == "POST" else self._settings.put

    def _read(self, now_ns: int, request: Request) -> Answer:
        path = plain_path(request.target)
        name, file = self._find(request.target) or (path, None)
        if path in self._stored:
            data, kind = self._stored[path]
            file = _replaced(file or HttpFile(), kind)
            return self._file(now_ns, request, file, Content(len(data), data))
        if file is None:
            file = self._settings.missing
        return self._file(now_ns, request, file, content_of(file, name, self._settings.seed), name)

    def _file(
        self, now_ns: int, request: Request, file: HttpFile, content: Content, path: str = ""
    ) -> Answer:
        """The file, or the part of it that is asked for."""
        if file.content_type is None:
            file = _typed(file, content, path)
        headers, size_bytes = self._headers(now_ns), content.size_bytes
        status, part = file.status, None
        if file.ranges and size_bytes is not None and status in (None, 200) and not file.redirect:
            headers.append(("Accept-Ranges", "bytes"))
            wanted = request.header("range") if request.method == "GET" else None
            if wanted is not None and request.header("if-range") is None:
                try:
                    part = part_of(wanted, size_bytes)
                except ValueError:
                    refused = HttpFile(
                        status=416, headers={"Content-Range": f"bytes */{size_bytes}"}
                    )
                    return self._plain(now_ns, request, refused)
        if part is not None:
            status = 206
            headers.append(("Content-Range", f"bytes {part[0]}-{part[1] - 1}/{size_bytes}"))
        is_last = request.is_last or not self._settings.keep_alive
        return answer(file, content, request, headers, status=status, part=part, is_last=is_last)

    def _plain(
        self, now_ns: int, request: Request, file: HttpFile, *, is_last: bool = False
    ) -> Answer:
        is_last = is_last or request.is_last or not self._settings.keep_alive
        content = Content(len(file.content), file.content)
        return answer(file, content, request, self._headers(now_ns), is_last=is_last)

    def _headers(self, now_ns: int) -> list[tuple[str, str]]:
        headers = []
        if self._settings.server:
            headers.append(("Server", self._settings.server))
        if self._settings.dates and self._clock_s is not None:
            headers.append(("Date", http_date(self._clock_s + now_ns // S)))
        return headers

    # bodies

    def _echo(self, now_ns: int, request: Request) -> Answer:
        file = (self._find(request.target) or ("", HttpFile()))[1]
        if file.content_type is None:
            file = _replaced(file, request.header("content-type") or _OTHER_TYPE)
        return self._file(now_ns, request, file, Content(len(request.body), request.body))

    def _store(self, now_ns: int, request: Request) -> Answer:
        path, settings = plain_path(request.target), self._settings
        before = self._stored.get(path)
        others = sum(len(data) for data, _ in self._stored.values()) - len((before or (b"",))[0])
        is_full = before is None and len(self._stored) >= settings.stored_files
        if is_full or others + len(request.body) > settings.stored_bytes:
            return self.error(now_ns, 507, request)
        is_new = before is None and self._find(request.target) is None
        self._stored[path] = request.body, request.header("content-type") or ""
        file = (self._find(request.target) or ("", HttpFile()))[1]
        told = HttpFile(status=201 if is_new else 204, delay_ms=file.delay_ms, headers=file.headers)
        return self._plain(now_ns, request, told)

    def _delete(self, now_ns: int, request: Request) -> Answer:
        if self._stored.pop(plain_path(request.target), None) is not None:
            return self._plain(now_ns, request, HttpFile(status=204))
        return self.error(now_ns, 405 if self._find(request.target) else 404, request)

    def _take(self, now_ns: int, request: Request) -> Answer:
        return self._read(now_ns, request)

    def _refuse(self, now_ns: int, request: Request) -> Answer:
        return self.error(now_ns, 405, request)


_WRITE = {
    "answer": Site._take,
    "echo": Site._echo,
    "store": Site._store,
    "refuse": Site._refuse,
}


def plain_path(target: str) -> str:
    """The path of a target, without its query, as a person writes it."""
    return unquote(target.partition("?")[0], errors="surrogateescape")


def _typed(file: HttpFile, content: Content, path: str) -> HttpFile:
    """The file, with what its path's ending says of its type."""
    if not content.size_bytes and not file.endless:
        return file
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    other = "text/plain" if file.text else _OTHER_TYPE
    return _replaced(file, _TYPES.get(ending, other))


def _replaced(file: HttpFile, content_type: str) -> HttpFile:
    return replace(file, content_type=content_type or None)
