"""Sockets of a device: bulk over loopback, twelve at once, 64 devices, and in virtual time."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from statistics import median
from typing import Any

import serial
from msgspec.structs import replace

import quecsim
from benchmarks.asking import ask, await_text
from benchmarks.host import BareHost, Host, PyserialHost
from benchmarks.measure import Measurement, median_ratio, spread
from benchmarks.peer import HERE, Peer
from benchmarks.server import Server
from benchmarks.sizes import Sizes
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Network, Scenario

FAST = str(HERE / "fast-network.toml")
NAME, PORT = "server.example", 7
OPEN = b'AT+QIOPEN=1,%d,"TCP","' + NAME.encode() + b'",7,0,%d'
TRANSPARENT, PUSHED = 2, 1
_BAUD, _BITS = 115_200, 10
_LINE_BYTES_PER_S = _BAUD // _BITS
_PACKET_BYTES, _HEADER_BYTES = 1024, 40  # of transparent mode, and what goes with it over the link
_PATIENCE_S = 120.0
_MB = 1e6


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Real sockets first, then virtual time."""
    yield from _bulk(sizes)
    yield from _twelve(sizes)
    yield from _many(sizes)
    yield from _download(sizes)
    yield from _echo(sizes)


def route(port: int) -> str:
    """To a server of this machine."""
    return f"{NAME}:{PORT}=127.0.0.1:{port}"


# a device on a pty, and a server on loopback


def _bulk(sizes: Sizes) -> Iterator[Measurement]:
    """Transparent mode both ways, against a program that only carries the bytes."""
    data = os.urandom(sizes.socket_bytes)
    for kind in (PyserialHost, BareHost):
        with (
            Server() as server,
            Server() as bare_server,
            Peer.simulator(FAST, "--route", route(server.port)) as simulator,
            Peer.bare("bare_bridge.py", str(bare_server.port)) as bridge,
            kind(simulator.port) as host,
            kind(bridge.port) as bare_host,
        ):
            ends = (host, server), (bare_host, bare_server)
            for each, _ in ends:
                _connect(each)
            for words, way in (("to", _up), ("from", _down)):
                rates = [[way(*end, data) for end in ends] for _ in range(sizes.socket_rounds)]
                pairs = [(ours, bare) for ours, bare in rates]
                yield _compare(f"bulk {words} a server, {kind.name}", pairs)


def _connect(host: Host, number: int = 0, mode: int = TRANSPARENT) -> None:
    if not number:
        for command in (b"ATE0", b"AT+QIACT=1"):
            host.ask(command)
    until = b"CONNECT\r\n" if mode == TRANSPARENT else b"+QIOPEN: %d,0\r\n" % number
    host.ask(OPEN % (number, mode), until)


def _up(host: Host, server: Server, data: bytes) -> float:
    """Bytes per second."""
    wanted, begin_s = server.got + len(data), time.perf_counter()
    host.write(data)
    return len(data) / (server.until(wanted) - begin_s)


def _down(host: Host, server: Server, data: bytes) -> float:
    begin_s, left = time.perf_counter(), len(data)
    server.send(data)
    while left > 0:
        left -= len(host.read())
    return len(data) / (time.perf_counter() - begin_s)


def _compare(name: str, pairs: list[tuple[float, float]]) -> Measurement:
    ours, bare = (median(column) for column in zip(*pairs, strict=True))
    return Measurement(
        name,
        median_ratio(pairs),
        "of a bare bridge",
        f"{ours / _MB:.1f} MB/s against {bare / _MB:.0f} MB/s; {spread(pairs)}",
        0.2,
        is_more_better=True,
    )


def _twelve(sizes: Sizes) -> Iterator[Measurement]:
    """Twelve sockets to an echo, each with bytes of its own, which are pushed back at the host."""
    with (
        Server(echoes=True) as server,
        Peer.simulator(FAST, "--route", route(server.port)) as simulator,
        BareHost(simulator.port) as host,
    ):
        for number in range(12):
            _connect(host, number, PUSHED)
        begin_s = time.perf_counter()
        lost = Dialogue(host, sizes.twelve_bytes).run()
        passed_s = time.perf_counter() - begin_s
    moved = 2 * 12 * sizes.twelve_bytes
    detail = f"{moved} bytes both ways, {moved / passed_s / _MB:.2f} MB/s"
    yield Measurement("12 sockets at once, lost or damaged", lost, "bytes", detail, 0.0)


