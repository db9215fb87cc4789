"""Who has a port open, and who has asked for it alone."""


class Openers:
    """The programs that have a port open: any objects, told apart by what they are."""

    __slots__ = ("_locker", "_openers")

    def __init__(self) -> None:
        self._openers: list[object] = []
        self._locker: object = None

    def __bool__(self) -> bool:
        return bool(self._openers)

    def add(self, opener: object) -> None:
        """It opens the port."""
        self._openers.append(opener)

    def remove(self, opener: object) -> None:
        """It closes the port."""
        self._openers = [other for other in self._openers if other is not opener]
        if self._locker is opener:
            self._locker = None

    def clear(self) -> None:
        """The port is gone."""
        self._openers.clear()

    def lock(self, opener: object, *, is_exclusive: bool) -> bool:
        """Ask for the port alone, or give that up; False where another program has asked first."""
        if is_exclusive and self._locker not in (None, opener):
            return False
        if is_exclusive or self._locker is opener:
            self._locker = opener if is_exclusive else None
        return True
