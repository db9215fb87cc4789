"""Ctrl-C at every line: runs a host again and again, and each time interrupts it one line later.

Run as a program: `python -m tests.virtual.interrupts HOST ROOM EVERY`, with the name of a function
below, the room in which the lines are counted, and the distance between two interruptions. It fails
where one of the runs leaves anything behind.
"""

import gc
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import serial

import quecsim
from quecsim.virtual.virtual_time import current_clock, virtual_time

_ROOT = Path(quecsim.__file__).parent
_REAL = time.sleep, time.monotonic, threading.Thread.join, threading.excepthook
_LONGEST_S = 10


def sleepers() -> None:
    """Threads that sleep, and a main thread that does."""
    with virtual_time():
        for step in (0.2, 0.3):
            threading.Thread(target=_sleep_on, args=(step,)).start()
        for _ in range(4):
            time.sleep(0.25)


def pipeline() -> None:
    """A worker between two queues, told to end and joined."""
    jobs: queue.Queue[int | None] = queue.Queue()
    done: queue.SimpleQueue[int] = queue.SimpleQueue()

    def work() -> None:
        while (job := jobs.get()) is not None:
            time.sleep(0.1)
            done.put(job * job)

    with virtual_time():
        jobs, done = queue.Queue(), queue.SimpleQueue()
        worker = threading.Thread(target=work)
        worker.start()
        try:
            for number in range(2):
                jobs.put(number)
                assert done.get(timeout=1) == number * number
        finally:
            jobs.put(None)
            worker.join()


def reader() -> None:
    """A port with a thread that reads it, in a device that is closed at the end."""
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.1)
        seen: list[bytes] = []
        thread = threading.Thread(target=_read_on, args=(port, seen))
        thread.start()
        try:
            port.write(b'AT+QFUPL="a",40,5\r')
            time.sleep(0.1)
            port.write(b"x" * 40)
            time.sleep(0.4)
        finally:
            port.close()
            thread.join()


def _sleep_on(step: float) -> None:
    while True:
        time.sleep(step)


def _read_on(port: Any, seen: list[bytes]) -> None:
    while port.is_open:
        try:
            seen.append(port.read(100))
        except serial.SerialException:
            return


def interrupted_at(count: int, host: Callable[[], None], room: str) -> str:
    """Run `host` with a Ctrl-C at the `count`-th line of `room`. Where that was, in words; empty
    where it has fewer lines.
    """
    left = count

    def trace_lines(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace_lines

    def trace_calls(frame: FrameType, _event: str, _argument: object) -> Any:
        code = frame.f_code
        if code.co_name == "__del__":  # Python prints what is raised there, and goes on
            return None
        return trace_lines if code.co_filename.startswith(room) else None

    sys.settrace(trace_calls)
    try:
        host()
    except KeyboardInterrupt:
        return traceback.format_exc()
    finally:
        sys.settrace(None)
    return "" if left > 0 else "it has been swallowed"


def check_nothing_is_left(threads: set[threading.Thread]) -> None:
    """This thread lives in real time, nothing is patched, and all threads have ended."""
    if current_clock() is not None:
        # Traced frames hold those above them, and exceptions hold frames: then the last reference
        # to the block goes with the collector.
        gc.collect()
    assert current_clock() is None
    assert (time.sleep, time.monotonic, threading.Thread.join, threading.excepthook) == _REAL
    for thread in set(threading.enumerate()) - threads:
        if thread.ident is None:  # interrupted before it was started: Python itself forgets it here
            continue
        thread.join(_LONGEST_S)
        assert not thread.is_alive(), thread
    with virtual_time() as clock:
        time.sleep(1)
        assert clock.now_ns == 10**9


def main(name: str, room: str, every: str) -> None:
    """Interrupt one line later, until there is no line left."""
    host, folder, count = globals()[name], str(_ROOT / room), 1
    threads = set(threading.enumerate())
    host()
    check_nothing_is_left(threads)
    place = "start"
    while place:
        try:
            place = interrupted_at(count, host, folder)
            check_nothing_is_left(threads)
        except BaseException:
            print(f"at line {count} of {host.__name__}: {place}", file=sys.stderr)
            raise
        count += int(every)
    print("nothing is left")


if __name__ == "__main__":
    main(*sys.argv[1:])
