"""What people are told of a device's real network: each thing once, and not without end."""

from collections.abc import Callable

from quecsim.border import (
    Closed,
    Failed,
    Listening,
    News,
    Open,
    Opened,
    Ping,
    Pong,
    Resolve,
    Resolved,
    Secured,
    Why,
    Wish,
)
from quecsim.errors import printable
from quecsim.live.network.link import Link
from quecsim.live.network.routes import place

_MOST_TOLD = 200  # a device that tries one name after another does not fill the user's screen

# What the user may be able to mend: the sentence ends with the place.
_NOT_REACHED = frozenset((Why.DNS, Why.REFUSED, Why.UNREACHABLE, Why.TIMEOUT))


class Telling:
    """`tell` gets sentences. `note` hears what became of each link, each time."""

    def __init__(
        self, tell: Callable[[str], None], note: Callable[[str], None] | None = None
    ) -> None:
        self._tell = tell
        self._note = note
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

    def heard(self, link: Link | None, news: News) -> None:
        """What became of a link; None: it never was one."""
        text = _fate(news)
        if self._note is not None and text:
            there = "" if link is None else _place(place_of(link.wish))
            self._note(f"link {news.link}{there and f', {there}'}: {text}")
        if link is None:
            return
        where = place_of(link.wish)
        there = _place(where)
        if link.reached and (at := place(link.reached, link.port)) != there:
            there += f" at {at}"
        if isinstance(news, Opened):
            self.once(f"the device has reached {there}", where, Opened.__name__)
        elif isinstance(news, Failed) and news.why in _NOT_REACHED:
            text = f"the device has not reached {there}: {news.detail}"
            self.once(text, where, news.why)


def _fate(news: News) -> str:
    """What is new, unless its packets say so."""
    if isinstance(news, Opened | Secured):
        return f"open, {news.version}, {news.suite}" if news.version else ""
    if isinstance(news, Failed | Closed):
        what = "failed" if isinstance(news, Failed) else "closed"
        file = f" ({news.file})" if news.file else ""
        return f"{what}: {news.why}{file}" + (f": {news.detail}" if news.detail else "")
    if isinstance(news, Resolved):
        return f"its addresses are {', '.join(news.addresses)}"
    if isinstance(news, Pong):
        return f"an echo from {news.address}"
    return f"the device listens at its port {news.port}" if isinstance(news, Listening) else ""


def place_of(wish: Wish) -> tuple[str, int]:
    """Where a wish leads, as the device has it; port 0: to a host as such."""
    if isinstance(wish, Open):
        return wish.host, wish.port
    return (wish.host, 0) if isinstance(wish, Resolve | Ping) else ("", 0)


def _place(where: tuple[str, int]) -> str:
    return place(*where) if where[1] else printable(where[0])
