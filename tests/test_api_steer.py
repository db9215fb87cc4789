"""Looking into an open device and steering it: events, faults, the control socket."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

import quecsim
from quecsim.faults import EchoOn
from quecsim.live.control.client import ControlClient
from quecsim.run.replay import replay
from quecsim.trace.event import CommandLine, Power, Result
from tests.live.control.bench import runtime_folder
from tests.peers.bench import SERVICE, subscribe

pytestmark = pytest.mark.pty
PATIENCE_S = 60.0


@pytest.fixture
def device() -> Iterator[quecsim.OpenDevice]:
    with quecsim.open("ec200u", time_scale=50) as opened:
        yield opened


def say(device: quecsim.OpenDevice, line: bytes) -> None:
    with serial.Serial(device.port, 115_200, timeout=PATIENCE_S) as port:
        port.write(line + b"\r")
        assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")


def test_what_has_happened_already(device: quecsim.OpenDevice) -> None:
    say(device, b"ATI")
    line = device.wait_for("CommandLine", text="ATI", since="start", timeout_s=PATIENCE_S)
    assert isinstance(line, CommandLine)
    result = device.wait_for(Result, since=line, timeout_s=PATIENCE_S)
    assert isinstance(result, Result)
    assert device.events()[0].at_ns == 0
    assert device.events(since=line)[-1] == device.events()[-1]
    assert device.events(since="now") == []


def test_what_happens_while_one_waits(device: quecsim.OpenDevice) -> None:
    found: list[object] = []

    def wait() -> None:
        found.append(device.wait_for("Power", state="off", since="start", timeout_s=PATIENCE_S))

    waiting = threading.Thread(target=wait)
    waiting.start()
    device.cut_power()
    waiting.join(PATIENCE_S)
    assert isinstance(found[0], Power)
    assert found[0].why == "power cut"


def test_a_fault_from_now_on(device: quecsim.OpenDevice) -> None:
    begin = device.events()[-1]
    index = device.inject("power_cut", at_ms=0, off_ms=50)
    off = device.wait_for("Power", state="off", since=begin, timeout_s=PATIENCE_S)
    device.wait_for("Power", state="on", since=off, timeout_s=PATIENCE_S)
    assert device.inject(EchoOn()) == index + 1
    assert [(fault.kind, fault.fired) for fault in device.faults()] == [
        ("power_cut", 1),
        ("echo_on", 0),
    ]


def test_what_does_not_happen(device: quecsim.OpenDevice) -> None:
    with pytest.raises(TimeoutError, match=r"no Lost cause=ring within 0\.01 s"):
        device.wait_for("Lost", cause="ring", timeout_s=0.01)
    with pytest.raises(quecsim.QuecsimError, match="no event 'Loss'"):
        device.wait_for("Loss")
    with pytest.raises(quecsim.QuecsimError, match="there is no fault 'flood'"):
        device.inject("flood")


def test_closing_ends_a_wait() -> None:
    device = quecsim.open("ec200u")
    caught: list[BaseException] = []
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        try:
            device.wait_for("Lost", timeout_s=PATIENCE_S)
        except quecsim.QuecsimError as error:
            caught.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait(PATIENCE_S)
    device.close()
    waiting.join(PATIENCE_S)
    assert "this device is closed" in str(caught[0])
    assert isinstance(device.wait_for("Power", since="start"), Power)  # what was can be looked at
    with pytest.raises(quecsim.QuecsimError, match="closed"):
        device.inject("power_cut", at_ms=0)


def test_a_failure_inside_ends_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    device = quecsim.open("ec200u")

    def broken(now_ns: int) -> None:
        raise AssertionError("bytes vanished")

    monkeypatch.setattr(device._simulator.rig, "advance", broken)
    with serial.Serial(device.port, 115200) as port:
        port.write(b"AT\r")  # an idle device has nothing to do
        with pytest.raises(AssertionError, match="bytes vanished"):
            device.wait_for("Lost", timeout_s=PATIENCE_S)
    with pytest.raises(AssertionError, match="bytes vanished"):
        device.close()


def test_a_control_socket_for_other_processes(tmp_path: Path) -> None:
    with runtime_folder() as runtime:
        with (
            quecsim.open("ec200u", ctl=True, files={"a": b"x"}) as device,
            ControlClient(device.ctl) as client,
        ):
            assert client.greeting().port == device.port
            assert client.files() == {"UFS:a": 1}
            assert client.power("off") == device.power == "off"
        with quecsim.open("ec200u", ctl=tmp_path / "sock") as device:
            assert device.ctl == str(tmp_path / "sock")
        assert list(runtime.rglob("*.sock")) == []
        assert not (tmp_path / "sock").is_symlink()
    with quecsim.open("ec200u") as device:
        assert device.ctl == ""


def test_a_socket_that_cannot_be_leaves_no_device_behind(tmp_path: Path) -> None:
    (tmp_path / "sock").touch()
    link = tmp_path / "modem"
    with runtime_folder(), pytest.raises(quecsim.QuecsimError, match="is taken"):
        quecsim.open("ec200u", ctl=tmp_path / "sock", link=link)
    assert not link.is_symlink()


def test_the_network_over_a_real_port() -> None:
    service = quecsim.Service(**SERVICE)
    route = "real.example:1883=127.0.0.1:1"
    with quecsim.open("ec200u", time_scale=1, services=[service], routes=[route]) as device:
        with serial.Serial(device.port, 115_200, timeout=PATIENCE_S) as port:
            waiting = threading.Thread(
                target=device.wait_for_subscriber, args=("a/b",), kwargs={"timeout_s": PATIENCE_S}
            )
            waiting.start()
            subscribe(port)
            waiting.join(PATIENCE_S)
            assert device.publish("a/b", b"hello", qos=1) == 1
            assert port.read_until(b'"hello"\r\n').endswith(b'+QMTRECV: 0,1,"a/b","hello"\r\n')
            state = device.network()
            assert (state.registration, state.routes) == ("home", (route,))
            device.kill_link(state.links[0], how="fin")
            assert port.read_until(b"+QMTSTAT: 0,1\r\n").endswith(b"+QMTSTAT: 0,1\r\n")
            assert device.drop_bearer() == (1,)
            assert port.read_until(b'"pdpdeact",1\r\n').endswith(b'+QIURC: "pdpdeact",1\r\n')
        with pytest.raises(TimeoutError, match=r"subscribed to a/b within 0\.01 s"):
            device.wait_for_subscriber("a/b", timeout_s=0.01)
    replayed = replay(device.events())
    assert replayed.is_same, (replayed.was, replayed.now)
    assert device.links() == []
    with pytest.raises(quecsim.QuecsimError, match="closed"):
        device.publish("a/b", b"")


def test_a_real_servers_link_is_killed_for_it_too() -> None:
    """The server sees a reset, and the record needs no server to be run again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_S)
        route = f"broker.example:1883=127.0.0.1:{listener.getsockname()[1]}"
        with (
            quecsim.open("ec200u", routes=[route]) as device,
            serial.Serial(device.port, 115_200, timeout=PATIENCE_S) as port,
        ):
            port.write(b'AT+QMTOPEN=0,"broker.example",1883\r')
            server, _ = listener.accept()
            with server:
                server.settimeout(PATIENCE_S)
                assert port.read_until(b"+QMTOPEN: 0,0\r\n").endswith(b"0,0\r\n")
                device.kill_link(1)
                with pytest.raises(ConnectionResetError):
                    server.recv(1)
                assert port.read_until(b"+QMTSTAT: 0,1\r\n").endswith(b"0,1\r\n")
    assert replay(device.events()).is_same
