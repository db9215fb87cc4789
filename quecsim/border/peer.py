"""Who stands on the other side of the border."""

from typing import Protocol

from quecsim.border.news import News
from quecsim.border.wish import Wish


class Peer(Protocol):
    """Answers wishes with news. Times are the model's, in nanoseconds; nothing comes too early.

    A peer in process is pure: its news follow from the wishes and their times alone.
    """

    def handle_wish(self, now_ns: int, wish: Wish) -> None:
        """A wish has arrived."""

    def deadline_ns(self) -> int | None:
        """When it has something to say by itself; None: only a wish can wake it."""

    def take_news(self, now_ns: int) -> list[News]:
        """What it says up to now, each once, in order."""
