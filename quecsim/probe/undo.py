"""What a probe has changed on the module, and how each of it is put back: the last change first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Action: TypeAlias = Callable[[], bool]
"""Puts one thing back; whether that is done."""


@dataclass(frozen=True, slots=True)
class Undo:
    """`words` say for people what is put back: `echo on (ATE1)`."""

    words: str
    action: Action


def _nothing() -> None:
    """Nothing is to be done first."""


class UndoList:
    """What is to be put back yet."""

    def __init__(self) -> None:
        self._undos: list[Undo] = []

    def __len__(self) -> int:
        return len(self._undos)

    def words(self) -> list[str]:
        """In words, what is to be put back yet, the last one first."""
        return [undo.words for undo in reversed(self._undos)]

    def add(self, undo: Undo) -> None:
        """Something is about to be changed."""
        self._undos.append(undo)

    def down_to(
        self, count: int, put_back: Callable[[Undo], None], before: Callable[[], None] = _nothing
    ) -> None:
        """Have `put_back` do all but the first `count`, the last one first.

        Where there is any, `before` is done first.
        """
        if len(self._undos) > count:
            before()
        while len(self._undos) > count:
            undo = self._undos[-1]
            put_back(undo)
            self._undos.remove(undo)  # afterwards: one that was interrupted is done again
