"""Servers by name and port: what a device that wishes for them hears, byte for byte and in time."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import (
    CREDIT_BYTES,
    Closed,
    Credit,
    Data,
    Failed,
    News,
    Open,
    Opened,
    Send,
    Shut,
    TlsWish,
    Why,
    Wish,
)
from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.units import MS


def network(settings: SimpleSettings) -> Served:
    return Served({("server.example", 7): Offer(SimpleServer(settings), "192.0.2.7")})


def wished(served: Served, now_ns: int, *wishes: Wish) -> list[News]:
    for wish in wishes:
        served.handle_wish(now_ns, wish)
    return served.take_news(now_ns)


OPENED = Opened(1, "192.0.2.7", 49_153)


def test_it_opens_what_there_is_whatever_the_case_of_its_name() -> None:
    served = network(SimpleSettings(steps=(Step(text="hi"),)))
    assert wished(served, 0, Open(1, "Server.Example.", 7)) == [OPENED, Data(1, b"hi")]


def test_what_there_is_not() -> None:
    asked: list[tuple[str, int]] = []
    served = Served(
        {("server.example", 7): Offer(SimpleServer(), "192.0.2.7")},
        lambda host, port: asked.append((host, port)),
    )
    nobody, other = wished(served, 0, Open(1, "server.example", 8), Open(2, "other.example", 7))
    assert isinstance(nobody, Failed)
    assert isinstance(other, Failed)
    assert (nobody.why, other.why) == (Why.REFUSED, Why.NOT_ALLOWED)
    assert nobody.detail == "that host has servers at port 7"
    assert asked == [("other.example", 7)]


def test_tls_at_a_server_that_has_none() -> None:
    served = network(SimpleSettings(steps=(Step(text="hi"),)))
    (news,) = wished(served, 0, Open(1, "server.example", 7, tls=TlsWish()))
    assert isinstance(news, Failed)
    assert news.why == Why.TLS_VERSION


@pytest.mark.parametrize(("ends", "why"), [("fin", Why.FIN), ("reset", Why.RESET)])
def test_an_end_comes_behind_the_bytes_as_what_it_is(
    ends: Literal["fin", "reset"], why: Why
) -> None:
    step = Step(after_bytes=3, after_ms=5, text="bye", ends=ends)
    served = network(SimpleSettings(steps=(step,)))
    wished(served, 0, Open(1, "server.example", 7))
    assert wished(served, 1, Send(1, b"abc")) == []
    assert served.deadline_ns() == 5 * MS + 1
    assert served.take_news(5 * MS) == []
    assert served.take_news(5 * MS + 1) == [Data(1, b"bye"), Closed(1, why)]
    assert wished(served, 6 * MS, Send(1, b"late"), Credit(1, 5), Shut(1)) == []


def test_who_shuts_hears_nothing_more() -> None:
    served = network(SimpleSettings(steps=(Step(after_ms=5, text="late"),)))
    assert wished(served, 0, Open(1, "server.example", 7)) == [OPENED]
    assert wished(served, 1, Shut(1)) == []
    assert served.deadline_ns() is None


@given(st.lists(st.integers(1, 70_000), max_size=6))
def test_no_more_comes_than_there_is_credit_for(credits: list[int]) -> None:
    text = "0123456789" * 20_000
    served = network(SimpleSettings(steps=(Step(text=text),)))
    received, allowed = b"", CREDIT_BYTES
    wishes: list[Wish] = [Open(1, "server.example", 7)]
    wishes += [Credit(1, count) for count in credits]
    for wish in wishes:
        news = wished(served, 0, wish)
        received += b"".join(each.data for each in news if isinstance(each, Data))
        allowed += wish.count if isinstance(wish, Credit) else 0
        assert received == text.encode()[:allowed]