class Dialogue:
    """Sends on twelve sockets in turn, and sorts what is pushed back."""

    def __init__(self, host: BareHost, each_bytes: int) -> None:
        self._host = host
        self._text = bytearray()
        self._wanted = {number: _pattern(number, each_bytes) for number in range(12)}
        self._got = {number: bytearray() for number in range(12)}

    def run(self) -> int:
        """Returns how many bytes did not come back as they were."""
        sent = dict.fromkeys(self._wanted, 0)
        for number in cycle(self._wanted):
            piece = self._wanted[number][sent[number] :][:1460]
            if piece:
                self._host.write(b"AT+QISEND=%d,%d\r" % (number, len(piece)))
                self._until(b"> ")
                self._host.write(piece)
                self._until(b"SEND OK\r\n")
                sent[number] += len(piece)
            elif all(sent[each] == len(whole) for each, whole in self._wanted.items()):
                break
        while any(len(self._got[each]) < len(whole) for each, whole in self._wanted.items()):
            self._read()
        return sum(
            sum(one != other for one, other in zip(self._got[each], whole, strict=True))
            for each, whole in self._wanted.items()
        )

    def _until(self, wanted: bytes) -> None:
        while not self._take(wanted):
            self._read()

    def _read(self) -> None:
        self._text += self._host.read()
        self._take(b"")

    def _take(self, wanted: bytes) -> bool:
        """Take what was pushed out of the text, and `wanted` where it stands between."""
        while True:
            text = self._text
            if wanted and text.startswith(b"\r\n" + wanted):
                del text[: 2 + len(wanted)]
                return True
            head, _, rest = bytes(text[:64]).partition(b"\r\n+QIURC: ")
            if head or b"\r\n" not in rest:
                return False
            line = rest.partition(b"\r\n")[0]
            number, count = map(int, line.split(b",")[1:3])
            start = len(b"\r\n+QIURC: ") + len(line) + 2
            if len(text) < start + count + 2:
                return False
            self._got[number] += text[start : start + count]
            del text[: start + count + 2]


