"""Messages under way to a client: numbers, windows, and what comes again."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.mqtt import Packet, PubAck, PubComp, Publish, PubRec, PubRel
from quecsim.peers.mqtt_session import Session


def session(in_flight: int = 3, queued: int = 4) -> Session:
    return Session("c", False, in_flight, queued)


def sent(one: Session) -> list[Packet]:
    found = []
    while (packet := one.next_packet()) is not None:
        found.append(packet)
    return found


def test_a_window_and_a_queue() -> None:
    one = session()
    assert [one.offer(Publish("a", b"%d" % n, 1)) for n in range(5)] == [True] * 4 + [False]
    assert [packet.packet_id for packet in sent(one) if isinstance(packet, Publish)] == [1, 2, 3]
    one.acknowledge(PubAck(2))
    assert sent(one) == [Publish("a", b"3", 1, packet_id=4)]
    assert sent(one) == []


def test_numbers_in_use_are_passed_over() -> None:
    one = session(in_flight=2, queued=2)
    one.offer(Publish("a", b"stays", 1))
    assert one.next_packet() == Publish("a", b"stays", 1, packet_id=1)
    for number in range(2, 65_536):
        one.offer(Publish("a", b"", 1))
        assert one.next_packet() == Publish("a", b"", 1, packet_id=number)
        one.acknowledge(PubAck(number))
    one.offer(Publish("a", b"", 1))
    assert one.next_packet() == Publish("a", b"", 1, packet_id=2)


def test_only_the_right_acknowledgement_counts() -> None:
    one = session()
    one.offer(Publish("a", b"1", 1))
    one.offer(Publish("a", b"2", 2))
    assert len(sent(one)) == 2
    wrong: list[PubAck | PubRec | PubComp] = [
        PubRec(1),
        PubComp(1),
        PubAck(2),
        PubComp(2),
        PubAck(9),
    ]
    for packet in wrong:
        one.acknowledge(packet)
    one.resume()
    assert sent(one) == [
        Publish("a", b"1", 1, dup=True, packet_id=1),
        Publish("a", b"2", 2, dup=True, packet_id=2),
    ]


def test_what_comes_again_depends_on_what_was_acknowledged() -> None:
    one = session()
    for number in range(3):
        one.offer(Publish("a", b"%d" % number, 2))
    assert len(sent(one)) == 3
    one.acknowledge(PubRec(1))
    one.acknowledge(PubRec(2))
    one.acknowledge(PubComp(2))
    one.resume()
    assert sent(one) == [PubRel(1), Publish("a", b"2", 2, dup=True, packet_id=3)]


def test_what_is_acknowledged_before_it_was_sent_again_does_not_come() -> None:
    one = session()
    one.offer(Publish("a", b"1", 2))
    sent(one)
    one.resume()
    one.acknowledge(PubRec(1))
    assert sent(one) == []
    one.acknowledge(PubComp(1))
    one.resume()
    assert sent(one) == []


def test_the_highest_qos_of_all_that_take_it() -> None:
    one = session()
    one.subscriptions.update({"a/+": 0, "a/#": 1, "b": 2})
    assert [one.qos_for(topic) for topic in ("a/x", "a", "b", "c")] == [1, 1, 2, None]


@given(st.lists(st.tuples(st.integers(1, 2), st.booleans()), max_size=30), st.integers(1, 5))
def test_nothing_is_lost_and_the_order_stays(
    wanted: list[tuple[int, bool]], in_flight: int
) -> None:
    """Whatever the client acknowledges and whenever it comes again."""
    one = session(in_flight, queued=30)
    seen: list[bytes] = []
    open_flights: dict[int, Publish] = {}
    for number, (qos, resumes) in enumerate(wanted):
        assert one.offer(Publish("a", b"%d" % number, qos))
        if resumes:
            one.resume()
        take(one, seen, open_flights, in_flight)
        if open_flights and number % 3 == 0:
            finish(one, open_flights)
    take(one, seen, open_flights, in_flight)
    while open_flights:
        finish(one, open_flights)
        take(one, seen, open_flights, in_flight)
    assert seen == [b"%d" % number for number in range(len(wanted))]


def take(one: Session, seen: list[bytes], open_flights: dict[int, Publish], in_flight: int) -> None:
    for packet in sent(one):
        assert isinstance(packet, Publish)
        if packet.dup:
            assert open_flights[packet.packet_id].payload == packet.payload
        else:
            assert packet.packet_id not in open_flights
            seen.append(packet.payload)
            open_flights[packet.packet_id] = packet
    assert len(open_flights) <= in_flight


def finish(one: Session, open_flights: dict[int, Publish]) -> None:
    """The client acknowledges the oldest."""
    number = next(iter(open_flights))
    publish = open_flights.pop(number)
    if publish.qos == 1:
        one.acknowledge(PubAck(number))
    else:
        one.acknowledge(PubRec(number))
        one.acknowledge(PubComp(number))
