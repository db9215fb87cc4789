"""Between the device and its network: the link model, and whoever answers on the other side.

What the device wishes leaves on its way up; when it is there, the peer has it. What the peer says
is an input of the run (`NewsCame`), goes on its way down, and reaches the device when it is there.
A run without a peer is one whose news come from its record.
"""

from quecsim.border import CREDIT_BYTES, Closed, Credit, Data, Failed, News, Open, Peer, Shut, Why
from quecsim.device import Device
from quecsim.link import LinkModel, Pace
from quecsim.profiles.schema import Profile
from quecsim.trace.event import NewsCame
from quecsim.trace.recorder import Recorder
from quecsim.units import ms


class Air:
    """The far side of a device's links. `peer` None: nobody answers by itself."""

    def __init__(
        self, device: Device, pace: Pace, peer: Peer | None, record: Recorder, seed: int
    ) -> None:
        self.model = LinkModel(pace, seed)
        self._device = device
        self._peer = peer
        self._record = record
        self._credit: dict[int, int] = {}  # what the peer may still send

    @property
    def is_used(self) -> bool:
        """There is something on its way, or somebody who may speak."""
        return bool(self._credit) or self.model.is_busy

    def follow(self, now_ns: int) -> None:
        """Take what the device wishes."""
        for wish in self._device.take_wishes():
            if isinstance(wish, Open):
                self._credit[wish.link] = CREDIT_BYTES
            elif isinstance(wish, Credit) and wish.link in self._credit:
                self._credit[wish.link] += wish.count
            elif isinstance(wish, Shut):
                self._credit.pop(wish.link, None)
                self.model.forget(wish.link)
            self.model.ask(now_ns, wish)

    def next_ns(self) -> int | None:
        """When something arrives, at either end."""
        news_ns, wish_ns = self.model.next_news_ns(), self.model.next_wish_ns()
        if news_ns is None or wish_ns is None:
            return wish_ns if news_ns is None else news_ns
        return min(news_ns, wish_ns)

    def act(self, now_ns: int) -> None:
        """Something arrives: at equal times news before wishes."""
        if self.model.next_news_ns() == now_ns:
            news = self.model.take_news()
            if isinstance(news, Failed):
                self._credit.pop(news.link, None)
                self.model.drop(news.link)
            self._device.hear(now_ns, news)
            return
        wish = self.model.take_wish()
        if self._peer is not None:
            self._peer.handle_wish(now_ns, wish)

    # the peer, which is outside: what it says comes last at its time

    def peer_ns(self) -> int | None:
        """When the peer has something to say by itself."""
        return None if self._peer is None else self._peer.deadline_ns()

    def look(self, now_ns: int) -> None:
        """Take what the peer has to say by now."""
        assert self._peer is not None
        for news in self._peer.take_news(now_ns):
            self.hear(now_ns, news)

    def hear(self, now_ns: int, news: News) -> None:
        """The peer says something: an input. More than it may send ends the link."""
        self._record.add(NewsCame(now_ns, news))
        if isinstance(news, Data) and news.link in self._credit:
            self._credit[news.link] -= len(news.data)
            if self._credit[news.link] < 0:
                news = Closed(news.link, Why.RESET, "the peer sent more than the device takes")
        self.model.hear(now_ns, news)


def bearer_pace(profile: Profile) -> Pace:
    """The bearer of a device as its profile has it."""
    link = profile.link
    if link is None:
        return Pace()
    return Pace(
        latency_ns=ms(link.latency_ms),
        up_bytes_per_s=link.up_bytes_per_s,
        down_bytes_per_s=link.down_bytes_per_s,
        loss_per_million=link.loss_per_million,
        segment_bytes=link.segment_bytes,
        retransmit_ns=ms(link.retransmit_ms),
        handshake_ns=ms(link.handshake_ms),
    )
