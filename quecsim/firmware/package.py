"""Firmware packages: how one is built, and how a device tells a whole one from a damaged one.

    8   magic, `QSFOTA01`
    2   length of the header, big-endian
    n   header, JSON: {"source": ..., "target": ..., "payload_bytes": ...}
    m   payload, `payload_bytes` long
    16  MD5 of everything before it

docs/PACKAGE.md tells it byte by byte. MD5 guards against accidents, not against people: it is what
the modules themselves check ("FOTA firmware MD5 check error", 506).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Annotated

import msgspec
from msgspec import Meta

from quecsim.errors import QuecsimError

MAGIC = b"QSFOTA01"
_REVISION = r"[ -~]{1,80}"
_LENGTH_BYTES = 2
_MD5_BYTES = 16
_LONGEST_HEADER_BYTES = 1024
_HEAD_BYTES = len(MAGIC) + _LENGTH_BYTES + _LONGEST_HEADER_BYTES


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a whole package does: from which revision (None: from any) to which."""

    source: str | None
    target: str


class PackageHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a package says of itself."""

    source: Annotated[str, Meta(pattern=rf"\A{_REVISION}\Z")]
    target: Annotated[str, Meta(pattern=rf"\A{_REVISION}\Z")]
    payload_bytes: Annotated[int, Meta(ge=1)]


def is_revision(text: str) -> bool:
    """Whether `text` can name a revision: 1 to 80 printable ASCII characters."""
    return re.fullmatch(_REVISION, text) is not None


def build_package(payload: bytes, source: str, target: str) -> bytes:
    """The package that brings `payload`, and a device from revision `source` to `target`.

    Raises `QuecsimError` for an empty payload and for what is no revision.
    """
    if not payload:
        raise QuecsimError("the payload is empty", hint="a package needs at least one byte")
    for where, revision in (("source", source), ("target", target)):
        if not is_revision(revision):
            raise QuecsimError(
                f"{revision!r} is not a revision",
                where=where,
                hint="use 1 to 80 printable ASCII characters",
            )
    header = msgspec.json.encode(PackageHeader(source, target, len(payload)))
    body = MAGIC + len(header).to_bytes(_LENGTH_BYTES, "big") + header + payload
    return body + md5(body, usedforsecurity=False).digest()


class PackageChecker:
    """Checks a package on its way: `update` with each piece, then ask for the `result`.

    `accepted` names files that are no packages of ours, but are to pass for one: the MD5 of the
    whole file, as 32 hex digits, to the revision that it brings. It goes before what a package says
    of itself. However long the package is, the checker keeps about 1 KB of it.
    """

    __slots__ = ("_accepted", "_before_tail", "_head", "_size_bytes", "_tail")

    def __init__(self, accepted: Mapping[str, str]) -> None:
        self._accepted = {digest.lower(): target for digest, target in accepted.items()}
        self._head = b""  # the beginning, with all of the header
        self._tail = b""  # the last bytes: the MD5, if these were all
        self._before_tail = md5(usedforsecurity=False)
        self._size_bytes = 0

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Take in the next piece."""
        if len(self._head) < _HEAD_BYTES:
            self._head += bytes(data[: _HEAD_BYTES - len(self._head)])
        end = self._tail + bytes(data)
        self._before_tail.update(end[:-_MD5_BYTES])
        self._tail = end[-_MD5_BYTES:]
        self._size_bytes += len(data)

    @property
    def size_bytes(self) -> int:
        """How much there was so far."""
        return self._size_bytes

    @property
    def md5(self) -> str:
        """The MD5 of all there was so far, as 32 hex digits."""
        whole = self._before_tail.copy()
        whole.update(self._tail)
        return whole.hexdigest()

    def header(self) -> PackageHeader | None:
        """What the package says of itself, whole or not; None when it is no package of ours."""
        length = self._header_bytes()
        if not self._head.startswith(MAGIC) or not 0 < length <= _LONGEST_HEADER_BYTES:
            return None
        start = len(MAGIC) + _LENGTH_BYTES
        try:
            return msgspec.json.decode(self._head[start : start + length], type=PackageHeader)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    def surplus_bytes(self) -> int | None:
        """How many bytes too many there are by the package's own account.

        Negative: so many are missing. None: it is no package of ours.
        """
        header = self.header()
        if header is None:
            return None
        framing = len(MAGIC) + _LENGTH_BYTES + _MD5_BYTES
        return self._size_bytes - framing - self._header_bytes() - header.payload_bytes

    def result(self) -> Manifest | None:
        """What the package does, if these were all its bytes; None: it is damaged, or unknown."""
        target = self._accepted.get(self.md5)
        if target is not None:
            return Manifest(None, target)
        header = self.header()
        if header is None or self.surplus_bytes() != 0:
            return None
        if self._before_tail.digest() != self._tail:
            return None
        return Manifest(header.source, header.target)

    def _header_bytes(self) -> int:
        return int.from_bytes(self._head[len(MAGIC) : len(MAGIC) + _LENGTH_BYTES], "big")
