"""What people are told of a device's real network: each thing once, and not without end."""

from collections.abc import Callable

from quecsim.border import Failed, News, Open, Opened, Ping, Resolve, Why, Wish
from quecsim.errors import printable
from quecsim.live.network.link import Link
from quecsim.live.network.routes import place

_MOST_TOLD = 200  # a device that tries one name after another does not fill the user's screen

# What the user may be able to mend: the sentence ends with the place.
_NOT_REACHED = frozenset((Why.DNS, Why.REFUSED, Why.UNREACHABLE, Why.TIMEOUT))


class Telling:
    """`tell` gets sentences."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[tuple[object, ...]] = set()

    def once(self, text: str, *about: object) -> None:
        """Tell it, unless something was told with the same `about`."""
        if about not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(about)
            self._tell(text)

    def refused(self, where: tuple[str, int], what: str) -> None:
        """The device wanted to reach something that nothing gives it."""
        text = f"the device wanted {_place(where)}, which nothing gives it: {what}"
        self.once(text, where, "")

    def never(self, wish: Wish, what: str) -> None:
        """What the device wanted leads to where nobody goes."""
        where = place_of(wish)
        self.once(f"the device wanted {_place(where)}, but {what}", where, "")

    def listens(self, port: int, protocol: str, at: tuple[str, int]) -> None:
        """The device can be called."""
        what = "UDP port" if protocol == "udp" else "port"
        self.once(f"the device's {what} {port} is at {_place(at)}", port, protocol, at)

    def cannot_listen(self, port: int, why: str) -> None:
        """It cannot."""
        self.once(f"the device cannot listen at its port {port}: {why}", port, why)

    def heard(self, link: Link, news: News) -> None:
        """What became of a link."""
        where = place_of(link.wish)
        there = _place(where)
        if link.reached and (at := place(link.reached, link.port)) != there:
            there += f" at {at}"
        if isinstance(news, Opened):
            self.once(f"the device has reached {there}", where, Opened.__name__)
        elif isinstance(news, Failed) and news.why in _NOT_REACHED:
            text = f"the device has not reached {there}: {news.detail}"
            self.once(text, where, news.why)


def place_of(wish: Wish) -> tuple[str, int]:
    """Where a wish leads, as the device has it; port 0: to a host as such."""
    if isinstance(wish, Open):
        return wish.host, wish.port
    return (wish.host, 0) if isinstance(wish, Resolve | Ping) else ("", 0)


def _place(where: tuple[str, int]) -> str:
    return place(*where) if where[1] else printable(where[0])
