"""The border: a run with servers in process, from its record, and with its news cut otherwise."""

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import Data, Why
from quecsim.errors import QuecsimError
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import _FEED, is_input, replay
from quecsim.trace.event import Event, NewsCame, Start
from quecsim.units import ms
from tests.peers.bench import NetworkBench

_STEPS: tuple[str | bytes, ...] = (
    'AT+QMTOPEN=0,"broker.example",1883\r',
    'AT+QMTCONN=0,"a"\r',
    'AT+QMTSUB=0,1,"t/#",2\r',
    'AT+QMTPUB=0,2,2,1,"t/x","hello"\r',
    'AT+QMTPUB=0,0,0,0,"t/y",1500\r',
    bytes(range(256)) * 5 + bytes(220),
    'AT+QMTOPEN=1,"broker.example",1884\r',
    'AT+QMTOPEN=1,"nowhere.example",1883\r',
    "AT+CFUN=0\r",
    "AT+CFUN=1,1\r",
)


def story(*pauses_s: int) -> list[Event]:
    bench = NetworkBench()
    for step, pause_s in zip(_STEPS, pauses_s, strict=True):
        bench.send(step, pause_s)
    bench.rig.finish(bench.now_ns)
    return bench.events + bench.rig.take_events()


@settings(max_examples=10)
@given(st.lists(st.integers(0, 3), min_size=len(_STEPS), max_size=len(_STEPS)))
def test_the_record_of_a_run_with_servers_is_the_same_without_them(pauses: list[int]) -> None:
    record = story(*pauses)
    replayed = replay(record)
    assert replayed.is_same, (replayed.was, replayed.now)


def publish(bench: NetworkBench) -> None:
    said = (bench.now_ns, "t/z", b"from elsewhere", 2)
    bench.rig.stir_peer(bench.now_ns, lambda _: bench.broker.publish(*said))


def kill(bench: NetworkBench) -> None:
    """The youngest link, if nothing has ended it yet."""
    with suppress(QuecsimError):
        bench.rig.end_link(bench.now_ns, max(bench.rig.device.links, default=0), Why.RESET)


_MEANWHILE: dict[str, Callable[[NetworkBench], object]] = {
    "publish": publish,
    "kill": kill,
    "drop": lambda bench: bench.rig.lose_bearer(bench.now_ns),
    "lose": lambda bench: bench.rig.lose_registration(bench.now_ns),
    "find": lambda bench: bench.rig.find_network(bench.now_ns),
}


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(1, 1500), st.sampled_from(["", "", *_MEANWHILE])),
        min_size=len(_STEPS),
        max_size=len(_STEPS),
    )
)
def test_so_is_that_of_one_whose_network_was_meddled_with(meddled: list[tuple[int, str]]) -> None:
    """Whatever is on its way at that moment; and every broker's client has a link in the device."""
    bench = NetworkBench()
    for step, (pause_ms, act) in zip(_STEPS, meddled, strict=True):
        bench.rig.host_write(bench.now_ns, step if isinstance(step, bytes) else step.encode())
        bench.now_ns += ms(pause_ms)
        bench.rig.advance(bench.now_ns)
        if act:
            _MEANWHILE[act](bench)
    bench.rest(40)
    connected = {client.connection for client in bench.broker.clients() if client.is_online}
    assert connected <= set(bench.rig.device.links)
    bench.rig.finish(bench.now_ns)
    replayed = replay(bench.events + bench.rig.take_events())
    assert replayed.is_same, (replayed.was, replayed.now)


def without_news(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, NewsCame)]


@settings(max_examples=10)
@given(st.data())
def test_how_the_news_are_cut_is_no_matter(data: st.DataObject) -> None:
    record = story(*[2] * len(_STEPS))
    start = record[0]
    assert isinstance(start, Start)
    rig = Rig(load_profile("ec200u"), RigConfig())
    rig.start(0)
    for event in record:
        if isinstance(event, NewsCame) and isinstance(event.news, Data):
            said = event.news.data
            cuts = data.draw(st.sets(st.integers(1, len(said)), max_size=3)) | {0, len(said)}
            for begin, end in pairwise(sorted(cuts)):
                rig.hear_news(event.at_ns, Data(event.news.link, said[begin:end]))
        elif is_input(event):
            _FEED[type(event)](rig, event)
    assert without_news(rig.take_events()) == without_news(record)
    assert sum(isinstance(event, NewsCame) for event in record) > 8
