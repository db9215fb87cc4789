"""A file or a listing on its way over a data connection, and how fast it goes."""

from quecsim.peers.ftp_settings import FtpTrouble
from quecsim.peers.ftp_tree import File, Tree
from quecsim.units import S

_PIECES_PER_S = 20


class Outgoing:
    """Bytes for the client. Those of a file are read as they go."""

    is_out = True

    def __init__(self, data: bytes | bytearray, offset: int = 0) -> None:
        self._data = data
        self._offset = offset

    @property
    def left(self) -> int:
        """How many are still to go."""
        return max(0, len(self._data) - self._offset)

    def take(self, count: int) -> bytes:
        """The next ones."""
        data = bytes(self._data[self._offset : self._offset + count])
        self._offset += len(data)
        return data


class Incoming:
    """Bytes for a file, from `offset` on. With `is_text` its lines end with LF alone."""

    is_out = False

    def __init__(self, tree: Tree, file: File, offset: int, is_text: bool) -> None:
        self._tree = tree
        self._file = file
        self._offset = offset
        self._is_text = is_text
        self._cr = b""  # one that waits for what comes behind it

    def put(self, data: bytes) -> bool:
        """The next ones; False: not all of them have found room."""
        if self._is_text:
            data = self._cr + data
            self._cr = data[len(data.removesuffix(b"\r")) :]
            data = data.removesuffix(b"\r").replace(b"\r\n", b"\n")
        count = self._tree.write(self._file, self._offset, data)
        self._offset += count
        return count == len(data)

    def finish(self) -> bool:
        """Nothing more comes; False: what has come does not find room."""
        data, self._cr, self._is_text = self._cr, b"", False
        return self.put(data)


class Transfer:
    """`body` on its way. It is told to have begun once its connection is there.

    `bytes_per_s` goes in pieces, at times that follow from when it began to move alone. `trouble`
    strikes after so many bytes as it says.
    """

    def __init__(
        self, body: Outgoing | Incoming, bytes_per_s: int | None, trouble: FtpTrouble | None
    ) -> None:
        self.body = body
        self.trouble = None if trouble is None or trouble.after_bytes is None else trouble
        self.is_told = False
        self.is_stalled = False
        self.moved = 0
        self.progress_ns = 0
        self.began_ns: int | None = None
        rate = bytes_per_s or 0
        self._piece = max(1, rate // _PIECES_PER_S)
        self._piece_ns = -(-self._piece * S // rate) if rate else 0

    def begin(self, now_ns: int) -> None:
        """It moves from now on."""
        self.began_ns = self.progress_ns = now_ns

    def moves(self, count: int, now_ns: int) -> None:
        """So many bytes have gone."""
        self.moved += count
        if count:
            self.progress_ns = now_ns

    @property
    def is_struck(self) -> bool:
        """Its trouble is there."""
        return self.trouble is not None and self.moved == self.trouble.after_bytes

    def budget(self, now_ns: int, count: int) -> int:
        """How many of `count` bytes may go now."""
        if self.began_ns is None or self.is_stalled:
            return 0
        if self._piece_ns:
            pieces = (now_ns - self.began_ns) // self._piece_ns
            count = min(count, pieces * self._piece - self.moved)
        if self.trouble is not None:
            assert self.trouble.after_bytes is not None
            count = min(count, self.trouble.after_bytes - self.moved)
        return count

    def due_ns(self) -> int | None:
        """When more than has moved may go, which no byte and no room has to come for; None: that is
        not a question of time.
        """
        if self.began_ns is None or self.is_stalled or not self._piece_ns:
            return None
        return self.began_ns + (self.moved // self._piece + 1) * self._piece_ns
