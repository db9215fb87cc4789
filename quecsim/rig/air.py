"""Between the device and its network: the link model, faults, and whoever answers on the far side.

What the device wishes leaves on its way up; when it is there, the peer has it. What the peer says
is an input of the run (`NewsCame`), goes on its way down, and reaches the device when it is there.
A run without a peer is one whose news come from its record. Faults stand at the far end
(`quecsim.faults.places.network`), so that what they keep from a peer is missing in its record, too.
"""

from collections import Counter
from collections.abc import Callable

from quecsim.border import (
    Begin,
    Closed,
    Data,
    Ended,
    Failed,
    News,
    Peer,
    Pong,
    Resolved,
    Send,
    Shut,
    Why,
    Wish,
)
from quecsim.device import Device
from quecsim.errors import QuecsimError
from quecsim.faults.places.network import NetworkFaults
from quecsim.link import LinkModel, Pace
from quecsim.profiles.schema import Profile
from quecsim.rig.far_link import FarLink, Stage
from quecsim.trace.event import NewsCame
from quecsim.trace.recorder import Recorder
from quecsim.units import ms


class Air:
    """The far side of a device's links. `peer` None: nobody answers by itself.

    It is the `network` of the faults (`quecsim.faults.places.network.Network`).
    """

    def __init__(
        self,
        device: Device,
        pace: Pace,
        peer: Peer | None,
        record: Recorder,
        seed: int,
        points: Counter[str],
    ) -> None:
        """`points` counts what faults could hit."""
        self.model = LinkModel(pace, seed)
        self.tap: Callable[[int, Wish], None] | None = None  # hears what reaches the peer
        self.near_tap: Callable[[int, Wish | News], None] | None = None  # what crosses the border
        self.faults = NetworkFaults(points)
        self._device = device
        self._peer = peer
        self._record = record
        # Until the device has shut them, or knows that they fail; and those that were cut on the
        # way, until the device's own word of the end is there.
        self._lines: dict[int, FarLink] = {}
        self._cut: set[int] = set()
        self._silent: set[int] = set()  # of those: nobody is told anything
        self._leaving: set[int] = set()  # the device's word of the end is on its way
        self._due_ns: int | None = None  # when the peer has something to say; until it is told more
        self._is_due_known = False
        self._seen_ns = 0  # when something last came from the device, or went to it

    @property
    def is_used(self) -> bool:
        """There is something on its way, or somebody who may speak."""
        return bool(self._lines) or self.model.is_busy

    def follow(self, now_ns: int) -> None:
        """Take what the device wishes."""
        self._seen_ns = now_ns
        for wish in self._device.take_wishes():
            if self.near_tap is not None:
                self.near_tap(now_ns, wish)
            if isinstance(wish, Begin):
                self._lines[wish.link] = FarLink(wish)
            elif isinstance(wish, Shut):
                line = self._lines.pop(wish.link, None)
                if line is not None and line.stage is not Stage.OVER:
                    self._leaving.add(wish.link)
                self.model.forget(wish.link)
            if isinstance(wish, Send):
                self.model.up.given += len(wish.data)
            self.model.ask(now_ns, wish)

    def next_ns(self) -> int | None:
        """When something arrives, at either end."""
        return self.model.next_ns()

    def act(self, now_ns: int) -> None:
        """Something arrives: at equal times news before wishes."""
        self._seen_ns = now_ns
        if self.model.next_news_ns() == now_ns:
            news = self.model.take_news()
            if isinstance(news, Data):
                self.model.down.arrived += len(news.data)
            elif isinstance(news, Failed | Resolved | Pong | Ended):
                self._lines.pop(news.link, None)
                self._cut.discard(news.link)
                self.model.drop(news.link)
            if self.near_tap is not None:
                self.near_tap(now_ns, news)
            self._device.hear(now_ns, news)
            return
        wish = self.model.take_wish()
        is_over = self._is_over(wish.link)
        if isinstance(wish, Shut):
            self._take_leave(now_ns, wish)
        gets_through = self._gets_through(now_ns, wish)
        if isinstance(wish, Send):
            self._book_sent(
                len(wish.data), "nobody" if is_over else "fault", gets_through=gets_through
            )
        if gets_through:
            self._tell_peer(now_ns, wish)

    def _take_leave(self, now_ns: int, wish: Shut) -> None:
        """The device's word of the end is there; unless nothing gets through, it hears of that."""
        is_silent = wish.link in self._silent
        self._leaving.discard(wish.link)
        self._silent.discard(wish.link)
        if wish.is_told and is_silent:
            self.model.drop(wish.link)
        elif wish.is_told:
            self.model.hear(now_ns, Ended(wish.link))

    def _is_over(self, link: int) -> bool:
        """Nobody hears what is sent there any more, by whomever it was ended."""
        if link in self._cut:
            return True
        line = self._lines.get(link)
        return link not in self._leaving if line is None else line.stage is Stage.OVER

    def _book_sent(self, count: int, cause: str, *, gets_through: bool) -> None:
        if gets_through and cause != "nobody":
            self.model.up.arrived += count
        else:
            self.model.up.lose(cause, count)

    def _gets_through(self, now_ns: int, wish: Wish) -> bool:
        """A wish is at the far end; False where a fault keeps it from the peer."""
        link = wish.link
        if isinstance(wish, Shut):
            self._cut.discard(link)
            held = self.faults.held_bytes(link)
            self.model.down.on_way -= held
            self.model.down.lose("nobody", held)
            self.faults.forget(link)
            return True
        if link in self._cut:
            return False
        line = self._lines.get(link)
        if line is None or line.stage is Stage.OVER:
            return True
        line.reach(wish, self._lines)
        return self.faults.reach(now_ns, wish)

    # the peer, which is outside: what it says comes last at its time

    def peer_ns(self) -> int | None:
        """When the peer has something to say by itself. Before there was a link nobody asked."""
        if not self._is_due_known:
            self._due_ns = None if self._peer is None else self._peer.deadline_ns()
            self._is_due_known = True
        due_ns = self._due_ns
        return None if due_ns is None else max(due_ns, self._seen_ns)

    def _tell_peer(self, now_ns: int, wish: Wish) -> None:
        if self.tap is not None:
            self.tap(now_ns, wish)
        if self._peer is not None:
            self._is_due_known = False
            self._peer.handle_wish(now_ns, wish)

    def look(self, now_ns: int) -> None:
        """Take what the peer has to say by now."""
        assert self._peer is not None
        self._is_due_known = False
        for news in self._peer.take_news(now_ns):
            self.hear(now_ns, news)

    def hear(self, now_ns: int, news: News) -> None:
        """The peer says something: an input. Behind as much as it may send the link ends."""
        self._record.add(NewsCame(now_ns, news))
        line, down = self._lines.get(news.link), self.model.down
        count = len(news.data) if isinstance(news, Data) else 0
        down.given += count
        if line is None or news.link in self._cut or not line.admits(news):
            down.lose("nobody", count)
            return
        surplus = 0
        if isinstance(news, Data):
            surplus = max(0, count - line.credit_bytes)
            if surplus:
                news = Data(news.link, news.data[: line.credit_bytes], news.source)
            down.lose("credit", surplus)
        line.say(news)
        passed, held = 0, self.faults.held_bytes(news.link)
        for each in self.faults.leave(now_ns, news):
            passed += len(each.data) if isinstance(each, Data) else 0
            self._pass_down(now_ns, each)
        more_held = self.faults.held_bytes(news.link) - held
        down.on_way += more_held
        down.lose("fault", count - surplus - passed - more_held)
        if surplus:
            why = "the peer sent more than the device takes"
            self.say(now_ns, Closed(news.link, Why.RESET, why))

    def end(self, now_ns: int, link: int, why: Why) -> None:
        """Somebody on the way ends a link: word of it is an input, and the peer hears of it, too.

        Raises QuecsimError where there is no such link, or nothing more comes of it.
        """
        line = self._lines.get(link)
        if line is None or line.stage is Stage.OVER:
            there = [str(each) for each, one in self._lines.items() if one.stage is not Stage.OVER]
            hint = f"it has: {', '.join(there)}" if there else "it has none"
            raise QuecsimError(f"the device has no connection {link} that could end", hint=hint)
        kind = Closed if line.stage is Stage.OPEN else Failed
        self.hear(now_ns, kind(link, why, "somebody on the way ended it"))
        self._cut.add(link)
        self._tell_peer(now_ns, Shut(link, is_abort=why is Why.RESET))
        if self._peer is not None:
            self.look(now_ns)

    # what faults do (quecsim.faults.places.network.Network)

    @property
    def links(self) -> list[int]:
        """Those that are there."""
        there = (Stage.THERE, Stage.OPEN)
        return [link for link, line in self._lines.items() if line.stage in there]

    def place(self, link: int) -> str:
        """Where a link that is there leads."""
        return self._lines[link].place

    def say(self, now_ns: int, news: News) -> None:
        """Word of a link that no peer has said goes on its way down, if it may come now."""
        self.model.down.given += len(news.data) if isinstance(news, Data) else 0
        self._pass_down(now_ns, news)

    def _pass_down(self, now_ns: int, news: News) -> None:
        line = self._lines.get(news.link)
        stage = None if line is None else line.next_stage(news)
        if line is None or stage is None:
            self.model.down.lose("fault", len(news.data) if isinstance(news, Data) else 0)
        else:
            if line.stage is Stage.ASKED:
                self.model.recall(news.link)
            line.stage = stage
            self.model.hear(now_ns, news)

    def cut(self, now_ns: int, link: int, why: Why | None, detail: str = "") -> None:
        """Nothing more gets through, in either direction."""
        line = self._lines[link]
        if why is not None:
            is_open = line.stage is Stage.OPEN
            self.say(now_ns, (Closed if is_open else Failed)(link, why, detail))
            self._tell_peer(now_ns, Shut(link, is_abort=True))
        else:
            self._silent.add(link)
        line.stage = Stage.OVER
        self._cut.add(link)

    def lose(self, link: int) -> None:
        """What is on its way down gets lost."""
        self.model.forget(link)

    def hold(self, link: int, until_ns: int) -> None:
        """What the peer says from now on arrives at `until_ns` at the earliest."""
        self.model.hold(link, until_ns)


def bearer_pace(profile: Profile) -> Pace:
    """The bearer of a device as its profile has it."""
    link = profile.link
    if link is None:
        return Pace()
    return Pace(
        latency_ns=max(1, ms(link.latency_ms)),
        up_bytes_per_s=link.up_bytes_per_s,
        down_bytes_per_s=link.down_bytes_per_s,
        loss_per_million=link.loss_per_million,
        segment_bytes=link.segment_bytes,
        retransmit_ns=ms(link.retransmit_ms),
        handshake_ns=ms(link.handshake_ms),
    )
