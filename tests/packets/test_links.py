"""Wishes and news as packets: how connections begin, carry and end, as others read them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import dpkt
import pytest
from dpkt import dns, icmp, tcp, udp
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import (
    Accept,
    Closed,
    Data,
    Ended,
    Failed,
    Incoming,
    Listen,
    Listening,
    News,
    Open,
    Opened,
    Ping,
    Pong,
    Refuse,
    Resolve,
    Resolved,
    Secure,
    Secured,
    Send,
    Shut,
    TlsWish,
    Why,
    Wish,
)
from quecsim.packets.book import Book
from quecsim.packets.flow import Way
from quecsim.packets.inside import plain_port
from quecsim.packets.links import LinkPackets
from quecsim.packets.pcapng import Interface, Packet, PcapngWriter
from quecsim.units import ms, s
from tests.packets.tshark import WRONG, Ends, datagrams, read, shown, streams

ROUND_TRIP_NS = ms(60)
OWN, PEER = b"\x0a\0\0\x02", b"\xc0\0\x02\x0a"
OPEN = Open(1, "192.0.2.10", 1883)
OPENED = Opened(1, "192.0.2.10", 50_001)
NAMES = {tcp.TH_SYN: "S", tcp.TH_FIN: "F", tcp.TH_RST: "R", tcp.TH_ACK: "A"}


@dataclass
class Told:
    """Wishes and news a second apart."""

    packets: list[Packet] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links = LinkPackets(self.packets.append, Book(), ROUND_TRIP_NS)
        self.now_ns = 0

    def tell(self, *whats: Wish | News) -> "Told":
        for what in whats:
            self.now_ns += s(1)
            if isinstance(what, News):
                self.links.news(self.now_ns, what)
            else:
                self.links.wish(self.now_ns, what)
        return self

    def file(self) -> bytes:
        self.links.finish()
        out = io.BytesIO()
        writer = PcapngWriter(out, program="quecsim")
        for packet in sorted(self.packets, key=lambda each: each.at_ns):
            writer.write(packet)
        return out.getvalue()

    @property
    def comments(self) -> list[str]:
        return [each.comment for each in self.packets if each.comment]


def told(*whats: Wish | News) -> Told:
    return Told().tell(*whats)


def seen(made: bytes) -> list[str]:
    """`0.06 > SA`: when, whether the device said it, what; bytes by their number."""
    found = []
    for at, packet in read(made):
        body = packet.data
        way = ">" if packet.src in (OWN, b"\xfd" + bytes(14) + b"\x02") else "<"
        found.append(f"{at:.2f} {way} {_what(body)}")
    return found


def _what(body: dpkt.Packet) -> str:
    if isinstance(body, tcp.TCP):
        flags = "".join(name for bit, name in NAMES.items() if body.flags & bit)
        return flags + (f" {len(body.data)}" if body.data else "")
    if isinstance(body, udp.UDP) and 53 in (body.sport, body.dport):
        message = dns.DNS(body.data)
        return f"dns {message.qd[0].name}" + (f" {len(message.an)}" if message.qr else "")
    if isinstance(body, udp.UDP):
        return f"udp {len(body.data)}"
    is_asked: bool = body.type in (icmp.ICMP_ECHO, 128)
    return "echo" if is_asked else "reply"


def test_a_connection_from_its_name_to_its_end() -> None:
    asked = Open(1, "broker.example", 1883)
    whole = told(asked, OPENED, Send(1, b"hello"), Data(1, b"hi"), Shut(1, is_told=True), Ended(1))
    assert seen(whole.file()) == [
        "1.00 > dns broker.example", "1.06 < dns broker.example 1", "1.06 > S", "1.12 < SA",
        "1.12 > A", "3.00 > A 5", "3.00 < A", "4.00 < A 2", "4.00 > A", "5.00 > FA", "5.00 < A",
        "6.00 < FA", "6.00 > A",
    ]  # fmt: skip
    ends = (OWN, 50_001, PEER, 1883)
    assert streams(whole.file())[ends] == [b"hello"]


def test_what_is_known_of_addresses_and_ports_is_used() -> None:
    packets: list[Packet] = []
    book = Book(reached={1: "192.0.2.10"}, ports={1: 50_001})
    book.learn("a.example", "192.0.2.11")
    book.learn("a.example", "192.0.2.12")
    book.learn("b.example", "nowhere")
    assert book.address("b.example") == "198.18.0.1"
    assert book.address("A.example") == "192.0.2.11"
    links = LinkPackets(packets.append, book)
    links.wish(0, Open(1, "broker.example", 1883))
    links.news(1, OPENED)
    out = io.BytesIO()
    writer = PcapngWriter(out, program="quecsim")
    for packet in packets:
        writer.write(packet)
    assert set(streams(out.getvalue())) == {(OWN, 50_001, PEER, 1883), (PEER, 1883, OWN, 50_001)}


TAKEN = ["1.00 > S", "1.06 < SA", "1.06 > A"]


@pytest.mark.parametrize(
    ("why", "packets", "is_noted"),
    [
        (Why.REFUSED, ["1.00 > S", "2.00 < RA"], False),
        (Why.TIMEOUT, ["1.00 > S"], False),
        (Why.RESET, [*TAKEN, "2.00 < RA"], False),
        (Why.FIN, [*TAKEN, "2.00 < FA", "2.00 > A", "2.00 > FA", "2.00 < A"], False),
        (Why.TLS_ALERT, [*TAKEN, "2.00 < FA", "2.00 > A", "2.00 > FA", "2.00 < A"], False),
        (Why.TLS_VERIFY, [*TAKEN, "2.00 > FA", "2.00 < A", "2.00 < FA", "2.00 > A"], False),
        (Why.TLS_TIME, [*TAKEN, "2.00 > FA", "2.00 < A", "2.00 < FA", "2.00 > A"], False),
        (Why.TLS_VERSION, [*TAKEN, "2.00 > FA", "2.00 < A", "2.00 < FA", "2.00 > A"], False),
        (Why.DNS, [], True),
        (Why.TLS_CA, [], True),
        (Why.TLS_OWN, [], True),
        (Why.NOT_ALLOWED, [], True),
        (Why.UNREACHABLE, [], True),
    ],
)
def test_how_it_fails(why: Why, packets: list[str], is_noted: bool) -> None:
    whole = told(OPEN, Failed(1, why, "so it is", "UFS:ca.pem" if why is Why.TLS_CA else ""))
    assert seen(whole.file()) == packets
    (comment,) = whole.comments
    assert f"failed: {why}" in comment
    assert comment.endswith("so it is")
    assert ("UFS:ca.pem" in comment) == (why is Why.TLS_CA)
    assert [each.interface is Interface.NOTES for each in whole.packets if each.comment] == [
        is_noted
    ]


def test_a_name_that_is_not_there() -> None:
    whole = told(Open(1, "nobody.example", 1883), Failed(1, Why.DNS, "no such name"))
    assert seen(whole.file()) == ["1.00 > dns nobody.example", "2.00 < dns nobody.example 0"]
    assert whole.comments == ["failed: dns: no such name"]


@pytest.mark.parametrize("ends", [(), (Shut(1),)])
def test_silence(ends: Sequence[Wish]) -> None:
    whole = told(Open(1, "broker.example", 1883), *ends)
    assert seen(whole.file())[2:] == ["1.06 > S"]
    assert whole.comments == ["nobody has answered"]


@pytest.mark.parametrize(
    ("ends", "packets"),
    [
        ([Closed(1, Why.FIN, "enough"), Shut(1)],
         ["3.00 < FA", "3.00 > A", "4.00 > FA", "4.00 < A"]),
        ([Closed(1, Why.RESET, "enough"), Shut(1)], ["3.00 < RA"]),
        ([Closed(1, Why.TIMEOUT, "enough"), Shut(1)], ["4.00 > FA", "4.00 < A"]),
        ([Shut(1, is_abort=True)], ["3.00 > RA"]),
        ([Shut(1)], ["3.00 > FA", "3.00 < A"]),
    ],
)  # fmt: skip
def test_how_it_ends(ends: list[Wish | News], packets: list[str]) -> None:
    whole = told(OPEN, OPENED, *ends)
    assert seen(whole.file())[3:] == packets
    assert [text for text in whole.comments if "enough" in text] == whole.comments


def test_questions() -> None:
    asked: list[Wish | News] = [
        Resolve(1, "web.example"),
        Resolve(2, "nobody.example"),
        Resolve(3, "late.example"),
    ]
    answers: list[Wish | News] = [
        Resolved(1, ("192.0.2.1", "2001:db8::1"), 300),
        Failed(2, Why.DNS),
    ]
    assert seen(told(*asked, *answers).file()) == [
        "1.00 > dns web.example", "1.00 > dns web.example", "2.00 > dns nobody.example",
        "3.00 > dns late.example", "4.00 < dns web.example 1", "4.00 < dns web.example 1",
        "5.00 < dns nobody.example 0",
    ]  # fmt: skip


def test_echoes() -> None:
    asked = [Ping(1, "192.0.2.1", 32), Ping(2, "2001:db8::1", 1 << 40), Ping(3, "a.example", 4)]
    whole = told(*asked, Pong(1, "192.0.2.1", 50), Pong(2, "2001:db8::1", 300))
    assert seen(whole.file()) == [
        "1.00 > echo", "2.00 > echo", "3.00 > dns a.example", "3.06 < dns a.example 1",
        "3.06 > echo", "4.00 < reply", "5.00 < reply",
    ]  # fmt: skip


def test_a_name_that_no_question_can_hold() -> None:
    whole = told(Open(1, "x" * 300, 80), Opened(1, "", 0), Send(1, b"hello"))
    assert seen(whole.file())[-2:] == ["3.00 > A 5", "3.00 < A"]
    assert "no question can hold that name" in whole.comments[0]


def test_the_device_is_called() -> None:
    whole = told(
        Listen(1, 8080), Listening(1, 8080), Incoming(1, 1, "192.0.2.10", 4000),
        Incoming(1, 2, "2001:db8::1", 4000), Accept(2, 1, 1), Refuse(1, 2), Data(2, b"hello"),
        Send(2, b"hi"), Accept(3, 1, 9), Send(3, b"nobody"),
    )  # fmt: skip
    assert seen(whole.file()) == [
        "3.00 < S", "4.00 < S", "5.00 > SA", "5.00 < A", "6.00 > RA", "7.00 < A 5", "7.00 > A",
        "8.00 > A 2", "8.00 < A",
    ]  # fmt: skip
    assert streams(whole.file())[PEER, 4000, OWN, 8080] == [b"hello"]


def test_datagrams_from_many() -> None:
    whole = told(
        Listen(1, 7000, "udp"), Listening(1, 7000), Data(1, b"a", ("192.0.2.10", 1)),
        Data(1, b"b", ("2001:db8::1", 2)), Send(1, b"c", ("192.0.2.10", 1)),
        Open(2, "192.0.2.10", 123, "udp"), Opened(2, "192.0.2.10", 50_002), Send(2, b"d" * 65_536),
        Data(2, b""),
    )  # fmt: skip
    found = datagrams(whole.file())
    assert [(ends, data[:1], len(data)) for ends, data in found] == [
        ((PEER, 1, OWN, 7000), b"a", 1),
        (
            (b"\x20\x01\r\xb8" + bytes(11) + b"\x01", 2, b"\xfd" + bytes(14) + b"\x02", 7000),
            b"b",
            1,
        ),
        ((OWN, 7000, PEER, 1), b"c", 1),
        ((OWN, 50_002, PEER, 123), b"d", 65_507),
        ((OWN, 50_002, PEER, 123), b"d", 29),
        ((PEER, 123, OWN, 50_002), b"", 0),
    ]


def test_tls_is_shown_without_it_where_a_reader_finds_it() -> None:
    asked = Open(1, "192.0.2.10", 8883, tls=TlsWish(), owner="MQTT client 0")
    whole = told(asked, Opened(1, "192.0.2.10", 50_001, "TLSv1.2", "SUITE", 300, 1400),
                 Send(1, b"hello"))  # fmt: skip
    assert streams(whole.file())[OWN, 50_001, PEER, 1883] == [b"hello"]
    assert {each.interface for each in whole.packets} == {Interface.INSIDE}
    (comment,) = whole.comments
    assert "TLS at port 8883" in comment
    assert "TLSv1.2, SUITE, a handshake of 300 bytes up and 1400 down" in comment


def test_tls_in_the_middle_begins_a_stream_of_its_own() -> None:
    whole = told(Open(1, "192.0.2.10", 21), OPENED, Send(1, b"AUTH TLS"), Secure(1, TlsWish(), ""),
                 Secured(1, "TLSv1.2", "SUITE"), Send(1, b"USER"), Secured(1), Shut(1))  # fmt: skip
    assert streams(whole.file())[OWN, 50_001, PEER, 21] == [b"AUTH TLS", b"USER"]
    assert [each.interface for each in whole.packets].count(Interface.INSIDE) == 7


@pytest.mark.parametrize(
    ("owner", "port", "plain"),
    [
        ("MQTT client 0", 9999, 1883), ("HTTP", 8080, 80), ("FTP", 990, 21),
        ("FTP", 50_000, 50_000),
        ("TLS socket 1", 8883, 1883), ("TLS socket 1", 443, 80), ("TLS socket 1", 5000, 5000),
    ],
)  # fmt: skip
def test_the_port_without_tls(owner: str, port: int, plain: int) -> None:
    assert plain_port(owner, port) == plain


def test_bytes_that_nobody_knows() -> None:
    whole = told(OPEN, OPENED, Open(2, "a.example", 7, "udp"), Opened(2))
    for number, count in ((1, 3000), (1, 1 << 60), (2, 5), (3, 5), (1, 0)):
        whole.links.miss(s(9), number, Way.UP, count)
    lengths = [len(each.data) for each in whole.packets if each.whole_bytes > len(each.data)]
    assert lengths == [40] * (3 + 49)
    assert sum("3000 bytes from the device" in text for text in whole.comments) == 3
    assert whole.comments[-1] == "link 2, a.example:7: 5 bytes from the device, which the record " \
        "does not hold"  # fmt: skip


def test_what_fits_to_nothing_is_passed_over() -> None:
    whole = told(
        Send(1, b"x"), Data(1, b"x"), Shut(1), OPEN, Send(1, b"x"), Data(1, b"x"), Ended(2),
        Resolved(1, ("192.0.2.1",)), Pong(1, "192.0.2.1"), Listening(1, 5), Secured(1),
        Incoming(1, 1, "192.0.2.1", 5), Refuse(1, 1), OPENED, OPENED, Failed(1, Why.RESET),
    )  # fmt: skip
    assert [each.split(" ", 1)[1] for each in seen(whole.file())] == ["> S", "< SA", "> A"]


Carried = list[tuple[int, bool, bytes]]


@settings(deadline=None, max_examples=50)
@given(
    carried=st.lists(
        st.tuples(
            st.integers(1, 32),
            st.booleans(),
            st.one_of(st.binary(max_size=20), st.integers(0, 5000).map(lambda n: b"#" * n)),
        ),
        max_size=40,
    )
)
def test_every_stream_is_what_crossed_the_border(
    carried: Carried, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """32 links at once: names, IPv4, IPv6, TLS and not."""
    hosts = ("192.0.2.10", "2001:db8::1", "broker.example", "B.example.")
    whole = Told()
    for link in range(1, 33):
        host, tls = hosts[link % 4], TlsWish() if link % 3 == 0 else None
        whole.tell(Open(link, host, 7000 + link, tls=tls), Opened(link))
    for link, is_up, data in carried:
        whole.tell(Send(link, data) if is_up else Data(link, data))
    made = whole.file()
    found = {ends[1 if ends[3] > 7000 and ends[3] < 7033 else 3]: 0 for ends in streams(made)}
    assert len(found) == 32
    assert _by_link(streams(made)) == _wanted(carried)


def _by_link(found: dict[Ends, list[bytes]]) -> dict[tuple[int, bool], bytes]:
    told = {}
    for (_, source, _, target), many in found.items():
        is_up = 7000 < target < 7033
        told[(target if is_up else source) - 7000, is_up] = b"".join(many)
    return told


def _wanted(carried: Carried) -> dict[tuple[int, bool], bytes]:
    told = {(link, is_up): b"" for link in range(1, 33) for is_up in (False, True)}
    for link, is_up, data in carried:
        told[link, is_up] += data
    return told


def test_tshark_finds_nothing_wrong(tmp_path: Path) -> None:
    whole = Told()
    for link in range(1, 9):
        host = ("192.0.2.10", "2001:db8::1", "broker.example")[link % 3]
        whole.tell(Open(link, host, 7000), Opened(link), Send(link, b"#" * 70_000))
        whole.tell(Data(link, b"." * 100_000), Data(link, b".." * 30_000), Shut(link))
    whole.tell(Ping(20, "a.example", 32), Pong(20, "192.0.2.1"))
    whole.tell(Listen(21, 7000, "udp"), Listening(21, 7000), Data(21, b"a", ("2001:db8::2", 1)))
    file = tmp_path / "a.pcapng"
    file.write_bytes(whole.file())
    assert shown(file, WRONG, "frame.number") == []
    assert len(shown(file, "tcp.len > 0", "tcp.len")) == 8 * (52 + 74 + 45)
