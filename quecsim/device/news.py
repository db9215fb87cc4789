"""News from outside for the jobs that wait for some, by name; what nobody waits for yet is kept."""

from collections import deque
from typing import Any

MOST_KEPT = 64
"""News of one name that nobody has asked for: with the credit of a link there are no more."""


class Mailbox:
    """Bounded queues of news. `put` answers False where one is full: the world sends too much."""

    def __init__(self) -> None:
        self._kept: dict[str, deque[Any]] = {}

    def put(self, name: str, news: Any) -> bool:
        """Keep `news` until somebody asks."""
        queue = self._kept.setdefault(name, deque())
        if len(queue) >= MOST_KEPT:
            return False
        queue.append(news)
        return True

    def take(self, name: str) -> tuple[bool, Any]:
        """(whether there is any, the oldest)."""
        queue = self._kept.get(name)
        if not queue:
            return False, None
        news = queue.popleft()
        if not queue:
            del self._kept[name]
        return True, news

    def clear(self) -> None:
        """Nothing that came before counts any more."""
        self._kept.clear()
