"""asyncio in virtual time: its own loops, pyserial-asyncio and its fork."""

import asyncio
import select
import socket
import threading
import time
from types import ModuleType
from typing import Any

import pytest
import serial
import serial_asyncio
import serial_asyncio_fast

import quecsim
from quecsim.trace.event import HostBytes
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.virtual_time import virtual_time

DATA = bytes(range(256)) * 20
STREAMS = pytest.mark.parametrize("streams", [serial_asyncio, serial_asyncio_fast])


async def upload(streams: ModuleType, url: str, data: bytes, *, ack: bool = True) -> bytes:
    """An uploader as people write it with streams."""
    reader, writer = await streams.open_serial_connection(url=url, baudrate=115200)
    try:
        writer.write(f'AT+QFUPL="UFS:a",{len(data)},5,{int(ack)}\r'.encode())
        await reader.readuntil(b"CONNECT\r\n")
        for start in range(0, len(data), 1024):
            if ack and start:
                assert await reader.readexactly(1) == b"A"
            writer.write(data[start : start + 1024])
            await writer.drain()
        answer: bytes = await asyncio.wait_for(reader.readuntil(b"OK\r\n"), 30)
        return answer
    finally:
        writer.close()


@STREAMS
def test_an_uploader_with_streams_works_as_it_is(streams: ModuleType) -> None:
    with quecsim.open_virtual("ec200u") as device:
        begin = time.monotonic()
        answer = asyncio.run(upload(streams, device.url, DATA))
        assert b"+QFUPL: 5120," in answer
        assert device.read_file("UFS:a") == DATA
        assert 0.44 < time.monotonic() - begin < 0.7, "5120 bytes are 0.44 s of line"


def test_each_run_is_the_same_to_the_nanosecond() -> None:
    def record() -> list[Any]:
        with quecsim.open_virtual("ec200u", scenario="thread-57329") as device:
            asyncio.run(upload(serial_asyncio, device.url, DATA))
        return list(device.events())

    first = record()
    assert [event for event in first if isinstance(event, HostBytes)]
    assert first == record()


def test_a_loss_shows_as_with_any_other_host() -> None:
    with quecsim.open_virtual("ec200u", scenario="thread-57329") as device:
        with pytest.raises(TimeoutError):
            asyncio.run(upload(serial_asyncio, device.url, DATA, ack=False))
        assert device.report().counters.lost_by_cause["ring"] > 0


def test_a_held_line_holds_the_writer_and_no_byte_is_lost() -> None:
    async def run(url: str) -> None:
        reader, writer = await serial_asyncio.open_serial_connection(
            url=url, baudrate=115200, rtscts=True
        )
        writer.write(b"AT+IFC=2,2\r")
        await reader.readuntil(b"OK\r\n")
        writer.write(b'AT+QFUPL="UFS:a",40000\r')
        await reader.readuntil(b"CONNECT\r\n")
        writer.write(bytes(40_000))
        await reader.readuntil(b"OK\r\n")
        writer.close()

    with quecsim.open_virtual("ec200u", scenario="thread-57329", flow="auto") as device:
        asyncio.run(run(device.url))
        assert device.read_file("UFS:a") == bytes(40_000)
        assert device.report().held_ns > 0


def test_time_costs_nothing_and_goes_in_order() -> None:
    order: list[str] = []

    async def later(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        order.append(name)

    async def run() -> None:
        await asyncio.gather(later("b", 3600), later("a", 60), later("c", 3600.001))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 1000)

    with virtual_time() as clock:
        asyncio.run(run())
        assert order == ["a", "b", "c"]
        assert 4600 < clock.now_ns / 1e9 < 4601


def test_two_devices_at_once() -> None:
    async def run(urls: list[str]) -> None:
        await asyncio.gather(*(upload(serial_asyncio, url, DATA) for url in urls))

    with quecsim.open_virtual("ec200u") as one, quecsim.open_virtual("ec200s") as other:
        asyncio.run(run([one.url, other.url]))
        assert one.read_file("UFS:a") == other.read_file("UFS:a") == DATA
        assert time.monotonic() < 100_001, "they did it side by side"


def test_a_thread_of_an_executor_wakes_the_loop() -> None:
    async def run(url: str) -> bytes:
        def blocking() -> bytes:
            with serial.serial_for_url(url, 115200, timeout=5) as port:
                port.write(b"ATE0\r")
                return bytes(port.read_until(b"OK\r\n"))

        ticks = asyncio.create_task(asyncio.sleep(1000))
        answer = await asyncio.get_running_loop().run_in_executor(None, blocking)
        assert not ticks.done()
        ticks.cancel()
        return answer

    with quecsim.open_virtual("ec200u") as device:
        assert asyncio.run(run(device.url)).endswith(b"OK\r\n")


def test_a_loop_from_before_keeps_its_ports_from_run_to_run() -> None:
    """As pytest-asyncio does it: made outside, and fixture and test are runs of their own."""
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(asyncio.sleep(0, "real")) == "real"
    with quecsim.open_virtual("ec200u") as device:
        opening = serial_asyncio.open_serial_connection(url=device.url, baudrate=115200)
        reader, writer = loop.run_until_complete(opening)
        writer.write(b"AT\r")
        assert loop.run_until_complete(reader.readuntil(b"OK\r\n")) == b"AT\r\r\nOK\r\n"
        writer.close()  # outside of any task
        loop.run_until_complete(asyncio.sleep(0))
    begin = time.monotonic()
    loop.run_until_complete(asyncio.sleep(0.001))
    assert time.monotonic() - begin >= 0.001, "in real time it really sleeps"
    one, other = socket.socketpair()
    one.setblocking(False)
    other.send(b"x")
    assert loop.run_until_complete(loop.sock_recv(one, 1)) == b"x"
    one.close()
    other.close()
    loop.close()


