"""The network behind a device: a whole story and many messages in virtual time; a live broker."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import serial
from msgspec.structs import replace

import quecsim
from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.mqtt import ConnAck, Connect, Publish, Reader, Subscribe, encode
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Network, Scenario
from quecsim.tls.authority import authority_pem

_NAME, _PORT = "broker.example", 8883
_STORY_NEED_MS = 60.0
_BAUD, _BITS = 115_200, 10
_PATIENCE_S = 30.0
_FILE = 'AT+QFUPL="UFS:ca.pem",%d,10,1'
_OPEN = (
    'AT+QSSLCFG="seclevel",2,1',
    'AT+QSSLCFG="cacert",2,"UFS:ca.pem"',
    'AT+QMTCFG="ssl",0,1,2',
    f'AT+QMTOPEN=0,"{_NAME}",{_PORT}',
)


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """In virtual time first, then against mosquitto."""
    yield _stories(sizes.stories)
    yield from _messages(sizes.messages)
    if shutil.which("mosquitto") is None:
        return
    with _mosquitto() as port:
        yield _round_trips(port, sizes.round_trips)
        yield _many(port, sizes.brokered)


def _scenario(*, tls: bool) -> Scenario:
    service = Service(host=_NAME, port=_PORT, tls=ServiceTls() if tls else None)
    plain = make_scenario("ec200u", flash="instant")
    return replace(plain, services=(service,), network=Network(latency_ms=0))


def _stories(count: int) -> Measurement:
    """Start, upload, TLS, CONNECT, publish, receive: processor time of each."""
    scenario, pem = _scenario(tls=True), authority_pem()
    _story(scenario, pem)
    times = []
    for _ in range(count):
        begin_ns = time.process_time_ns()
        _story(scenario, pem)
        times.append((time.process_time_ns() - begin_ns) / 1e6)
    detail = f"{min(times):.1f} .. {max(times):.1f} ms; {1000 / median(times):.0f} a second"
    return Measurement("a story up to the broker", median(times), "ms", detail, _STORY_NEED_MS)


def _story(scenario: Scenario, pem: bytes) -> None:
    with quecsim.open_virtual(scenario=scenario, power_on=True) as device:
        port = serial.serial_for_url(device.url, timeout=_PATIENCE_S)
        _await(port, b"PB DONE\r\n")
        _ask(port, "ATE0")
        _ask(port, _FILE % len(pem), b"CONNECT\r\n")
        port.write(pem[:1024])
        _await(port, b"A")
        port.write(pem[1024:])
        _await(port, b"OK\r\n")
        for command in _OPEN:
            _ask(port, command)
        _await(port, b"+QMTOPEN: 0,0\r\n")
        _converse(port)


def _converse(port: Any) -> None:
    _ask(port, 'AT+QMTCONN=0,"bench"', b"+QMTCONN: 0,0,0\r\n")
    _ask(port, 'AT+QMTSUB=0,1,"a/b",1', b"+QMTSUB: 0,1,0,1\r\n")
    port.write(b'AT+QMTPUB=0,2,1,0,"a/b","hello"\r')
    _await(port, b'"hello"\r\n', b"+QMTPUB: 0,2,0\r\n")


def _messages(count: int) -> Iterator[Measurement]:
    """From the broker in process to the host, at the highest rate of the line."""
    with quecsim.open_virtual(scenario=_scenario(tls=False), speed="unlimited") as device:
        port = serial.serial_for_url(device.url, timeout=_PATIENCE_S)
        time.sleep(3)
        _ask(port, "ATE0")
        _ask(port, _OPEN[-1], b"+QMTOPEN: 0,0\r\n")
        _ask(port, 'AT+QMTCONN=0,"bench"', b"+QMTCONN: 0,0,0\r\n")
        _ask(port, 'AT+QMTSUB=0,1,"#",0', b"+QMTSUB: 0,1,0,0\r\n")
        begin_ns, got = time.process_time_ns(), 0
        for begin in range(0, count, 50):
            for number in range(begin, min(begin + 50, count)):
                device.publish("a/b", b"%d" % number)
            text = port.read_until(b'"%d"\r\n' % (min(begin + 50, count) - 1))
            got += text.count(b"+QMTRECV")
        took_s = (time.process_time_ns() - begin_ns) / 1e9
    yield Measurement(
        "messages to the host, virtual", count / took_s, "a second", "", 2000, is_more_better=True
    )
    yield Measurement("messages damaged or lost", count - got, "messages", f"of {count}", 0.0)


@contextmanager
def _mosquitto() -> Iterator[int]:
    """A real broker on loopback; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "mosquitto.conf")
        config.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
        )
        broker = subprocess.Popen(["mosquitto", "-c", config], stderr=subprocess.DEVNULL)
        try:
            end_s = time.monotonic() + _PATIENCE_S
            while time.monotonic() < end_s:
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", port)) == 0:
                        break
            yield port
        finally:
            broker.terminate()
            broker.wait()


