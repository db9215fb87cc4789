"""Unsolicited result codes wait here while a command or data mode runs."""

from collections import deque

from quecsim.profiles.schema import At


class UrcQueue:
    """A bounded queue; what does not fit is thrown away, as in the EC200U's engine."""

    __slots__ = ("_bytes", "_most_bytes", "_most_entries", "_texts")

    def __init__(self, at: At) -> None:
        self._most_entries = at.urc_queue_entries
        self._most_bytes = at.urc_queue_bytes
        self._texts: deque[str] = deque()
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._texts)

    def put(self, text: str) -> bool:
        """Queue it; False where there is no room."""
        fits = self._bytes + len(text) <= self._most_bytes
        if not fits or len(self._texts) >= self._most_entries:
            return False
        self._texts.append(text)
        self._bytes += len(text)
        return True

    def get(self) -> str:
        """The oldest."""
        text = self._texts.popleft()
        self._bytes -= len(text)
        return text

    def clear(self) -> list[str]:
        """Forget all; returns what they were."""
        texts = list(self._texts)
        self._texts.clear()
        self._bytes = 0
        return texts
