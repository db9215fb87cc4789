"""Where bytes were in the host's stream, when some between them may be lost."""


class Spans:
    """A list of (offset, count) in the order of the stream; neighbours are joined."""

    __slots__ = ("_spans",)

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def add(self, offset: int, count: int) -> None:
        """`count` bytes from `offset` on."""
        if self._spans:
            start, length = self._spans[-1]
            if start + length == offset:
                self._spans[-1] = (start, length + count)
                return
        self._spans.append((offset, count))

    def pop(self, count: int) -> list[tuple[int, int]]:
        """Remove the last `count` bytes; returns where they were."""
        gone: list[tuple[int, int]] = []
        while count:
            offset, length = self._spans.pop()
            part = min(count, length)
            if part < length:
                self._spans.append((offset, length - part))
            gone.append((offset + length - part, part))
            count -= part
        return gone[::-1]

    def take(self) -> list[tuple[int, int]]:
        """All of them; none are left."""
        spans, self._spans = self._spans, []
        return spans
