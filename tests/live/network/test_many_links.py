"""As many links as a device's sockets, all at once and as fast as they go: nothing is lost."""

from contextlib import closing

import pytest

from quecsim.border import CREDIT_BYTES, SEND_BYTES, Closed, Data, Sent, Why
from tests.live.network.bench import Connection, Served

LINKS = range(1, 13)
EACH_BYTES = 400_000
PIECES = (1460, 1, 4096, 16_384)


class Device:
    """Sends on each link as much as it may, and makes up for what it gets at once."""

    def __init__(self, bench: Served) -> None:
        self.bench = bench
        self.sent = dict.fromkeys(LINKS, 0)
        self.taken = dict.fromkeys(LINKS, 0)
        self.got = {link: bytearray() for link in LINKS}
        self._heard = 0
        self._turn = 0

    def turn(self) -> None:
        for news in self.bench.news[self._heard :]:
            if isinstance(news, Sent):
                self.taken[news.link] += news.count
            elif isinstance(news, Data):
                self.got[news.link] += news.data
                self.bench.credit(len(news.data), news.link)
        self._heard = len(self.bench.news)
        for link in LINKS:
            self._send(link)

    def _send(self, link: int) -> None:
        self._turn += 5
        size = PIECES[self._turn // len(LINKS) % len(PIECES)]
        room = SEND_BYTES - (self.sent[link] - self.taken[link])
        data = whole(link)[self.sent[link] :][: min(size, room)]
        if data:
            self.sent[link] += len(data)
            self.bench.send(data, link)

    @property
    def is_done(self) -> bool:
        return all(len(got) >= EACH_BYTES for got in self.got.values())


def whole(link: int) -> bytes:
    pattern = bytes((link * 7 + place) % 251 for place in range(251 * 4))
    return (pattern * (EACH_BYTES // len(pattern) + 1))[:EACH_BYTES]


def echo(servers: list[Connection]) -> None:
    for server in servers:
        server.unsent += server.got
        server.got.clear()


@pytest.mark.parametrize("is_called", [False, True])
def test_twelve_at_once(is_called: bool) -> None:
    with closing(Served()) as bench:
        servers = [connect(bench, link, is_called=is_called) for link in LINKS]
        device = Device(bench)

        def turned() -> bool:
            device.turn()
            echo(servers)
            for server in servers:
                server.pump()
            return device.is_done

        bench.until(turned)
        for link in LINKS:
            assert device.got[link] == whole(link)
        bench.until(lambda: all(bench.taken(link) == EACH_BYTES for link in LINKS))
        for server in servers:
            server.end.close()
            server.close()
        bench.until(lambda: all(isinstance(bench.last(link), Closed) for link in LINKS))
        assert {bench.last(link).why for link in LINKS} == {Why.FIN}  # type: ignore[union-attr]


def connect(bench: Served, link: int, *, is_called: bool) -> Connection:
    if not is_called:
        return bench.connect(link, is_counted=True)
    if not bench.of(100):
        bench.listen(100)
    host, _, port = bench.peer.doors[100].rpartition(":")
    caller = bench.call((host, int(port)))
    bench.until(lambda: len(bench.calls(100)) == link)
    bench.accept(link, link, 100, is_counted=True)
    return caller


def test_a_server_that_talks_to_all_of_them_is_held_back_by_each() -> None:
    with closing(Served()) as bench:
        servers = {link: bench.connect(link) for link in LINKS}
        for link, server in servers.items():
            server.unsent += whole(link)
        bench.until(lambda: all(len(bench.data(link)) >= CREDIT_BYTES for link in LINKS))
        bench.until_quiet()
        for link in LINKS:
            assert bench.data(link) == whole(link)[:CREDIT_BYTES]
