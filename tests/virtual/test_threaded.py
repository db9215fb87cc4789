"""Hosts with a reader thread: serial.threaded, a client of its own, cancelling, foreign threads.

After pyserial's test_threaded.py and test_cancel.py, and the first of test.py's reads for ever.
"""

import queue
import threading
import time
from typing import Any

import pytest
import serial
import serial.threaded

import quecsim
from quecsim.units import ms, s, us
from tests.virtual.apart import run_apart


class Client:
    """What many hosts are: a thread that reads lines, and a queue."""

    def __init__(self, port: Any) -> None:
        self.port = port
        self.lines: queue.Queue[bytes] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        buffer = b""
        while self.port.is_open:
            buffer += self.port.read(self.port.in_waiting or 1)
            *lines, buffer = buffer.split(b"\r\n")
            for line in lines:
                self.lines.put(line)

    def ask(self, command: bytes) -> list[bytes]:
        self.port.write(command + b"\r")
        answer: list[bytes] = []
        while not answer or answer[-1] not in (b"OK", b"ERROR", b"CONNECT"):
            answer.append(self.lines.get(timeout=5))
        return answer


def upload_by_client(timeout: float | None) -> tuple[list[object], int]:
    data = bytes(range(256)) * 100
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=timeout)
        client = Client(port)
        seen: list[object] = [client.ask(b"ATE0"), client.ask(b"ATI")]
        seen.append(client.ask(b'AT+QFUPL="big",%d' % len(data)))
        port.write(data)
        seen.append([client.lines.get(timeout=60) for _ in range(4)])
        with pytest.raises(queue.Empty):
            client.lines.get(timeout=2)
        assert device.read_file("big") == data
        return seen, device.now_ns


@pytest.mark.parametrize("timeout", [0, 0.05, None])
def test_a_client_with_a_reader_thread(timeout: float | None) -> None:
    first, first_ns = upload_by_client(timeout)
    assert first[2] == [b"", b"CONNECT"]
    assert first_ns > s(2)
    assert (first, first_ns) == upload_by_client(timeout)  # to the nanosecond


def test_pyserials_reader_thread() -> None:
    lines: list[str] = []

    class Lines(serial.threaded.LineReader):  # type: ignore[misc]
        def handle_line(self, line: str) -> None:
            lines.append(line)

    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200)
        with serial.threaded.ReaderThread(port, Lines) as protocol:
            protocol.write_line("ATI")
            time.sleep(1)
        assert not port.is_open
        assert device.now_ns < s(2)
    assert [line for line in lines if line][1:3] == ["Quectel", "EC200U"]


def test_a_byte_comes_to_a_read_for_ever() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=None)
        timer = threading.Timer(1, port.write, [b"AT\r"])
        timer.start()
        assert port.read(1) == b"A"
        assert ms(1000) < device.now_ns < ms(1001)
        timer.join()


def test_cancel_read() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=60)
        threading.Timer(1, port.cancel_read).start()
        assert port.read(100) == b""
        assert s(1) <= device.now_ns < s(1) + ms(1)
        port.timeout = 0.1
        assert port.read(1) == b""
        assert device.now_ns > s(1) + ms(99)


def test_cancel_write() -> None:
    stall = quecsim.Stall(stall_ms=60_000, at_byte=1)
    with quecsim.open_virtual("ec200u", ifc=(2, 2), stalls=[stall]) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1, rtscts=True)
        port.write(b'AT+QFUPL="x",100000,60\r')
        port.read_until(b"CONNECT\r\n")
        before_ns = device.now_ns
        threading.Timer(2, port.cancel_write).start()
        assert 0 < port.write(b"x" * 100_000) < 100_000
        assert device.now_ns - before_ns < s(3)


def test_a_writer_that_waits_goes_on_as_soon_as_there_is_room() -> None:
    """A reader waits at the same port, and for longer."""
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=30)
        thread = threading.Thread(target=port.read, args=(1000,))
        thread.start()
        port.write(b"x" * 8193)
        assert device.now_ns == pytest.approx(4098 * 86_806, abs=us(200))
        port.flush()
        assert device.now_ns == pytest.approx(8193 * 86_806, rel=1e-3)
        port.cancel_read()
        thread.join()


def test_a_port_that_is_closed_ends_the_read() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=60)
        threading.Timer(1, port.close).start()
        assert port.read(100) == b""
        assert device.now_ns < s(2)


def test_the_end_of_the_device_ends_the_read() -> None:
    with quecsim.virtual_time():
        seen: list[object] = []

        def read() -> None:
            seen.append(port.read(100))
            try:
                port.read(1)
            except serial.SerialException as error:
                seen.append(str(error))

        with quecsim.open_virtual("ec200u") as device:
            port = serial.serial_for_url(device.url, 115200, timeout=60)
            thread = threading.Thread(target=read)
            thread.start()
            time.sleep(1)
        thread.join()
        assert device.now_ns < s(2)
    assert seen[0] == b""
    assert "does not run any more" in str(seen[1])


READS_ON = """
import threading, time
import serial, quecsim

def read():
    while True:
        try:
            port.read(1)
        except Exception:
            pass

with quecsim.virtual_time():
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, timeout=0.1)
        threading.Thread(target=read, daemon=True).start()
        time.sleep(1)
        if CLOSES:
            port.close()
        time.sleep(1)
        print(device.now_ns // 10**9)
    time.sleep(1)
print("left")
"""


@pytest.mark.parametrize("closes", [True, False])
def test_a_reader_that_takes_no_for_no_answer(closes: bool) -> None:
    assert run_apart(READS_ON.replace("CLOSES", str(closes))) == "2\nleft\n"


def test_two_devices_are_waited_for_at_once() -> None:
    with quecsim.open_virtual("ec200u") as one, quecsim.open_virtual("ec200u") as two:
        ports = [serial.serial_for_url(d.url, 115200, timeout=None) for d in (one, two)]
        seen: list[bytes] = []
        threads = [
            threading.Thread(target=lambda port=port: seen.append(port.read(9))) for port in ports
        ]
        for thread in threads:
            thread.start()
        for port in ports:
            time.sleep(1)
            port.write(b"AT\r")
        for thread in threads:
            thread.join()
        assert seen == [b"AT\r\r\nOK\r\n"] * 2
        assert s(2) < one.now_ns < s(2) + ms(100)


def test_a_thread_outside_of_the_virtual_time_is_told_so() -> None:
    port = serial.serial_for_url("quecsim://ec200u", 115200, timeout=1)
    failures: list[BaseException] = []

    def foreign() -> None:
        try:
            port.read(1)
        except serial.SerialException as error:
            failures.append(error)

    thread = threading.Thread(target=foreign)
    thread.start()
    thread.join(10)
    assert "quecsim.virtual_time" in str(failures[0])
    assert "quecsim.open" in str(failures[0])
