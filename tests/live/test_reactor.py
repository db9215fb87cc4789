"""Many devices in one process are turned by one thread, which comes and goes with them."""

import os
import resource
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
import serial

import quecsim

pytestmark = pytest.mark.pty
READ_TIMEOUT_S = 60.0
FD_SETSIZE = 1024


def ask(port: str) -> bytes:
    with serial.Serial(port, 115_200, timeout=READ_TIMEOUT_S) as host:
        host.write(b"AT\r")
        return bytes(host.read_until(b"OK\r\n"))


def threads() -> int:
    return sum(thread.name == "quecsim" for thread in threading.enumerate())


def test_all_devices_share_a_thread_that_ends_with_the_last() -> None:
    with ExitStack() as stack:
        devices = [stack.enter_context(quecsim.open("ec200u")) for _ in range(5)]
        assert threads() == 1
        assert [ask(device.port) for device in devices] == [b"AT\r\r\nOK\r\n"] * 5
        devices[2].close()
        assert ask(devices[3].port) == b"AT\r\r\nOK\r\n"
    with quecsim.open("ec200u") as device:
        assert ask(device.port) == b"AT\r\r\nOK\r\n"


@pytest.mark.parametrize("ctl", [False, True])
def test_descriptors_beyond_what_select_knows(ctl: bool) -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < FD_SETSIZE + 100:
        pytest.skip("this machine has no such descriptors")
    with ExitStack() as stack:
        for _ in range(FD_SETSIZE):
            stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        device = stack.enter_context(quecsim.open("ec200u", ctl=ctl))
        with Path(device.port).open("r+b", buffering=0) as host:
            assert host.fileno() >= FD_SETSIZE
            host.write(b"AT\r")
            device.wait_for("Result", since="start", timeout_s=READ_TIMEOUT_S)


def test_one_that_fails_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with quecsim.open("ec200u") as well:
        ill = quecsim.open("ec200u")

        def broken(now_ns: int) -> None:
            raise AssertionError("bytes vanished")

        monkeypatch.setattr(ill._simulator.rig, "advance", broken)
        with serial.Serial(ill.port) as host:
            host.write(b"AT\r")
            with pytest.raises(AssertionError, match="bytes vanished"):
                ill.wait_for("Result", timeout_s=READ_TIMEOUT_S)
        with pytest.raises(AssertionError, match="bytes vanished"):
            ill.close()
        assert ask(well.port) == b"AT\r\r\nOK\r\n"


def test_a_forked_process_has_devices_of_its_own() -> None:
    with quecsim.open("ec200u") as device:
        child = os.fork()
        if child == 0:
            with quecsim.open("ec200u") as own:
                os._exit(0 if ask(own.port) == b"AT\r\r\nOK\r\n" else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert ask(device.port) == b"AT\r\r\nOK\r\n"
