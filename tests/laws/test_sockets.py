"""Laws of sockets: nothing that goes over one is lost, doubled or out of order, in whichever mode
the host has it; how news are cut is no matter; and the record of a run replays.
"""

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import Data, Why
from quecsim.errors import QuecsimError
from quecsim.rig import Rig
from quecsim.run.replay import _FEED, is_input, replay
from quecsim.trace.event import Event, NewsCame, Start
from tests.commands.socket_bench import BOTH, CONNECT, LTE, OK, SEND_OK, SocketBench

_HEADS = re.compile(rb'\r\n\+(?:QIRD: (\d+)|QIURC: "recv",0,(\d+))\r\n')
_STEPS = st.one_of(
    st.tuples(st.just("send"), st.binary(min_size=1, max_size=300)),
    st.tuples(st.just("send"), st.integers(300, 1460).map(lambda count: b"%d." % count * 40)),
    st.tuples(st.just("read"), st.sampled_from((b"", b"1", b"100", b"1500"))),
    st.tuples(st.just("mode"), st.sampled_from((b"0", b"1", b"2"))),
)


class EchoHost:
    """Sends to an echo, and keeps what comes back, whichever way it comes."""

    def __init__(self, device: str) -> None:
        self.bench = SocketBench(device).opened()
        self.mode = 0
        self.sent, self.heard = b"", b""

    def do(self, what: str, value: bytes) -> None:
        {"send": self._send, "read": self._read, "mode": self._switch}[what](value)

    def finish(self) -> None:
        """Everything that is still to be had."""
        self._switch(b"0")
        for _ in range(100):
            before = len(self.heard)
            self._read(b"1500")
            if len(self.heard) == before:
                return

    def _send(self, data: bytes) -> None:
        data = data[:1460]
        self.sent += data
        if self.mode == 2:
            self.heard += self.bench.send(data, 2).encode("latin-1")
            return
        self.bench.ask(f"AT+QISEND=0,{len(data)}", 1)
        said = self.bench.send(data, 2)
        assert said.startswith(SEND_OK)
        self._collect(said)

    def _read(self, most: bytes) -> None:
        if self.mode == 0:
            self._collect(self.bench.ask(f"AT+QIRD=0{',' if most else ''}{most.decode()}", 1))

    def _switch(self, mode: bytes) -> None:
        if self.mode == 2:
            said = self.bench.send(b"+++", 3)
            assert said.endswith(OK)
            self.heard += said.removesuffix(OK).encode("latin-1")
        self.mode = int(mode)
        said = self.bench.ask(f"AT+QISWTMD=0,{self.mode}", 2)
        if self.mode == 2:
            assert said.startswith(CONNECT)
            self.heard += said.removeprefix(CONNECT).encode("latin-1")
        else:
            self._collect(said)

    def _collect(self, said: str) -> None:
        """The data in replies and result codes, by their lengths."""
        rest = said.encode("latin-1")
        while head := _HEADS.search(rest):
            count = int(head[1] or head[2])
            self.heard += rest[head.end() : head.end() + count]
            rest = rest[head.end() + count :]


@settings(max_examples=30)
@given(st.sampled_from(BOTH), st.lists(_STEPS, max_size=12))
def test_what_is_sent_comes_back_whole_and_in_order(
    device: str, steps: list[tuple[str, bytes]]
) -> None:
    host = EchoHost(device)
    for what, value in steps:
        host.do(what, value)
    host.finish()
    assert host.heard == host.sent
    counters = host.bench.rig.counters()
    assert counters.get("forwarded", 0) == counters.get("net_up", 0) == len(host.sent)
    assert counters.get("net_down", 0) == len(host.sent)
    assert counters["lost"] == 0


_LINES: tuple[str | bytes, ...] = (
    'AT+QIOPEN=1,0,"TCP","echo.example",7,0,1\r',
    'AT+QIOPEN=1,1,"TCP","echo.example",7\r',
    "AT+QISEND=0,1400\r",
    bytes(range(256)) * 5 + bytes(120),
    "AT+QISEND=1\r",
    "to and fro\x1a",
    'AT+QIOPEN=1,2,"TCP","late.example",13\r',
    'AT+QIOPEN=1,3,"UDP","echo.example",8,0,1\r',
    "AT+QISEND=3,4\r",
    "ping",
    "AT+QISWTMD=1,2\r",
    bytes(range(200)) * 10,
    "+++",
    "AT+QICLOSE=0;+QICLOSE=1\r",
    "AT+QIDEACT=1\r",
)


def _story(pauses_s: list[int], kills: list[bool]) -> list[Event]:
    bench = SocketBench(LTE)
    for line, pause_s, is_killed in zip(_LINES, pauses_s, kills, strict=True):
        bench.send(line, pause_s)
        if is_killed:
            try:
                bench.rig.end_link(bench.now_ns, max(bench.rig.device.links, default=0), Why.RESET)
            except QuecsimError:
                continue
    bench.rest(40)
    bench.rig.finish(bench.now_ns)
    return bench.events + bench.rig.take_events()


_PAUSES = st.lists(st.integers(0, 3), min_size=len(_LINES), max_size=len(_LINES))
_KILLS = st.lists(st.booleans(), min_size=len(_LINES), max_size=len(_LINES))


@settings(max_examples=15)
@given(_PAUSES, _KILLS)
def test_the_record_of_sockets_replays(pauses: list[int], kills: list[bool]) -> None:
    replayed = replay(_story(pauses, kills))
    assert replayed.is_same, (replayed.was, replayed.now)


@settings(max_examples=10)
@given(st.data())
def test_how_news_are_cut_is_no_matter(data: st.DataObject) -> None:
    record = _story([2] * len(_LINES), [False] * len(_LINES))
    start = record[0]
    assert isinstance(start, Start)
    bench = SocketBench(LTE)
    rig = Rig(bench.rig.profile, bench.rig.config)
    rig.start(0)
    for event in record:
        if isinstance(event, NewsCame) and isinstance(event.news, Data) and event.news.link != 4:
            said = event.news.data
            cuts = data.draw(st.sets(st.integers(1, len(said)), max_size=3)) | {0, len(said)}
            for begin, end in pairwise(sorted(cuts)):
                rig.hear_news(event.at_ns, Data(event.news.link, said[begin:end]))
        elif is_input(event):
            _FEED[type(event)](rig, event)
    assert _heard(rig.take_events()) == _heard(record)
    assert sum(isinstance(event, NewsCame) for event in record) > 8


def _heard(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, NewsCame)]
