"""What a device's servers were asked and given, in virtual time."""

from collections.abc import Iterator

import pytest
import serial

import quecsim
from quecsim.errors import QuecsimError
from quecsim.virtual.device import VirtualDevice
from tests.peers.bench import SERVICE

WEB = {"host": "web.example", "port": 80, "kind": "http", "http": {"post": "store"}}
FTP = {"host": "files.example", "port": 21, "kind": "ftp", "ftp": {"files": {"/a": {"text": "x"}}}}


@pytest.fixture
def device() -> Iterator[VirtualDevice]:
    with quecsim.open_virtual("ec200u", services=[WEB, FTP]) as opened:
        yield opened


def post(device: VirtualDevice, url: str, body: bytes) -> None:
    with serial.serial_for_url(device.url, 115_200, timeout=60) as port:

        def say(data: bytes, answer: bytes) -> None:
            port.write(data)
            assert port.read_until(answer).endswith(answer)

        say(b"ATE0\r", b"OK\r\n")
        say(b"AT+QHTTPURL=%d,10\r" % len(url), b"CONNECT\r\n")
        say(url.encode(), b"OK\r\n")
        say(b"AT+QHTTPPOST=%d,10,10\r" % len(body), b"CONNECT\r\n")
        say(body, b"OK\r\n")
        assert b"+QHTTPPOST: 0," in port.read_until(b",") + port.read_until(b",")


def test_what_was_asked_and_what_was_stored(device: VirtualDevice) -> None:
    assert device.requests() == []
    assert device.server_files("web.example") == {}
    post(device, "http://web.example/log?day=1", b"12.5")
    (asked,) = device.requests()
    assert (asked.host, asked.port, asked.method, asked.target) == (
        "web.example",
        80,
        "POST",
        "/log?day=1",
    )
    assert (asked.status, asked.body, asked.body_bytes) == (201, b"12.5", 4)
    assert ("host", "web.example") in asked.headers
    assert 0 < asked.at_ns < device.now_ns
    assert device.server_files("web.example:80") == {"/log": b"12.5"}
    assert device.server_files("FILES.example") == {"/a": b"x"}
    assert device.requests("web.example:80") == [asked]


def test_which_server_is_meant(device: VirtualDevice) -> None:
    with pytest.raises(QuecsimError, match=r"which server\?"):
        device.server_files()
    with pytest.raises(QuecsimError, match="there is no HTTP or FTP server other"):
        device.server_files("other")
    with pytest.raises(QuecsimError, match=r"there is no HTTP server files\.example"):
        device.requests("files.example")


def test_a_device_without_such_servers() -> None:
    with quecsim.open_virtual("ec200u", services=[SERVICE]) as device:
        with pytest.raises(QuecsimError, match="has no HTTP server in process"):
            device.requests()
        with pytest.raises(QuecsimError, match="has no HTTP or FTP server in process"):
            device.server_files()
