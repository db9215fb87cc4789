"""What an HTTP server is like: its files, who may have them, and what it does wrong."""

import re
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.peers.package_settings import ServedPackage
from quecsim.tls.pieces import Piece

DurationMs: TypeAlias = Annotated[int, Meta(ge=0, le=86_400_000)]
Size: TypeAlias = Annotated[int, Meta(ge=0, le=1 << 40)]
Takes: TypeAlias = Literal["answer", "echo", "store", "refuse"]
Framing: TypeAlias = Literal["length", "chunked", "close"]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(r"([!-~\x80-\uffff]([ \t!-~\x80-\uffff]*[!-~\x80-\uffff])?)?\Z")
_LOCATION = re.compile(r"[!-~]+\Z")
_OWN = ("connection", "content-length", "content-type", "location", "transfer-encoding")
"""Headers that other settings have a word for."""

CONTENT_KEYS = ("text", "base64", "drawn_bytes", "path", "authority", "firmware")


def _check_header(name: str, value: str) -> None:
    if not _TOKEN.match(name):
        raise ValueError(f"{name!r} is no name of a header")
    if not _VALUE.match(value):
        raise ValueError(f"{value!r} cannot be the value of a header")


class HttpFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is at a path of the server: an answer.

    Its content is one of: `text`; bytes as `base64`; `drawn_bytes`, which the server's seed draws,
    others for each path; a file at the `path` (from the scenario's folder), a PEM of the test
    `authority`, and a package of `firmware`: these are read with the scenario, and become
    `base64`. With `endless` the content
    comes again and again, and drawn bytes never end.

    `status` is 200, or 302 where it is a `redirect` to that location (absolute or relative, as it
    stands here). `content_type` is guessed from the path's ending. `framing` is how the client
    finds the end: by Content-Length, in chunks of `chunk_bytes`, or because the connection ends
    (left out: length; of what is endless chunked). A client that speaks HTTP/1.0 gets no chunks.
    Without `ranges` a wish for a part of it gets all of it.

    What goes wrong: the answer begins `delay_ms` late; its body takes its time at `bytes_per_s`;
    Content-Length is `says_bytes`, whatever is true; the connection `ends` with a FIN or a reset
    behind all of it, or behind `ends_after_bytes` of the body; and a `bare` content comes without
    a status line and headers, which is no HTTP.

    `takes` says what becomes of a body that is sent there by POST or PUT. answer: nothing, and the
    answer is this one. echo: it comes back, instead of the content. store: it is in this place from
    then on, 201 or 204. refuse: 405.
    """

    text: str = ""
    base64: bytes = b""
    drawn_bytes: Size = 0
    path: str | None = None
    authority: Piece | None = None
    firmware: ServedPackage | None = None
    endless: bool = False
    status: Annotated[int, Meta(ge=200, le=999)] | None = None
    redirect: str | None = None
    content_type: str | None = None
    headers: dict[str, str] = {}
    framing: Framing | None = None
    chunk_bytes: Annotated[int, Meta(ge=1, le=1 << 20)] = 4096
    ranges: bool = True
    delay_ms: DurationMs = 0
    bytes_per_s: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    says_bytes: Size | None = None
    ends_after_bytes: Size | None = None
    ends: Literal["fin", "reset"] | None = None
    bare: bool = False
    takes: Takes = "answer"

    def __post_init__(self) -> None:
        if sum(bool(getattr(self, key)) for key in CONTENT_KEYS) > 1:
            keys = ", ".join(CONTENT_KEYS[:-1])
            raise ValueError(f"its content is one of {keys} and {CONTENT_KEYS[-1]}")
        if self.says_bytes is not None and self.framing not in (None, "length"):
            raise ValueError(f'says_bytes is a length, and framing = "{self.framing}" has none')
        if self.endless and self.framing == "length" and self.says_bytes is None:
            raise ValueError("what is endless has no length: leave framing out, or set says_bytes")
        if self.bare and (self.redirect or self.headers or self.status or self.says_bytes):
            raise ValueError("what is bare has no status, headers, redirect or says_bytes")
        if self.redirect is not None and not _LOCATION.match(self.redirect):
            raise ValueError(f"redirect {self.redirect!r} is no location: no blanks, and ASCII")
        texts = {"content-type": self.content_type or "", **self.headers}
        for name, value in texts.items():
            _check_header(name, value)
        for name in self.headers:
            if name.lower() in _OWN:
                raise ValueError(f"{name} is not set by headers: it has settings of its own")

    @property
    def content(self) -> bytes:
        """`text` or `base64`, as bytes."""
        return self.base64 or self.text.encode("utf-8", "surrogateescape")


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server. What is left out makes one that has nothing, echoes POST and stores PUT.

    `files` are by path ("/a.bin"; with a query, "/a?b=1", for that query alone). Elsewhere the
    answer is `missing`, and `post` and `put` say what becomes of bodies (see `HttpFile.takes`).
    DELETE deletes what was stored. `users` are names and their passwords; where there are some,
    nobody else gets anything (401, Basic). `refuse` answers with that status, always or to the
    first `refuse_first` requests. Without `keep_alive` each connection ends behind its answer; one
    without a request does so after `idle_ms`. `server` and, with `dates`, the network's time stand
    in its headers.

    The rest bounds what it takes and keeps: `head_bytes` of a request line with its headers (431),
    `body_bytes` (413), `stored_files` with `stored_bytes` in all (507). Where `unread_bytes` of
    further requests have come before an answer is over, and on a connection beyond `connections`,
    there is a reset.
    """

    files: dict[str, HttpFile] = {}
    missing: HttpFile = HttpFile(status=404, text="There is nothing here.\n")
    post: Takes = "echo"
    put: Takes = "store"
    users: dict[str, str] = {}
    refuse: Annotated[int, Meta(ge=400, le=599)] | None = None
    refuse_first: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    keep_alive: bool = True
    idle_ms: Annotated[int, Meta(ge=1, le=86_400_000)] = 60_000
    server: str = "quecsim"
    dates: bool = True
    seed: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)] = 0
    head_bytes: Annotated[int, Meta(ge=64, le=1 << 20)] = 1 << 14
    body_bytes: Annotated[int, Meta(ge=0, le=1 << 26)] = 1 << 20
    stored_bytes: Annotated[int, Meta(ge=0, le=1 << 26)] = 1 << 22
    stored_files: Annotated[int, Meta(ge=0, le=10_000)] = 100
    unread_bytes: Annotated[int, Meta(ge=1, le=1 << 24)] = 1 << 18
    connections: Annotated[int, Meta(ge=1, le=10_000)] = 64

    def __post_init__(self) -> None:
        for path in self.files:
            if not path.startswith("/"):
                raise ValueError(f'{path!r} in files is no path: it begins with "/"')
        if self.refuse_first is not None and self.refuse is None:
            raise ValueError("refuse_first needs a status: refuse")
        for name in self.users:
            if ":" in name:
                raise ValueError(f"{name!r} in users: a name has no colon")
        _check_header("server", self.server)