def _pattern(number: int, size: int) -> bytes:
    pattern = bytes(range(256)) + bytes([number])
    return (pattern * (size // len(pattern) + 1))[:size]


def _many(sizes: Sizes) -> Iterator[Measurement]:
    """Each device on a connection of its own at 115200: what it sends comes back, both at once."""
    count, size = sizes.linked, sizes.linked_bytes
    with (
        Server(echoes=True) as server,
        Peer(
            sys.executable, "-m", "benchmarks.many_devices", str(count), route(server.port)
        ) as peer,
    ):
        ports = [peer.port, *(peer.line() for _ in range(count - 1))]
        command = [sys.executable, "-m", "benchmarks.many_links", str(size), *ports]
        hosts = subprocess.Popen(
            command, cwd=HERE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert hosts.stdout is not None
        assert hosts.stdin is not None
        hosts.stdout.readline()  # all are connected
        before_ns, begin_ns = peer.cpu_ns_of_all, time.monotonic_ns()
        hosts.stdin.write("go\n")
        hosts.stdin.flush()
        found: list[dict[str, Any]] = json.loads(hosts.stdout.readline())
        used_ns, passed_ns = peer.cpu_ns_of_all - before_ns, time.monotonic_ns() - begin_ns
        hosts.communicate(timeout=_PATIENCE_S)
    intact = sum(each["is_same"] for each in found)
    name = f"{count} devices with a connection each at {_BAUD}"
    yield Measurement(f"{name}, damaged", count - intact, "connections", f"{intact} intact", 0.0)
    yield Measurement(
        f"{name}, processor",
        used_ns / passed_ns,
        "cores",
        f"{used_ns / 1e9:.2f} s in {passed_ns / 1e9:.2f} s; {size} bytes each, both ways",
        1.0,
    )


# virtual time


def _download(sizes: Sizes) -> Iterator[Measurement]:
    """A file over HTTP into UFS: at the rate of the line, to be compared with an upload, and at the
    bearer's own, where the flash takes most of the time.
    """
    size = sizes.virtual_bytes
    for name, network, need in (
        ("as fast as the line", Network(down_bytes_per_s=_LINE_BYTES_PER_S), 1000),
        ("over LTE", Network(), None),
    ):
        model_s, real_s = _fetch(size, network)
        yield Measurement(
            f"HTTP download in virtual time, {name}",
            model_s / real_s,
            "x real time",
            f"{size} bytes: {model_s:.1f} s of model time in {real_s:.3f} s",
            need,
            is_more_better=True,
        )


def _fetch(size: int, network: Network) -> tuple[float, float]:
    """(model time, processor time) in seconds."""
    files = {"/f.bin": HttpFile(drawn_bytes=size)}
    service = Service(host=NAME, port=80, kind="http", http=HttpSettings(files=files))
    url = b"http://" + NAME.encode() + b"/f.bin"
    with quecsim.open_virtual(scenario=_scenario(service, network, "typical")) as device:
        port = _virtual(device.url)
        ask(port, b"AT+QHTTPURL=%d,80" % len(url), b"CONNECT\r\n")
        port.write(url)
        await_text(port, b"OK\r\n")
        begin_s, begin_ns = time.monotonic(), time.process_time_ns()
        ask(port, b"AT+QHTTPGET=80", b"+QHTTPGET: 0,200,%d\r\n" % size)
        ask(port, b'AT+QHTTPREADFILE="UFS:f.bin",80', b"+QHTTPREADFILE: 0\r\n")
        passed = time.monotonic() - begin_s, (time.process_time_ns() - begin_ns) / 1e9
        if len(device.read_file("f.bin")) != size:
            raise RuntimeError("the download is not whole")
    return passed


def _echo(sizes: Sizes) -> Iterator[Measurement]:
    """Transparent mode to an echo: both ways at once take as long as one, where that is slow."""
    size = sizes.echo_bytes
    packets = -(-size // _PACKET_BYTES)
    slow = 5000
    for name, network, least_s in (
        ("the line", Network(), size / _LINE_BYTES_PER_S),
        ("the link", Network(up_bytes_per_s=slow), (size + packets * _HEADER_BYTES) / slow),
    ):
        took_s = _echoed(size, network)
        yield Measurement(
            f"echo in virtual time, slow is {name}",
            (took_s / least_s - 1) * 100,
            "% off its own time",
            f"{size} bytes there and back: {took_s:.2f} s, and {name} alone {least_s:.2f} s",
            0.5 if size >= _MB else None,
        )


def _echoed(size: int, network: Network) -> float:
    service = Service(host=NAME, port=PORT, kind="echo")
    data = _pattern(7, size)
    with quecsim.open_virtual(scenario=_scenario(service, network, "instant")) as device:
        port = _virtual(device.url)
        ask(port, OPEN % (0, TRANSPARENT), b"CONNECT\r\n")
        begin_s, got = time.monotonic(), bytearray()
        for start in range(0, size, 2048):
            port.write(data[start : start + 2048])
            got += port.read(port.in_waiting)
        while len(got) < size:
            piece = port.read(min(4096, size - len(got)))
            if not piece:
                raise RuntimeError(f"{len(got)} of {size} bytes came back")
            got += piece
        took_s = time.monotonic() - begin_s
    if got != data:
        raise RuntimeError("what came back is something else")
    return took_s


def _scenario(service: Service, network: Network, flash: str) -> Scenario:
    plain = make_scenario("ec200u", flash=flash)
    return replace(plain, services=(service,), network=network)


def _virtual(url: str) -> Any:
    port = serial.serial_for_url(url, baudrate=_BAUD, timeout=900, rtscts=True)
    time.sleep(3)
    for command in (b"ATE0", b"AT+IFC=2,2", b"AT+QIACT=1"):
        ask(port, command)
    return port