def _round_trips(port: int, count: int) -> Measurement:
    """A message through device and mosquitto, against the line's time and mosquitto's own."""
    own_s = _bare_round_trip(port, count)
    scenario = replace(make_scenario("ec200u", flash="instant"), network=Network(latency_ms=0))
    command = b'AT+QMTPUB=0,0,0,0,"a/b","0123456789"\r\n'  # without LF it waits for one
    answers = (
        b"\r\nOK\r\n",
        b'\r\n+QMTRECV: 0,0,"a/b","0123456789"\r\n',
        b"\r\n+QMTPUB: 0,0,0\r\n",
    )
    line_s = (len(command) + sum(map(len, answers))) * _BITS / _BAUD
    with quecsim.open(scenario=scenario, routes=[f"{_NAME}:{_PORT}=127.0.0.1:{port}"]) as device:
        host = serial.Serial(device.port, _BAUD, timeout=_PATIENCE_S)
        time.sleep(2.1)
        _ask(host, "ATE0")
        _ask(host, _OPEN[-1], b"+QMTOPEN: 0,0\r\n")
        _ask(host, 'AT+QMTCONN=0,"bench"', b"+QMTCONN: 0,0,0\r\n")
        _ask(host, 'AT+QMTSUB=0,1,"#",0', b"+QMTSUB: 0,1,0,0\r\n")
        times = []
        for _ in range(count):
            begin_s = time.perf_counter()
            host.write(command)
            _await(host, *answers)
            times.append(time.perf_counter() - begin_s)
        gap_s = scenario.profile().at.urc_gap_ms / 1000
        host.close()
    took_s, bound_s = median(times), line_s + own_s + gap_s
    detail = (
        f"{took_s * 1000:.2f} ms; line {line_s * 1000:.2f}, gap behind a result {gap_s * 1000:.0f},"
        f" mosquitto {own_s * 1000:.2f} ms"
    )
    return Measurement("a message through device and mosquitto", took_s / bound_s, "x", detail, 1.2)


def _bare_round_trip(port: int, count: int) -> float:
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = Reader(1 << 16)
        client.sendall(encode(Connect("bare")))
        assert ConnAck() in list(reader.feed(client.recv(100)))
        client.sendall(encode(Subscribe(1, (("a/b", 0),))))
        list(reader.feed(client.recv(100)))
        message, times = encode(Publish("a/b", b"0123456789")), []
        for _ in range(count):
            begin_s = time.perf_counter()
            client.sendall(message)
            assert list(reader.feed(client.recv(100)))
            times.append(time.perf_counter() - begin_s)
    return median(times)


def _many(port: int, count: int) -> Measurement:
    """So many devices on one broker at once; each publishes, and gets its own message back."""
    devices = [
        quecsim.open("ec200u", flash="instant", routes=[f"{_NAME}:{_PORT}=127.0.0.1:{port}"])
        for _ in range(count)
    ]
    try:
        hosts = [serial.Serial(device.port, _BAUD, timeout=_PATIENCE_S) for device in devices]
        time.sleep(3)
        steps = (
            ("ATE0", "OK\r\n"),
            (_OPEN[-1], "+QMTOPEN: 0,0\r\n"),
            ('AT+QMTCONN=0,"dev{n}"', "+QMTCONN: 0,0,0\r\n"),
            ('AT+QMTSUB=0,1,"d/{n}",0', "+QMTSUB: 0,1,0,0\r\n"),
            ('AT+QMTPUB=0,0,0,0,"d/{n}","{n}"', '"{n}"\r\n'),
        )
        fine = set(range(count))
        for command, until in steps:
            for number, host in enumerate(hosts):
                host.write(command.replace("{n}", str(number)).encode() + b"\r")
            for number, host in enumerate(hosts):
                wanted = until.replace("{n}", str(number)).encode()
                if not host.read_until(wanted).endswith(wanted):
                    fine.discard(number)
        for host in hosts:
            host.close()
    finally:
        for device in devices:
            device.close()
    name = f"{count} devices on one broker, failed"
    return Measurement(name, count - len(fine), "devices", f"{len(fine)} of {count} are fine", 0.0)


def _ask(port: Any, command: str, until: bytes = b"OK\r\n") -> None:
    port.write(command.encode() + b"\r")
    _await(port, until)


def _await(port: Any, *wanted: bytes) -> None:
    """All of `wanted`, in whatever order."""
    text = b""
    while not all(one in text for one in wanted):
        piece: bytes = port.read(1)
        assert piece, f"silence after {text!r}"
        text += piece + port.read(port.in_waiting)
