"""What an FTP server is like: who may come in, what it has, how much it keeps, and its trouble."""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.date import is_moment, parse_moment
from quecsim.peers.drawn import drawn_bytes
from quecsim.peers.ftp_path import FtpError, Path, path_of
from quecsim.peers.package_settings import ServedPackage
from quecsim.tls.pieces import Piece

DurationMs: TypeAlias = Annotated[int, Meta(ge=0, le=86_400_000)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=10_000)]
ByteCount: TypeAlias = Annotated[int, Meta(ge=0, le=1 << 26)]
Text: TypeAlias = Annotated[str, Meta(max_length=4096)]

TRANSFERS = ("RETR", "STOR", "APPE", "LIST", "NLST", "MLSD")
"""The commands that have a data connection to themselves."""

OPENERS = ("PASV", "EPSV", "PORT", "EPRT")
"""The commands that say where the next data connection is to be."""

CONTENT_KEYS = ("text", "base64", "drawn_bytes", "path", "authority", "firmware")

CONNECT = "CONNECT"
"""Stands for the moment at which somebody connects, among the commands."""

# fmt: off
COMMANDS = frozenset((
    *TRANSFERS, *OPENERS, CONNECT, "ABOR", "ALLO", "AUTH", "CDUP", "CWD", "DELE", "FEAT", "HELP",
    "MDTM", "MKD", "MLST", "MODE", "NOOP", "OPTS", "PASS", "PBSZ", "PROT", "PWD", "QUIT", "REST",
    "RMD", "RNFR", "RNTO", "SIZE", "STAT", "STRU", "SYST", "TYPE", "USER", "XMKD", "XPWD", "XRMD",
))
# fmt: on
"""All that there are (`ftp_commands`)."""


class FtpFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the server.

    Its content is one of: `text`; bytes as `base64`; `drawn_bytes`, which the server's seed draws,
    others for each file; a file at the `path` (from the scenario's folder), a PEM of the test
    `authority`, and a package of `firmware`: these are read with the scenario, and become
    `base64`. `modified` is a date, or a
    date and a time (UTC); left out: the server's start.
    """

    text: str = ""
    base64: bytes = b""
    drawn_bytes: ByteCount = 0
    path: str | None = None
    authority: Piece | None = None
    firmware: ServedPackage | None = None
    modified: str = ""

    def __post_init__(self) -> None:
        if sum(bool(getattr(self, key)) for key in CONTENT_KEYS) > 1:
            keys = ", ".join(CONTENT_KEYS[:-1])
            raise ValueError(f"its content is one of {keys} and {CONTENT_KEYS[-1]}")
        if self.modified and not is_moment(self.modified):
            raise ValueError(f"modified: {self.modified!r} is no date (2026-06-01T00:00:00Z)")

    def data(self, seed: int, path: str) -> bytes:
        """What it holds, at that path."""
        if self.drawn_bytes:
            return drawn_bytes(seed, path, 0, self.drawn_bytes)
        return self.base64 or self.text.encode("utf-8", "surrogateescape")

    @property
    def modified_s(self) -> int | None:
        """When it was written, in seconds since 1970 (UTC)."""
        return parse_moment(self.modified) if self.modified else None


class FtpTrouble(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the server does instead of what is right, at a command, or as somebody connects.

    `at` is the command (`RETR`), or `CONNECT`. The first `spare` are let go, then `times` are
    struck (None: all that come), counted over all connections.

    The answer takes `delay_ms` longer. Then, unless nothing else is said, the command is not done:
    `reply` is said, each line of it as it stands, or the bytes of `base64`; with `silent` nothing
    is, from then on. `ends` is how the control connection ends behind that. `data` "refused": the
    data connection does not come about (of PASV and the like: nobody listens there; otherwise
    425).

    With `after_bytes` a transfer begins as it should and is struck when it has moved so many bytes:
    its data connection ends (`data`; "fin" where that is left out), and `reply` is said (426, where
    that is left out). With `silent` it stands still instead.
    """

    at: Annotated[str, Meta(pattern=r"^[A-Z]{3,7}\Z", description="a command: RETR")]
    spare: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    times: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    after_bytes: ByteCount | None = None
    delay_ms: DurationMs = 0
    reply: Text = ""
    base64: Annotated[bytes, Meta(max_length=1 << 16)] = b""
    silent: bool = False
    ends: Literal["fin", "reset"] | None = None
    data: Literal["refused", "fin", "reset"] | None = None

    def __post_init__(self) -> None:
        if bool(self.reply) + bool(self.base64) + self.silent > 1:
            raise ValueError("trouble has one of reply, base64 and silent")
        _check_command(self.at)
        is_transfer = self.at in TRANSFERS
        if self.after_bytes is not None and not is_transfer:
            raise ValueError(f"{self.at} moves no bytes: after_bytes is for {_list(TRANSFERS)}")
        if self.data == "refused" and (
            self.after_bytes is not None or self.at not in TRANSFERS + OPENERS
        ):
            raise ValueError(f'data = "refused" is for {_list(TRANSFERS + OPENERS)}, at once')
        if self.data in ("fin", "reset") and self.after_bytes is None:
            raise ValueError(f'data = "{self.data}" needs after_bytes')

    @property
    def said(self) -> bytes:
        """What is said instead of the answer; empty: nothing in particular."""
        if self.base64 or not self.reply:
            return self.base64
        lines = self.reply.removesuffix("\n").split("\n")
        text = "".join(f"{line.removesuffix(chr(13))}\r\n" for line in lines)
        return text.encode("utf-8", "surrogateescape")

    @property
    def replaces(self) -> bool:
        """Whether the command is not done at all."""
        has_more = bool(self.reply or self.base64 or self.silent or self.ends)
        return self.after_bytes is None and has_more


class FtpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server. What is left out makes one that takes everybody, and everything.

    `users` are names and their passwords; where there are some, nobody else is let in, but for
    `anonymous` where that is said. `files` are by their paths (`/fw/new.bin`), drawn bytes from
    `seed`; `folders` are those that are empty. With `read_only` nobody changes anything; `denied`
    are paths that nobody may use, with what is below them: reading is 550, writing 553.

    With `implicit` TLS comes before everything else; otherwise a server that has TLS offers it
    (AUTH TLS), and with `requires_tls` insists on it, for data connections too. With
    `session_reuse` a data connection must resume the TLS session of its control connection: no
    device does, and it gets 522.

    `pasv_address` stands in answers to PASV instead of the server's own address. Commands of
    `without` are answered with 502. `ascii`: TYPE A changes line ends; otherwise it changes
    nothing, as in most servers of today. `welcome` is what it says first, in one line or several.
    `reply_ms` is how long it takes for each command, `bytes_per_s` how fast it reads and writes
    data.

    The rest bounds what it keeps and waits for. It has at most `quota_bytes` in at most
    `most_files`: beyond that a file is cut, and `full_code` said. A data connection comes about
    within `data_wait_ms` (425), and goes on within `data_idle_ms` (426). Who is silent for
    `idle_ms` is sent away (421), and so is who comes when there are `connections`.
    """

    users: dict[str, str] = {}
    anonymous: bool = False
    files: Annotated[dict[str, FtpFile], Meta(max_length=1000)] = {}
    folders: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()
    seed: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)] = 0
    read_only: bool = False
    denied: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()
    implicit: bool = False
    requires_tls: bool = False
    session_reuse: bool = False
    pasv_address: Annotated[
        str, Meta(pattern=r"^([0-9]{1,3}(\.[0-9]{1,3}){3})?\Z", description="an IPv4 address")
    ] = ""
    without: tuple[str, ...] = ()
    ascii: bool = False
    welcome: Text = "Here is a simulated FTP server."
    reply_ms: DurationMs = 0
    bytes_per_s: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    trouble: Annotated[tuple[FtpTrouble, ...], Meta(max_length=100)] = ()
    quota_bytes: Annotated[int, Meta(ge=0, le=1 << 28)] = 1 << 24
    most_files: Count = 1000
    full_code: Literal[452, 552] = 552
    data_wait_ms: DurationMs = 60_000
    data_idle_ms: DurationMs = 300_000
    idle_ms: DurationMs = 300_000
    connections: Count = 64

    def __post_init__(self) -> None:
        if self.implicit and self.requires_tls:
            raise ValueError("implicit TLS is required anyway")
        files = {_path(name): name for name in self.files}
        for path in [*files, *map(_path, self.folders)]:
            for above in (path[:count] for count in range(1, len(path))):
                if above in files:
                    raise ValueError(f"{files[above]} cannot be a file and a folder")
        if not all(files) or len(files) < len(self.files) or set(files) & _paths(self.folders):
            raise ValueError("each file and folder needs a name of its own")
        _paths(self.denied)
        for word in self.without:
            _check_command(word)


def _check_command(word: str) -> None:
    if word not in COMMANDS:
        raise ValueError(f"{word} is no command of this server: RETR, say")


def _paths(names: tuple[str, ...]) -> set[Path]:
    return set(map(_path, names))


def _path(name: str) -> Path:
    """ValueError: that is no whole path."""
    try:
        path = path_of((), name)
    except FtpError:
        path = ()
    if not name.startswith("/") or (not path and name != "/"):
        raise ValueError(f"{name!r} is no whole path: /folder/file")
    return path


def _list(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
