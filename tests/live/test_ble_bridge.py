"""The socket between two simulators: who comes, what is no protocol, and who does not listen."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quecsim.border import ble
from quecsim.errors import QuecsimError
from quecsim.live.ble_bridge import BleBridge, BridgeEnd
from quecsim.peers import ble_talk as talk
from quecsim.peers.ble_far import FarDevice
from quecsim.units import MS
from tests.live.control.bench import runtime_folder

SERVICES = (ble.GattService("fff1", (ble.Characteristic("fff2", write_command=True),)),)
ADVERTISE = ble.Advertise("light", "c0ffee000001", 100 * MS, services=SERVICES)
HELLO = {"say": "hello", "v": 1, "device": "other"}


class Bench:
    """One end, which the test turns."""

    def __init__(self, folder: Path, *, listens: bool = True) -> None:
        self.path = str(folder / "air")
        self.far = FarDevice(1, address="c0ffee000001")
        self.told: list[str] = []
        self.stirred = 0
        end = BridgeEnd(self.path, listens)
        self.bridge = BleBridge(end, "fcm242d", self.far, self._stir, self.told.append)
        self.partners: list[socket.socket] = []

    def _stir(self, act: Any) -> None:
        self.stirred += 1
        act(0)

    def come(self) -> socket.socket:
        """Somebody connects."""
        partner = socket.socket(socket.AF_UNIX)
        partner.connect(self.path)
        partner.setblocking(False)
        self.partners.append(partner)
        self.bridge.serve()
        return partner

    def hear(self, partner: socket.socket, *lines: dict[str, Any] | bytes) -> None:
        """He says something."""
        for line in lines:
            partner.sendall(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
        self.bridge.serve()

    def close(self) -> None:
        """The end of everything."""
        self.bridge.close()
        for partner in self.partners:
            partner.close()


def said(partner: socket.socket) -> list[Any]:
    """All that has come to him."""
    data = partner.recv(1 << 20)
    return [json.loads(line) for line in data.splitlines()]


def is_over(partner: socket.socket) -> bool:
    """He was hung up on."""
    try:
        while partner.recv(1 << 20):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        pass
    return True


@pytest.fixture
def folder() -> Iterator[Path]:
    with runtime_folder() as made:
        yield made


@pytest.fixture
def bench(folder: Path) -> Iterator[Bench]:
    made = Bench(folder)
    yield made
    made.close()
    assert not Path(made.path).exists()


def test_both_say_hello_and_then_what_the_device_does(bench: Bench) -> None:
    bench.far.handle_wish(0, ADVERTISE)
    bench.bridge.serve()
    partner = bench.come()
    hello, advertising = said(partner)
    assert hello == {"say": "hello", "v": 1, "device": "fcm242d"}
    assert (advertising["say"], advertising["name"]) == ("advertising", "light")
    bench.hear(partner, HELLO)
    assert bench.told == ["the Bluetooth LE of another simulator is on the air: other"]
    assert bench.stirred == 0
    bench.hear(partner, {"say": "connect", "address": "c0ffee000002"}, b'{"say":"wri')
    assert said(partner) == [{"say": "connected"}]
    bench.hear(partner, b'te","uuid":"fff2","data":"aGVsbG8="}\n')
    assert bench.far.take_news(0) == [ble.Joined("c0ffee000002"), ble.Came("fff2", b"hello")]
    assert bench.stirred == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "none of the protocol"),
        (b"\xff\xfe\n", "none of the protocol"),
        (b'{"say":"mtu","mtu":1}\n', "none of the protocol"),
        (b"[" * 20_000 + b"\n", "none of the protocol"),
        (b'{"say":"silent"}\n', "has not said hello"),
        (b'{"say":"hello","v":2}\n', "speaks version 2 of the bridge, this one 1"),
    ],
)
def test_what_is_no_protocol_ends_it_with_one_message(bench: Bench, line: bytes, why: str) -> None:
    partner = bench.come()
    bench.hear(partner, line + line)
    assert len(bench.told) == 1
    assert why in bench.told[0]
    assert is_over(partner)
    bench.hear(bench.come(), HELLO)
    assert bench.told[1:] == ["the Bluetooth LE of another simulator is on the air: other"]


def test_a_line_has_an_end(bench: Bench) -> None:
    partner = bench.come()
    for _ in range(8):
        if not bench.told:
            bench.hear(partner, b" " * 30_000)
    assert bench.told == [
        "the other simulator's Bluetooth LE is out of range: a line has at most 65536 bytes"
    ]


def test_what_was_said_before_the_nonsense_counts(bench: Bench) -> None:
    bench.far.handle_wish(0, ADVERTISE)
    partner = bench.come()
    bench.hear(partner, HELLO, {"say": "connect", "address": "c0ffee000002"}, b"?\n")
    assert bench.far.take_news(0) == [ble.Joined("c0ffee000002"), ble.Left(ble.BleWhy.TIMEOUT)]


def test_one_at_a_time(bench: Bench) -> None:
    first = bench.come()
    second = bench.come()
    assert is_over(second)
    assert not is_over(first)
    first.close()
    bench.bridge.serve()
    assert bench.told == ["the other simulator's Bluetooth LE is out of range: it has ended"]
    assert said(bench.come())


def test_who_does_not_read_is_not_waited_for(bench: Bench) -> None:
    partner = bench.come()
    bench.hear(partner, HELLO)
    bench.far.handle_wish(0, ADVERTISE)
    for _ in range(60):
        for _ in range(500):
            bench.far.handle_wish(0, ADVERTISE)
        bench.bridge.serve()
    assert bench.told[1:] == [
        "the other simulator's Bluetooth LE is out of range: it does not read what this one says"
    ]
    bench.bridge.serve()


def test_a_device_that_is_behind_is_told_no_more_until_it_is_not(bench: Bench) -> None:
    bench.far.handle_wish(0, ADVERTISE)
    partner = bench.come()
    bench.hear(partner, HELLO, {"say": "connect", "address": "c0ffee000002"})
    piece = talk.line_of(talk.Write(uuid="fff2", data=b"1"))
    bench.hear(partner, piece * 1100)
    assert bench.far.is_full
    stirred = bench.stirred
    bench.hear(partner, piece)
    bench.bridge.serve()
    assert bench.stirred == stirred
    while bench.far.is_full:
        bench.far.take_news(0)
        bench.far.handle_taken(0)
    bench.bridge.serve()
    bench.bridge.serve()
    assert bench.stirred == stirred + 1


def test_the_other_end(folder: Path) -> None:
    with pytest.raises(QuecsimError, match="nobody listens at") as caught:
        Bench(folder, listens=False)
    assert "--ble-listen" in caught.value.hint
    listener = Bench(folder)
    other = Bench(folder, listens=False)
    for _ in range(2):
        other.bridge.serve()
        listener.bridge.serve()
    assert [len(each.told) for each in (listener, other)] == [1, 1]
    with pytest.raises(QuecsimError, match="air"):
        Bench(folder)
    listener.close()
    other.bridge.serve()
    assert "out of range" in other.told[-1]
    other.bridge.serve()
    other.close()
