"""Servers in process behind a capture: the device hears what it would without, and all is seen."""

from pathlib import Path

import pytest

from quecsim.border import Data, News, Open, Opened, Ping, Pong, Resolve, Resolved, Send, Shut, Wish
from quecsim.live.network.capture import Capture
from quecsim.live.network.tapped_served import TappedServed
from quecsim.packets.book import Book
from quecsim.peers.served import Served
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.peers import new_network
from tests.packets.tshark import WRONG, shown, streams

ASKED: list[Wish] = [
    Open(1, "echo.example", 7),
    Send(1, b"hello"),
    Resolve(2, "echo.example"),
    Ping(3, "echo.example", 32),
    Open(4, "late.example", 7),
    Shut(1),
]


def served() -> Served:
    service = Service(host="echo.example", port=7, kind="echo")
    return new_network(make_scenario("ec200u", services=[service]))


def heard(peer: Served | TappedServed) -> list[News]:
    told: list[News] = []
    for number, wish in enumerate(ASKED):
        peer.handle_wish(number, wish)
        peer.deadline_ns()
        told += peer.take_news(number)
    return told


def test_the_device_hears_the_same(tmp_path: Path) -> None:
    capture = Capture(tmp_path / "a.pcapng")
    capture.begin(pytest.fail)
    tapped = TappedServed(served(), capture, Book())
    told = heard(tapped)
    assert told == heard(served())
    assert {type(each) for each in told} >= {Opened, Data, Resolved, Pong}
    assert tapped.has("echo.example")
    assert tapped.takes(1, ("echo.example", 7)) == served().takes(1, ("echo.example", 7))
    assert tapped.addresses("echo.example") == served().addresses("echo.example")
    capture.close()


def test_all_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    capture = Capture(file)
    capture.begin(pytest.fail)
    tapped = TappedServed(served(), capture, Book())
    heard(tapped)
    tapped.handle_wish(9, Open(5, "echo.example", 7))
    tapped.finish()
    capture.close()
    assert sorted(data for many in streams(file.read_bytes()).values() for data in many) == [
        b"", b"hello", b"hello",
    ]  # fmt: skip
    assert shown(file, WRONG, "frame.number") == []
    assert [each[0] for each in shown(file, "icmp", "ip.src")] == ["10.0.0.2", "192.0.2.10"]
    assert shown(file, 'frame.comment contains "nobody has answered"', "tcp.dstport") == [["7"]]
    assert (
        len(shown(file, 'syslog.msg contains "late.example:7: failed: not-allowed"', "frame")) == 1
    )