def test_what_lives_in_real_time_is_refused_with_what_to_do() -> None:
    one, other = socket.socketpair()
    one.setblocking(False)

    async def receive() -> None:
        await asyncio.get_running_loop().sock_recv(one, 1)

    with virtual_time(), pytest.raises(RuntimeError, match="in pytest the fixture quecsim_device"):
        asyncio.run(receive())
    one.close()
    other.close()


def test_another_loop_is_refused_with_what_to_do() -> None:
    class Loop(asyncio.BaseEventLoop):
        pass

    loop = Loop()
    with virtual_time(), pytest.raises(RuntimeError, match="Loop does not run in virtual time"):
        loop.run_forever()
    loop.close()


def test_who_waits_for_ever_is_told() -> None:
    async def run() -> None:
        await asyncio.Event().wait()

    loop = asyncio.new_event_loop()
    with pytest.raises(HostHungError), virtual_time():
        loop.run_until_complete(run())
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def test_a_real_loop_in_another_thread_does_not_notice() -> None:
    took: list[float] = []

    def real() -> None:
        begin = time.monotonic()
        asyncio.run(asyncio.sleep(0.01))
        took.append(time.monotonic() - begin)

    thread = threading.Thread(target=real)
    ready = threading.Event()
    thread.start()
    with virtual_time():
        asyncio.run(asyncio.sleep(5))
        ready.set()
    thread.join()
    assert took[0] >= 0.01


def test_a_block_within_a_coroutine() -> None:
    """Its loop has been running in real time: what it had to do later is as far off as it was."""
    rang: list[float] = []

    async def run() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(500, lambda: rang.append(loop.time()))
        begin = time.monotonic()
        with quecsim.open_virtual("ec200u") as device:
            answer = await upload(serial_asyncio, device.url, DATA)
            assert b"+QFUPL: 5120," in answer
            before = time.monotonic()
            await asyncio.sleep(1000)
            assert 400 < rang[0] - before < 500
            late = loop.call_later(2000, rang.append, 0.0)
        assert late.when() - loop.time() < 2000, "not a machine's whole uptime"
        late.cancel()
        await asyncio.sleep(0.001)
        assert len(rang) == 1
        return time.monotonic() - begin

    assert asyncio.run(run()) < 60


def test_a_port_that_the_host_has_closed_is_never_ready() -> None:
    async def run(url: str) -> None:
        reader, writer = await serial_asyncio.open_serial_connection(url=url, baudrate=115200)
        loop = asyncio.get_running_loop()
        begin = loop.time()
        loop.call_later(1, writer.transport.serial.close)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(reader.read(1), 5)
        assert 5 <= loop.time() - begin < 5.1
        with pytest.raises(serial.PortNotOpenError):
            writer.transport.serial.fileno()
        writer.transport._has_reader = False  # as whoever closes it so has to
        writer.transport.serial.open()
        writer.close()

    with quecsim.open_virtual("ec200u") as device:
        asyncio.run(run(device.url))


@STREAMS
def test_who_reads_while_the_device_ends_is_told_why(streams: ModuleType) -> None:
    async def run(device: quecsim.VirtualDevice) -> None:
        reader, _writer = await streams.open_serial_connection(url=device.url)
        asyncio.get_running_loop().call_later(1, device.close)
        with pytest.raises(serial.SerialException, match="does not run any more"):
            await asyncio.wait_for(reader.read(1), 5)

    with quecsim.open_virtual("ec200u") as device:
        asyncio.run(run(device))


def test_who_waits_to_write_is_not_woken_for_each_byte() -> None:
    calls: list[int] = []

    async def run(url: str) -> None:
        loop = asyncio.get_running_loop()
        port = serial.serial_for_url(url, 115200, timeout=0, write_timeout=0)
        done = loop.create_future()
        left = bytearray(20_000)

        def write() -> None:
            del left[: port.write(bytes(left))]
            calls.append(len(left))
            if not left:
                loop.remove_writer(port)
                done.set_result(None)

        loop.add_writer(port, write)
        await done
        port.close()

    with quecsim.open_virtual("ec200u") as device:
        asyncio.run(run(device.url))
    assert len(calls) <= 1 + 20_000 // 256


def test_without_asyncio_there_is_still_no_descriptor() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url)
        with pytest.raises(OSError, match="no file descriptor"):
            select.select([port], [], [], 0)


def test_a_task_group_reads_urcs_while_it_uploads() -> None:
    async def run(url: str) -> list[bytes]:
        reader, writer = await serial_asyncio.open_serial_connection(url=url, baudrate=115200)
        lines: list[bytes] = []

        async def listen() -> None:
            while not lines or lines[-1] != b"OK\r\n":
                lines.append(await reader.readline())

        async with asyncio.TaskGroup() as group:
            group.create_task(listen())
            await asyncio.sleep(2)
            writer.write(b"ATI\r")
        writer.close()
        return lines

    with quecsim.open_virtual("ec200u") as device:
        device.inject("urc", text="+QIND: 1", at_ms=1000)
        lines = asyncio.run(run(device.url))
    assert lines.index(b"+QIND: 1\r\n") < lines.index(b"EC200U\r\n")
