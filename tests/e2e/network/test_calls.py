"""A device that is called by programs of this machine, on a pty, as its user runs it."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.run.replay import replay
from quecsim.trace.jsonl import read_trace
from tests.e2e.network.host import Host
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator
from tests.live.control.bench import runtime_folder

pytestmark = pytest.mark.pty
LISTENER = 'AT+QIOPEN=1,0,"TCP LISTENER","127.0.0.1",0,2020,0'
SERVICE = 'AT+QIOPEN=1,1,"UDP SERVICE","127.0.0.1",0,3030,1'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def call(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=READ_TIMEOUT_S)


def settle(host: Host) -> None:
    host.command("ATE0")
    host.reads(b"ATE0\r\r\nOK\r\n")
    host.ask("AT+QIACT=1")


def settled(simulator: RunningSimulator) -> Host:
    host = Host(simulator.open())
    settle(host)
    return host


def exchange(host: Host, number: int, end: socket.socket) -> None:
    end.sendall(b"question")
    host.hears(f'+QIURC: "recv",{number}')
    host.command(f"AT+QIRD={number},100")
    host.reads(b"\r\n+QIRD: 8\r\nquestion\r\nOK\r\n")
    host.is_prompted(f"AT+QISEND={number},6")
    host.write(b"answer")
    host.reads(b"\r\nSEND OK\r\n")
    assert end.recv(100) == b"answer"


def test_a_server_on_the_device_and_its_record(tmp_path: Path) -> None:
    trace, port = tmp_path / "calls.jsonl", free_port()
    listen = ("--listen", f"2020=127.0.0.1:{port}", "--trace", str(trace))
    with RunningSimulator("ec200u", *listen) as simulator:
        host = settled(simulator)
        host.ask(LISTENER)
        host.hears("+QIOPEN: 0,0")
        simulator.until_it_says(f"the device's port 2020 is at 127.0.0.1:{port}\n")
        with call(port) as one, call(port) as two:
            for number, end in ((11, one), (10, two)):
                host.hears(f'+QIURC: "incoming",{number},0,"127.0.0.1",{end.getsockname()[1]}')
            exchange(host, 11, one)
            exchange(host, 10, two)
            one.shutdown(socket.SHUT_WR)
            host.hears('+QIURC: "closed",11')
            host.ask("AT+QICLOSE=11")
            assert one.recv(1) == b""
            host.ask("AT+CFUN=1,1")
            with pytest.raises(ConnectionResetError):
                two.recv(1)
        host.listens(b"+QIND: PB DONE")
        with pytest.raises(ConnectionRefusedError):
            call(port)
        settle(host)
        host.ask(LISTENER)
        host.hears("+QIOPEN: 0,0")
        call(port).close()
        host.listens(b'+QIURC: "closed",11')
        host.port.close()
        assert simulator.stop() == 0
    with pytest.raises(ConnectionRefusedError):
        call(port)
    _, events = read_trace(trace)
    replayed = replay(events)
    assert replayed.is_same, (replayed.was, replayed.now)


def test_datagrams_and_where_they_arrive() -> None:
    with (
        runtime_folder(),
        RunningSimulator("ec200u") as simulator,
        socket.socket(type=socket.SOCK_DGRAM) as other,
    ):
        other.bind(("127.0.0.1", 0))
        other.settimeout(READ_TIMEOUT_S)
        host = settled(simulator)
        host.ask(SERVICE)
        host.hears("+QIOPEN: 1,0")
        simulator.until_it_says("the device's UDP port 3030 is at ")
        asked = [sys.executable, "-m", "quecsim", "ctl", "network", "--json"]
        shown = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
        (door,) = (link["door"] for link in shown["links"])
        assert re.fullmatch(r"127\.0\.0\.1:\d+", door)
        other.sendto(b"ping", ("127.0.0.1", int(door.rpartition(":")[2])))
        where = other.getsockname()[1]
        host.hears(f'+QIURC: "recv",1,4,"127.0.0.1",{where}\r\nping')
        host.is_prompted(f'AT+QISEND=1,4,"127.0.0.1",{where}')
        host.write(b"pong")
        host.reads(b"\r\nSEND OK\r\n")
        assert other.recv(100) == b"pong"
        host.port.close()
        assert simulator.stop() == 0
