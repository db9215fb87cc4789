"""The link model: times from sizes alone, in order, and the same however the peer cuts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import Closed, Data, Failed, News, Open, Opened, Send, TlsWish, Why
from quecsim.link import LinkModel, Pace
from quecsim.units import S, ms

PACE = Pace(latency_ns=ms(30), up_bytes_per_s=10_000, down_bytes_per_s=20_000)


def arrivals(model: LinkModel) -> list[tuple[int, News]]:
    found = []
    while (at_ns := model.next_news_ns()) is not None:
        found.append((at_ns, model.take_news()))
    return found


def opened(
    pace: Pace = PACE, *, tls: bool = False, seed: int = 1, protocol: str = "tcp"
) -> LinkModel:
    model = LinkModel(pace, seed)
    wish = Open(1, "192.0.2.1", 1883, protocol, TlsWish() if tls else None)
    model.ask(0, wish)
    assert model.take_wish() == wish
    return model


def test_a_wish_takes_its_bytes_and_the_latency() -> None:
    model = opened()
    model.ask(S, Send(1, bytes(960)))
    assert model.next_wish_ns() == S + 1000 * S // PACE.up_bytes_per_s + PACE.latency_ns


def test_a_name_costs_a_round_trip_more_than_an_address() -> None:
    by_name, by_address = LinkModel(PACE, 1), LinkModel(PACE, 1)
    by_name.ask(0, Open(1, "broker.example", 1883))
    by_address.ask(0, Open(1, "192.0.2.1", 1883))
    name_ns, address_ns = by_name.next_wish_ns(), by_address.next_wish_ns()
    assert name_ns is not None
    assert address_ns is not None
    assert name_ns - address_ns == 2 * PACE.latency_ns


def test_a_handshake_takes_round_trips_and_its_bytes_and_the_devices_time() -> None:
    plain, safe = opened(), opened(tls=True)
    plain.hear(S, Opened(1))
    safe.hear(S, Opened(1, sent_bytes=500, received_bytes=4000))
    [(plain_ns, _)], [(safe_ns, _)] = arrivals(plain), arrivals(safe)
    assert safe_ns - plain_ns >= 4 * PACE.latency_ns + PACE.handshake_ns + 4000 * S // 20_000


def test_a_file_without_a_certificate_never_reaches_the_network() -> None:
    model = opened(tls=True)
    model.hear(S, Failed(1, Why.TLS_CA))
    assert arrivals(model) == [(S + 1, Failed(1, Why.TLS_CA))]


def test_what_is_lost_under_tcp_comes_later_and_holds_up_what_follows() -> None:
    model = opened(Pace(loss_per_million=1_000_000))
    model.hear(S, Data(1, b"a" * 10))
    model.hear(S + 1, Closed(1, Why.FIN))
    [(data_ns, data), (closed_ns, _)] = arrivals(model)
    assert data == Data(1, b"a" * 10)
    assert data_ns > S + model.pace.retransmit_ns
    assert closed_ns >= data_ns


def test_what_is_lost_under_udp_is_lost() -> None:
    model = opened(Pace(loss_per_million=1_000_000), protocol="udp")
    assert model.hear(S, Data(1, b"a"))
    assert arrivals(model) == []


def test_news_of_a_link_that_nobody_has_reach_nobody() -> None:
    assert not opened().hear(S, Data(2, b"x"))


def test_a_link_that_was_given_up_hears_nothing_more() -> None:
    model = opened()
    model.hear(S, Data(1, b"x"))
    model.forget(1)
    assert arrivals(model) == []


@given(
    st.lists(st.binary(min_size=1, max_size=4000), min_size=1, max_size=4),
    st.data(),
    st.sampled_from([0, 300_000]),
    st.booleans(),
)
def test_cutting_what_is_said_at_one_moment_changes_nothing(
    moments: list[bytes], data: st.DataObject, loss: int, tls: bool
) -> None:
    pace = Pace(down_bytes_per_s=20_000, loss_per_million=loss)
    whole, cut = opened(pace, tls=tls), opened(pace, tls=tls)
    for number, said in enumerate(moments):
        now_ns = S + number * ms(50)
        whole.hear(now_ns, Data(1, said))
        places = sorted(data.draw(st.sets(st.integers(1, len(said)), max_size=5)) | {0, len(said)})
        for begin, end in pairwise(places):
            cut.hear(now_ns, Data(1, said[begin:end]))
    assert arrivals(cut) == arrivals(whole)


@pytest.mark.parametrize("size", [1, 1360, 1361, 5000])
def test_bytes_come_in_segments_and_all_of_them(size: int) -> None:
    model = opened()
    model.hear(S, Data(1, bytes(range(256)) * 20))
    pieces = [news.data for _, news in arrivals(model) if isinstance(news, Data)]
    assert b"".join(pieces) == bytes(range(256)) * 20
    assert max(map(len, pieces)) == PACE.segment_bytes


def test_what_is_forgotten_is_not_gone_on_with() -> None:
    model = opened()
    model.hear(S, Data(1, b"lost"))
    model.forget(1)
    model.hear(S, Data(1, b"heard"))
    assert [news for _, news in arrivals(model)] == [Data(1, b"heard")]


def test_what_is_said_from_then_on_waits() -> None:
    model = opened()
    model.hear(S, Data(1, b"before"))
    model.hold(1, 5 * S)
    model.hear(S, Data(1, b"be"))
    model.hear(S, Data(1, b"hind"))
    model.hear(2 * S, Closed(1, Why.FIN))
    (before_ns, _), *rest = arrivals(model)
    assert before_ns < 2 * S
    assert rest == [(5 * S, Data(1, b"behind")), (5 * S, Closed(1, Why.FIN))]
    model.hold(9, 9 * S)
    model.hear(8 * S, Data(1, b"as usual"))
    assert arrivals(model)[0][0] < 9 * S
