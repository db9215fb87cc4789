"""A host on a connection: he comes, sets, says and goes; a second one is sent away."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from quecsim.live.ports.deed import ModemLines, Switch
from quecsim.live.ports.gates import gates_of
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.tap.host import Did, Presence
from quecsim.tap.host_net import HostNet

LINE = HostLineSettings(57_600, "8N1", "none")
LINES = ModemLines(cts=True, dsr=False, dcd=False, ri=False, idle=True)
WILL_COM_PORT = bytes((255, 251, 44))
COME, GO = Presence(is_open=True), Presence(is_open=False)


def order(code: int, value: bytes) -> bytes:
    return bytes((255, 250, 44, code)) + value + bytes((255, 240))


class Bench:
    def __init__(self, kind: str) -> None:
        (gate,) = gates_of({kind: "0"}, is_remote_allowed=False)
        self.told: list[str] = []
        self.host = HostNet(gate, LINE, lambda: LINES, "a tap", self.told.append)
        self.did: list[Did] = []
        self.calls: list[socket.socket] = []

    def call(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.host.entrance.port), 10)
        self.calls.append(made)
        return made

    def until(self, is_so: Callable[[], bool]) -> None:
        end_s = time.monotonic() + 30
        while not is_so():
            assert time.monotonic() < end_s, f"it never came to that: {self.did}"
            self.did += self.host.take(4096)

    def close(self) -> None:
        for each in self.calls:
            each.close()
        self.host.close()


@pytest.fixture
def tcp() -> Iterator[Bench]:
    made = Bench("tcp")
    yield made
    made.close()


@pytest.fixture
def rfc2217() -> Iterator[Bench]:
    made = Bench("rfc2217")
    yield made
    made.close()


def test_nobody_is_there_at_first(tcp: Bench) -> None:
    assert tcp.host.take(100) == []
    assert tcp.host.write(b"x") == 0
    assert tcp.host.path == f"socket://127.0.0.1:{tcp.host.entrance.port}"


def test_bytes_both_ways(tcp: Bench) -> None:
    call = tcp.call()
    every = bytes(range(256))
    call.sendall(every)
    tcp.until(lambda: len(tcp.did) > 1)
    assert tcp.did == [COME, every]
    assert tcp.host.is_open
    assert tcp.host.write(every) == 256
    assert call.recv(1000) == every


def test_whoever_hangs_up_has_gone_after_his_time_for_an_answer(tcp: Bench) -> None:
    call = tcp.call()
    call.sendall(b"AT\r")
    call.shutdown(socket.SHUT_WR)
    tcp.until(lambda: b"AT\r" in tcp.did)
    tcp.host.write(b"OK")
    assert call.recv(10) == b"OK"
    tcp.until(lambda: GO in tcp.did)
    assert not tcp.host.is_open
    tcp.call()
    tcp.until(lambda: tcp.did[-1] == COME)


def test_a_second_one_is_sent_away(tcp: Bench) -> None:
    tcp.call()
    tcp.until(lambda: COME in tcp.did)
    second = tcp.call()
    tcp.until(lambda: len(tcp.told) > 1)
    assert b"one host at a time" in second.recv(1000)
    assert tcp.did == [COME]


def test_settings_and_lines_in_the_order_in_which_they_came(rfc2217: Bench) -> None:
    call = rfc2217.call()
    call.sendall(WILL_COM_PORT + order(1, (9600).to_bytes(4)) + order(3, bytes((3,))))
    call.sendall(b"AT\r" + order(5, bytes((9,))))  # DTR off
    rfc2217.until(lambda: Switch("dtr", is_on=False) in rfc2217.did)
    settings = [each for each in rfc2217.did if isinstance(each, HostLineSettings)]
    assert settings[-1] == HostLineSettings(9600, "8E1", "none")
    assert rfc2217.did.index(b"AT\r") > rfc2217.did.index(settings[-1])
    assert rfc2217.host.shows_frame


def test_the_modules_lines_are_told(rfc2217: Bench) -> None:
    call = rfc2217.call()
    call.sendall(WILL_COM_PORT)
    got = bytearray()

    def told() -> bool:
        call.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            got.extend(call.recv(1000))
        return bytes((255, 250, 44, 107)) in got

    rfc2217.until(told)
    state = got[got.index(bytes((255, 250, 44, 107))) + 4]
    assert state & 0x30 == 0x10  # CTS, and not DSR


def test_nothing_is_read_that_is_not_wanted(tcp: Bench) -> None:
    tcp.call().sendall(b"AT\r")
    while not (did := tcp.host.take(0)):
        pass
    assert did == [COME]
    assert tcp.host.take(0) == []
    tcp.until(lambda: b"AT\r" in tcp.did)
