"""The fields of a packet's body: bytes, numbers, strings; and what is wrong with one."""


class Malformed(Exception):  # noqa: N818
    """Bytes that MQTT forbids: the connection they came over is to be closed. Says why."""


class TooLarge(Malformed):
    """A packet of `packet_bytes` is announced, where `most_bytes` are taken."""

    def __init__(self, packet_bytes: int, most_bytes: int) -> None:
        super().__init__(f"a packet of {packet_bytes} bytes; the most is {most_bytes}")
        self.packet_bytes = packet_bytes
        self.most_bytes = most_bytes


class UnknownLevel(Malformed):
    """A CONNECT of another protocol `level`: a broker answers with return code 1, and closes."""

    def __init__(self, level: int) -> None:
        super().__init__(f"protocol level {level}")
        self.level = level


class Fields:
    """Takes one field after the other from a packet's body.

    `flags` are those of the packet's first byte, `level` is the connection's.
    """

    __slots__ = ("_at", "_body", "flags", "level")

    def __init__(self, body: bytes, flags: int, level: int) -> None:
        self.flags = flags
        self.level = level
        self._body = body
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes are still there."""
        return len(self._body) - self._at

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        if count > self.left:
            raise Malformed("it ends within a field")
        self._at += count
        return self._body[self._at - count : self._at]

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(self.left)

    def byte(self) -> int:
        """One byte."""
        return self.take(1)[0]

    def word(self) -> int:
        """Two bytes, the higher one first."""
        return int.from_bytes(self.take(2), "big")

    def packet_id(self) -> int:
        """A packet id; 0 is none."""
        number = self.word()
        if not number:
            raise Malformed("packet id 0")
        return number

    def data(self) -> bytes:
        """Bytes behind their length."""
        return self.take(self.word())

    def text(self) -> str:
        """A string behind its length: UTF-8, and without U+0000."""
        try:
            text = self.data().decode()
        except UnicodeDecodeError as error:
            raise Malformed(f"a string that is no UTF-8 ({error.reason})") from None
        if "\0" in text:
            raise Malformed("a string with U+0000")
        return text

    def end(self) -> None:
        """Nothing follows."""
        if self.left:
            raise Malformed(f"{self.left} bytes too many")


def word(number: int) -> bytes:
    """Two bytes, the higher one first."""
    assert 0 <= number <= 0xFFFF, number
    return number.to_bytes(2, "big")


def data(content: bytes) -> bytes:
    """Bytes behind their length."""
    return word(len(content)) + content


def text(content: str) -> bytes:
    """A string behind its length. Bytes that are no UTF-8 (`os.fsdecode`) go out as they are."""
    return data(content.encode("utf-8", "surrogateescape"))
